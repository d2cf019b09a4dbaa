// SPDX-License-Identifier: Apache-2.0
#include "paint/patch_polish.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "measure/sliced_distance.h"
#include "net/engine.h"
#include "net/net_spec.h"

namespace sfumato {
namespace {

// A convolution with `kernels` [out, in, side, side], the picture continuing with zeros for `pad` pixels.
class Correlation {
 public:
  Correlation(int in, int out, int side, int pad) : in_(in) {
    Node conv;
    conv.name = "patches", conv.kind = NodeKind::conv, conv.inputs = {"planes"};
    conv.channels = out, conv.kernel = side, conv.pad = pad, conv.bias = false;
    spec_.name = "patches", spec_.inputs = {{"planes", in}}, spec_.nodes = {conv}, spec_.outputs = {"patches"};
    shape_ = {out, in, side, side};
  }
  Planes run(const Planes& planes, std::vector<float> kernels, int threads) const {
    TensorFile weights;
    weights.tensors["patches.weight"] = {shape_, std::move(kernels)};
    const std::size_t count = planes[0].values.size();
    std::vector<float> values(count * in_);
    for (int c = 0; c < in_; ++c) std::copy_n(planes[c].values.data(), count, &values[c * count]);
    NetEngine engine(spec_, weights, input_shapes(spec_, planes[0].height, planes[0].width),
                     {.threads = threads, .exact = true});
    const Shape s = engine.output_shapes()[0];
    std::vector<float> out(static_cast<std::size_t>(s.count()));
    const float* from[] = {values.data()};
    float* to[] = {out.data()};
    engine.run(from, to);
    Planes all(static_cast<std::size_t>(s.c), Plane(static_cast<int>(s.w), static_cast<int>(s.h)));
    for (std::size_t c = 0; c < all.size(); ++c)
      std::copy_n(&out[c * all[c].values.size()], all[c].values.size(), all[c].values.data());
    return all;
  }

 private:
  int in_;
  NetSpec spec_;
  std::vector<std::int64_t> shape_;
};

// Cumulative counts of values in equal bins between `low` and `high`.
struct Ranks {
  static constexpr int bins = 2048;
  float low, high;
  std::vector<double> below;  // share of the values below each bin's start; bins + 1

