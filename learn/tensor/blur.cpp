// SPDX-License-Identifier: Apache-2.0
#include "tensor/blur.h"

#include "filters/width_scale.h"

namespace sfumato {
namespace {

// Numbers first.. of samples, each a weighting of the n input samples.
struct Weightings {
  int first;
  torch::Tensor rows;  // [count, n]

  torch::Tensor of(int from, int count) const { return rows.narrow(0, from - first, count); }
};

// The input, extended by its ends.
Weightings extended(int first, int last, int n) {
  const auto at = torch::arange(first, last + 1).clamp(0, n - 1);
  return {first, torch::one_hot(at, n).to(torch::kDouble)};
}

// Cells first..last of an octave; each octave sees two more cells of the finer one on either side.
Weightings cells(int octave, int first, int last, int n) {
  if (octave == 0) return extended(first, last, n);
  const Weightings fine = cells(octave - 1, 2 * first - 1, 2 * last + 2, n);
  const double share[4]{0.125, 0.375, 0.375, 0.125};
  torch::Tensor sum;
  for (int t = 0; t < 4; ++t) {
    const auto part = fine.rows.slice(0, t, t + 2 * (last - first) + 1, 2) * share[t];
    sum = t == 0 ? part : sum + part;
  }
  return {first, sum};
}

// What a level does along one axis of n samples.
torch::Tensor axis(const Level& level, int n) {
  const int radius = level.radius();
  if (level.octave == 0) {
    const Weightings in = extended(-radius, n - 1 + radius, n);
    auto sum = torch::zeros({n, n}, torch::kDouble);
    for (int t = 0; t <= 2 * radius; ++t) sum += in.of(t - radius, n) * level.taps[t];
    return sum;
  }
  const Magnifier m(level.octave);
  const int first = m.first_cell(0), last = m.first_cell(n - 1) + 3, count = last - first + 1;
  const Weightings in = cells(level.octave, first - radius, last + radius, n);
  auto blurred = torch::zeros({count, n}, torch::kDouble);
  for (int t = 0; t <= 2 * radius; ++t) blurred += in.of(first + t - radius, count) * level.taps[t];
  auto magnify = torch::zeros({n, count}, torch::kDouble);
  auto share = magnify.accessor<double, 2>();
  for (int i = 0; i < n; ++i)
    for (int t = 0; t < 4; ++t) share[i][m.first_cell(i) + t - first] += m.share[t][m.phase(i)];
  return magnify.matmul(blurred);
}

}  // namespace

const std::vector<torch::Tensor>& AxisCache::get(int n, float sigma_low, float sigma_high,
                                                 torch::TensorOptions options) {
  constexpr std::size_t most = 512;
  const Key key{n, sigma_low, sigma_high, torch::typeMetaToScalarType(options.dtype())};
  if (const auto known = axes_.find(key); known != axes_.end()) return known->second;
  if (axes_.size() >= most) axes_.clear();
  std::vector<torch::Tensor>& made = axes_[key];
  const Levels levels(sigma_low, sigma_high);
  for (int j = levels.used().first; j <= levels.used().last; ++j) made.push_back(axis(levels[j], n).to(options));
  return made;
}

TensorBlur::TensorBlur(int width, int height, float sigma_low, float sigma_high, torch::TensorOptions options,
                       AxisCache& axes)
    : levels_(sigma_low, sigma_high),
      across_(axes.get(width, sigma_low, sigma_high, options)),
      down_(axes.get(height, sigma_low, sigma_high, options)) {}

torch::Tensor TensorBlur::operator()(const torch::Tensor& picture, const Ten& sigma) const {
  auto level = [&](std::size_t i) { return down_[i].matmul(picture).matmul(across_[i].t()); };
  if (levels_.is_single()) return level(0);
  const Ten place = place_of(sigma, levels_.scale());
  torch::Tensor sum;
  for (std::size_t i = 0; i < across_.size(); ++i) {
    const int j = levels_.used().first + static_cast<int>(i);
    const torch::Tensor share = share_of(place, levels_.share(j)).tensor();
    const torch::Tensor part = level(i) * (share.dim() > 2 ? share.unsqueeze(1) : share);
    sum = i == 0 ? part : sum + part;
  }
  return sum;
}

}  // namespace sfumato
