// SPDX-License-Identifier: Apache-2.0
// Finds the knobs of a look by their gradients, from what the look made of a picture.
#include <cstdio>

#include "sfumato/torch.h"

int main() {
  torch::manual_seed(1);
  torch::set_num_threads(2);
  sfumato::Look look = sfumato::parse_look(
      R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": 0}, {"op": "saturation", "amount": 0}]})", "here");
  sfumato::set_knob(look, "exposure.stops=0.4");
  sfumato::set_knob(look, "saturation.amount=-0.3");
  const sfumato::DifferentiableLook render(look);
  const torch::Tensor photo = 0.8 * torch::rand({1, 3, 64, 96});
  const torch::Tensor edited = render(photo, render.presets());

  const sfumato::PictureLoss tones = sfumato::tone_loss();
  torch::Tensor knobs = torch::zeros_like(render.presets()).requires_grad_();
  torch::optim::Adam adam({knobs}, 0.02);
  for (int step = 0; step < 200; ++step) {
    adam.zero_grad();
    const torch::Tensor now = render(photo, knobs);
    const torch::Tensor loss = (now - edited).abs().mean() + 0.1 * tones(now, edited);
    loss.backward();
    adam.step();
  }
  const double worst = (knobs - render.presets()).abs().max().item<double>();
  std::printf("largest difference of a knob: %.4f\n", worst);
  return worst < 0.02 ? 0 : 1;
}