  Ranks(const std::vector<float>& values, float from, float to) : low(from), high(to), below(bins + 1) {
    for (const float v : values) ++below[std::min(static_cast<int>(bin(v)), bins - 1) + 1];
    for (int i = 0; i < bins; ++i) below[i + 1] += below[i];
    for (double& b : below) b /= static_cast<double>(values.size());
  }
  float bin(float v) const { return (v - low) / (high - low) * bins; }
  // What has the rank that bin starts of `o` have here.
  std::vector<float> of_ranks(const Ranks& o) const {
    std::vector<float> at(bins + 1);
    int i = 0;
    for (int b = 0; b <= bins; ++b) {
      while (i < bins && below[i + 1] < o.below[b]) ++i;
      const double span = i < bins ? below[i + 1] - below[i] : 0;
      const double part = span > 0 ? std::clamp((o.below[b] - below[i]) / span, 0.0, 1.0) : 0;
      at[b] = low + (high - low) * (static_cast<float>(i) + static_cast<float>(part)) / bins;
    }
    return at;
  }
};

// Each value becomes how far it is from the style's value of the same rank.
void to_displacements(Plane& values, const Plane& style) {
  const auto [a, b] = std::minmax_element(values.values.begin(), values.values.end());
  const auto [c, d] = std::minmax_element(style.values.begin(), style.values.end());
  const float low = std::min(*a, *c), high = std::max({*b, *d, low + 1e-6f});
  const Ranks here(values.values, low, high), there(style.values, low, high);
  const std::vector<float> to = there.of_ranks(here);
  for (float& v : values.values) {
    const float at = here.bin(v);
    const int i = std::min(static_cast<int>(at), Ranks::bins - 1);
    v = to[i] + (to[i + 1] - to[i]) * (at - static_cast<float>(i)) - v;
  }
}

// [out][in][y][x] as [in][out], turned by 180 degrees: the transpose of the correlation.
std::vector<float> transposed(const std::vector<float>& kernels, int out, int in, int area) {
  std::vector<float> t(kernels.size());
  for (int o = 0; o < out; ++o)
    for (int i = 0; i < in; ++i)
      for (int p = 0; p < area; ++p) t[(i * out + o) * area + area - 1 - p] = kernels[(o * in + i) * area + p];
  return t;
}

// The principal axes of the style's colors: along them a gray style leaves a picture gray.
Eigen::Matrix3d color_axes(const Planes& style) {
  Eigen::Matrix3d squares = Eigen::Matrix3d::Zero();
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (std::size_t i = 0; i < style[0].values.size(); ++i) {
    const Eigen::Vector3d c(style[0].values[i], style[1].values[i], style[2].values[i]);
    sum += c, squares += c * c.transpose();
  }
  const double n = static_cast<double>(style[0].values.size());
  return Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(squares / n - sum * sum.transpose() / (n * n)).eigenvectors();
}

// Unit patches, each of one color.
std::vector<float> directions(const PolishOptions& o, const Eigen::Matrix3d& axes, int number) {
  const int area = o.side * o.side;
  const std::vector<float> shapes = random_directions(o.directions, area, o.seed + static_cast<std::uint32_t>(number));
  std::vector<float> all;
  for (int d = 0; d < o.directions; ++d)
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < area; ++i) all.push_back(static_cast<float>(axes(c, d % 3)) * shapes[d * area + i]);
  return all;
}

// One step at one scale.
void step(Planes& picture, const Planes& style, const PolishOptions& o, int number, int threads) {
  const int area = o.side * o.side, values = 3 * area;
  const std::vector<float> kernels = directions(o, color_axes(style), number);
  const Correlation forward(3, o.directions, o.side, 0), back(o.directions, 3, o.side, o.side - 1);
  Planes ours = forward.run(picture, kernels, threads), theirs = forward.run(style, kernels, threads);
  parallel_for(o.directions, threads, [&](int d) { to_displacements(ours[d], theirs[d]); });
  const Planes moves = back.run(ours, transposed(kernels, o.directions, 3, area), threads);
  // The directions are 1 / directions of an orthonormal basis in the mean, and each pixel has `area` patches.
  const float rate = o.rate * static_cast<float>(values) / static_cast<float>(o.directions * area);
  for (std::size_t c = 0; c < picture.size(); ++c)
    for (std::size_t i = 0; i < moves[c].values.size(); ++i) picture[c].values[i] += rate * moves[c].values[i];
}

Planes halves(const Planes& p) {
  Planes half;
  for (const Plane& c : p) half.push_back(halved(c));
  return half;
}

Planes polished(const Planes& picture, const Planes& style, const PolishOptions& o, int scale, int threads) {
  Planes out = picture;
  if (std::min({picture[0].width, picture[0].height, style[0].width, style[0].height}) < 4 * o.side) return out;
  if (scale + 1 < o.scales) {
    const Planes half = halves(picture), better = polished(half, halves(style), o, scale + 1, threads);
    for (std::size_t c = 0; c < out.size(); ++c) {
      Plane change = better[c];
      for (std::size_t i = 0; i < change.values.size(); ++i) change.values[i] -= half[c].values[i];
      change = doubled(change, out[c].width, out[c].height);
      for (std::size_t i = 0; i < change.values.size(); ++i) out[c].values[i] += change.values[i];
    }
  }
  for (int i = 0; i < o.steps; ++i) step(out, style, o, i + o.steps * scale, threads);
  return out;
}

}  // namespace

Planes polished(const Planes& picture, const Planes& style, const PolishOptions& o, int threads) {
  return polished(picture, style, o, 0, threads);
}

}  // namespace sfumato
