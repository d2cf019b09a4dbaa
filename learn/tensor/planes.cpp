// SPDX-License-Identifier: Apache-2.0
#include "tensor/planes.h"

namespace sfumato {

torch::Tensor tensor_of(const Planes& planes, torch::Device device) {
  std::vector<torch::Tensor> channels;
  for (const Plane& p : planes)
    channels.push_back(torch::from_blob(const_cast<float*>(p.values.data()), {p.height, p.width}, torch::kFloat));
  return torch::stack(channels).unsqueeze(0).to(device);
}

Planes planes_of(const torch::Tensor& picture) {
  const torch::Tensor host = picture.detach().to(torch::kCPU, torch::kFloat).contiguous();
  const int width = static_cast<int>(host.size(3)), height = static_cast<int>(host.size(2));
  const float* from = host.data_ptr<float>();
  const std::size_t count = static_cast<std::size_t>(width) * height;
  Planes planes;
  for (int c = 0; c < 3; ++c, from += count) {
    planes.emplace_back(width, height);
    std::copy_n(from, count, planes.back().values.begin());
  }
  return planes;
}

}  // namespace sfumato
