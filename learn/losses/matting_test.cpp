// SPDX-License-Identifier: Apache-2.0
#include "losses/matting.h"

#include <gtest/gtest.h>

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <fstream>

#include "given.h"
#include "python.h"

namespace sfumato {
namespace {

constexpr int height = 6, width = 7;

torch::Tensor noise(std::uint64_t seed, int channels = 3) {
  auto random = at::detail::createCPUGenerator(seed);
  return torch::rand({1, channels, height, width}, random, torch::kDouble);
}

double sum_of_products(const torch::Tensor& a, const torch::Tensor& b) { return (a * b).sum().item<double>(); }

class Matting : public FolderTest {};

// The matrix, entry by entry as [Levin2008] eq. 12 says.
constexpr const char* dense = R"(
import sys
import numpy as np
h, w, eps = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
I = np.fromfile("photo").reshape(3, h, w)
V = np.fromfile("picture").reshape(-1, h * w)
L = np.zeros((h * w, h * w))
for y in range(1, h - 1):
    for x in range(1, w - 1):
        window = [(y + j) * w + x + i for j in (-1, 0, 1) for i in (-1, 0, 1)]
        c = I.reshape(3, -1)[:, window]
        mean = c.mean(1, keepdims=True)
        sigma = (c - mean) @ (c - mean).T / 9 + eps / 9 * np.eye(3)
        for a in range(9):
            for b in range(9):
                near = (c[:, a] - mean[:, 0]) @ np.linalg.solve(sigma, c[:, b] - mean[:, 0])
                L[window[a], window[b]] += (a == b) - (1 + near) / 9
print(*(V @ L).ravel())
)";

TEST_F(Matting, EqualsTheMatrixOfTheEquation) {
  if (!python_has("numpy")) GTEST_SKIP() << "the system's Python has no numpy";
  const torch::Tensor photo = noise(1), picture = noise(2, 2);
  const auto write = [&](const char* name, const torch::Tensor& t) {
    spill(folder / name, std::string(static_cast<const char*>(t.data_ptr()), t.nbytes()));
  };
  write("photo", photo), write("picture", picture);
  for (const double epsilon : {1e-7, 1e-2}) {
    ASSERT_TRUE(run_python(folder.string(), dense, fmt::format("{} {} {} > product", height, width, epsilon)));
    const torch::Tensor ours = MattingLaplacian(photo, epsilon).times(picture).flatten();
    std::ifstream in(folder / "product");
    std::int64_t i = 0;
    for (double v; in >> v; ++i) ASSERT_NEAR(ours[i].item<double>(), v, 1e-9) << i;
    EXPECT_EQ(i, ours.numel());
  }
}

TEST_F(Matting, IsSymmetricAndNeverNegative) {
  const MattingLaplacian laplacian(noise(1));
  for (std::uint64_t seed = 10; seed < 20; ++seed) {
    const torch::Tensor u = noise(seed, 1), v = noise(seed + 100, 1);
    EXPECT_NEAR(sum_of_products(u, laplacian.times(v)), sum_of_products(v, laplacian.times(u)), 1e-10);
    EXPECT_GE(laplacian.energy(u).item<double>(), 0);
  }
}

// Also where a photo is flat and its covariance is nothing.
TEST_F(Matting, CostsNothingWhereColorsAreAnAffineMapOfThePhotos) {
  torch::Tensor photo = noise(3);
  photo.slice(3, 0, 4) = 0.25;
  const torch::Tensor map = torch::tensor({{0.5, 0.2, -0.1}, {0.0, 0.9, 0.3}, {0.4, -0.6, 1.2}}, torch::kDouble);
  const torch::Tensor mapped = torch::einsum("ij,bjhw->bihw", {map, photo}) + 0.3;
  const MattingLaplacian laplacian(photo);
  EXPECT_LT(laplacian.times(torch::ones_like(photo)).abs().max().item<double>(), 1e-12);
  EXPECT_LT(laplacian.energy(mapped).item<double>(), 1e-5);
  EXPECT_GT(laplacian.energy(mapped + 0.1 * noise(4)).item<double>(), 0.01);
}

TEST_F(Matting, HasTheGradientOfItsEnergy) {
  const MattingLaplacian laplacian(noise(1), 1e-3);
  torch::Tensor picture = noise(5).requires_grad_(true);
  const torch::Tensor energy = laplacian.energy(picture);
  energy.backward();
  const torch::Tensor step = noise(6) - 0.5;
  torch::NoGradGuard no_grad;
  constexpr double h = 1e-4;
  const double slope =
      (laplacian.energy(picture + h * step) - laplacian.energy(picture - h * step)).item<double>() / (2 * h);
  EXPECT_NEAR(sum_of_products(picture.grad(), step), slope, 1e-6 * std::abs(slope) + 1e-9);
  EXPECT_NEAR(energy.item<double>(), sum_of_products(picture, laplacian.times(picture)), 1e-12);
}

}  // namespace
}  // namespace sfumato
