// SPDX-License-Identifier: Apache-2.0
// What holds for every operation on the tensor lane: the renderer's colors, and gradients that are true.
#include "tensor/tensor_look.h"

#include <gtest/gtest.h>

#include <random>

#include "color/transfer.h"
#include "curved_table.h"
#include "look/values.h"
#include "render/engine.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

Look look_of(const OpInfo& op, float share) {
  Look look;
  LookStep step = initial_step(op);
  int i = 0;
  for (const Knob& k : op.knobs)
    for (int j = 0; j < k.count; ++j) {
      const float end = share > 0 ? k.max : k.min;
      step.values[i++] = KnobValue::fixed(k.neutral + (end - k.neutral) * std::abs(share) * (1.0f - 0.07f * (j % 5)));
    }
  if (op.card.resource) step.table = curved_table();
  look.steps.push_back(step);
  return look;
}

// Colors of ordinary pictures and somewhat beyond, smooth enough to have gradients nearly everywhere.
torch::Tensor picture(int width, int height, torch::Dtype type) {
  torch::manual_seed(4);
  return (torch::rand({1, 3, height, width}, torch::kDouble) * 1.1 - 0.05).to(type);
}

class EveryOpOnTensors : public testing::TestWithParam<int> {
 protected:
  const OpInfo& op() const { return catalog()[GetParam()]; }
};

// The plain lane: the others are held to it by tests/every_op_test.cpp.
TEST_P(EveryOpOnTensors, GivesTheColorsOfTheRenderer) {
  const int width = 97, height = 64;
  const torch::Tensor in = picture(width, height, torch::kFloat);
  Picture before(width, height, Sample::f32), after(width, height, Sample::f32);
  std::memcpy(before.samples<float>(), in[0].permute({1, 2, 0}).contiguous().data_ptr<float>(), before.bytes().size());
  for (float share : {0.4f, -0.3f, 0.9f}) {
    const Look look = look_of(op(), share);
    const Plan plan(look);
    if (plan.is_identity()) continue;
    Engine engine(plan, width, height, false, Isa::plain);
    const View all = std::as_const(before).view();
    engine.prepare([&](int y0, int y1, const Engine::Use& use) { use(all.rows(y0, y1)); }, 1);
    engine.render_band(all, 0, height, after.view());
    const TensorLook tensor(look);
    torch::Tensor got = tensor(TensorPixels::whole(in), tensor.presets());
    got = got[0].permute({1, 2, 0}).contiguous();
    const torch::Tensor want = torch::from_blob(after.samples<float>(), {height, width, 3}, torch::kFloat);
    // In linear light: the curve's slope of 12.92 at black would magnify rounding.
    auto linear = [](const torch::Tensor& v) { return srgb_decode(Ten(v)).t; };
    const torch::Tensor error = (linear(got) - linear(want)).abs() / linear(want).abs().amax(2, true).clamp_min(1.0f);
    EXPECT_LT(error.max().item<float>(), 1e-5f) << op().card.id << " at " << share;
  }
}

TEST_P(EveryOpOnTensors, TakesAKnobPerPictureAndPerPixel) {
  const torch::Tensor one = picture(24, 16, torch::kDouble), in = torch::cat({one, one.flip(3), one * 0.7});
  const TensorLook look(look_of(op(), 0.4f));
  const torch::Tensor knobs = look.presets().to(torch::kDouble);
  const torch::Tensor together = look(TensorPixels::whole(in), knobs.expand({3, -1}));
  for (int b = 0; b < 3; ++b) {
    const torch::Tensor alone = look(TensorPixels::whole(in.narrow(0, b, 1)), knobs);
    EXPECT_LT((together[b] - alone[0]).abs().max().item<double>(), 1e-12);
  }
  if (op().is_canvas) return;
  const torch::Tensor maps = knobs.view({1, -1, 1, 1}).expand({3, -1, 16, 24}).contiguous();
  EXPECT_LT((look(TensorPixels::whole(in), maps) - together).abs().max().item<double>(), 1e-12);
}

TEST_P(EveryOpOnTensors, GivesChosenPixelsTheColorsOfTheWholePicture) {
  if (op().is_canvas) return;
  const torch::Tensor in = picture(24, 16, torch::kDouble);
  const TensorLook look(look_of(op(), 0.4f));
  const torch::Tensor knobs = look.presets().to(torch::kDouble), all = look(TensorPixels::whole(in), knobs);
  const auto x = torch::tensor({{0.0, 23.0, 7.0}}, torch::kDouble),
             y = torch::tensor({{0.0, 3.0, 15.0}}, torch::kDouble);
  const auto at = (y * 24 + x).to(torch::kLong)[0];
  const auto width = torch::full({1, 1}, 24.0, torch::kDouble), height = torch::full({1, 1}, 16.0, torch::kDouble);
  const auto some = look(TensorPixels::some(in.flatten(2).index_select(2, at), x, y, width, height), knobs);
  EXPECT_LT((some - all.flatten(2).index_select(2, at)).abs().max().item<double>(), 1e-12);
}

// Central differences of a weighted sum of the output, at points where it is smooth, in double.
TEST_P(EveryOpOnTensors, HasTheGradientsOfFiniteDifferences) {
  const TensorLook look(look_of(op(), 0.37f));
  torch::Tensor knobs = look.presets().to(torch::kDouble).requires_grad_(true);
  torch::Tensor in = picture(24, 16, torch::kDouble).requires_grad_(true);
  torch::manual_seed(9);
  const torch::Tensor weight = torch::randn({1, 3, 16, 24}, torch::kDouble);
  const float room = 1.5f;
  auto loss = [&](const torch::Tensor& p, const torch::Tensor& k) {
    return (look(TensorPixels::whole(p), k, room) * weight).sum();
  };
  loss(in, knobs).backward();
  ASSERT_TRUE(knobs.grad().defined());
  ASSERT_TRUE(knobs.grad().isfinite().all().item<bool>());
  ASSERT_TRUE(in.grad().isfinite().all().item<bool>());

  torch::NoGradGuard no_grad;
  auto check = [&](const torch::Tensor& variable, bool is_knob, int i, double h) {
    auto at = [&](double d) {
      torch::Tensor moved = variable.detach().clone();
      moved.view({-1})[i] += d;
      return is_knob ? loss(in, moved).item<double>() : loss(moved, knobs).item<double>();
    };
    const double slope = (at(h) - at(-h)) / (2 * h), half = (at(h / 2) - at(-h / 2)) / h;
    const double got = variable.grad().view({-1})[i].item<double>();
    // A kink between the samples shows as two different slopes.
    if (std::abs(slope - half) > 1e-4 * std::max(1.0, std::abs(slope))) return 0;
    EXPECT_NEAR(got, half, 2e-4 * std::max(1.0, std::abs(half))) << (is_knob ? "knob " : "sample ") << i;
    return 1;
  };
  int knobs_checked = 0, samples_checked = 0, i = 0;
  for (const Knob& k : op().knobs)
    for (int j = 0; j < k.count; ++j, ++i) knobs_checked += check(knobs, true, i, 1e-5 * (k.max - k.min));
  for (int s = 0; s < in.numel(); s += 37) samples_checked += check(in, false, s, 1e-6);
  EXPECT_GE(knobs_checked, (i + 1) / 2);
  EXPECT_GE(samples_checked, in.numel() / 37 * 3 / 4);
}

INSTANTIATE_TEST_SUITE_P(Ops, EveryOpOnTensors, testing::Range(0, static_cast<int>(catalog().size())),
                         [](const auto& info) { return std::string(catalog()[info.param].card.id); });

}  // namespace
}  // namespace sfumato
