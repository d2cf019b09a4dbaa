// SPDX-License-Identifier: Apache-2.0
#include "pairs/usable.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "pairs/structure.h"

namespace sfumato {
namespace {

constexpr double least_residual = 0.06;  // encoded; what compression and grain do is below
constexpr double mads = 3.0, mad_to_sigma = 1.4826;
constexpr double stands_out = 2.0;       // times the threshold: somewhere in each patch
constexpr double smallest_patch = 1e-3;  // of the pixels
constexpr double most_retouched = 0.4;   // beyond, the edit is local as a whole

// Quadratic in color, with a level that bends smoothly over the picture (vignettes, gradients) and with tone.
constexpr int terms = 20;
Eigen::Matrix<double, terms, 1> basis(const float* p, double x, double y) {
  const double r = p[0], g = p[1], b = p[2], tone = (r + g + b) / 3;
  Eigen::Matrix<double, terms, 1> t;
  t << 1, r, g, b, r * r, g * g, b * b, r * g, r * b, g * b, x, y, x * x, x * y, y * y, x * tone, y * tone,
      x * x * tone, x * y * tone, y * y * tone;
  return t;
}

// What a smooth look does not explain, per channel: iteratively reweighted least squares.
class Residual {
 public:
  Residual(const Picture& before, const Picture& after, const std::vector<std::uint8_t>& mask)
      : before_(before), after_(after), mask_(mask) {
    coefficients_.setZero();
    double scale = 1;
    for (int i = 0; i < 5; ++i) scale = fit(scale, i == 0);
  }

  // Zero beyond an end where the picture was clipped.
  Eigen::Vector3d at(std::size_t i) const {
    const float* q = after_.samples<float>() + 3 * i;
    Eigen::Vector3d rest = coefficients_.transpose() * basis_at(i);
    for (int c = 0; c < 3; ++c) rest[c] = missing<double>(q[c], rest[c]);
    return rest;
  }

 private:
  Eigen::Matrix<double, terms, 1> basis_at(std::size_t i) const {
    const int w = before_.width();
    return basis(before_.samples<float>() + 3 * i, 2.0 * static_cast<double>(i % w) / w - 1,
                 2.0 * static_cast<double>(i / w) / before_.height() - 1);
  }

  // Returns the robust spread of the residuals.
  double fit(double scale, bool is_first) {
    constexpr std::size_t samples = 20000;
    const std::size_t step = std::max<std::size_t>(1, mask_.size() / samples);
    Eigen::Matrix<double, terms, terms> normal = Eigen::Matrix<double, terms, terms>::Identity() * 1e-4;
    Eigen::Matrix<double, terms, 3> right = Eigen::Matrix<double, terms, 3>::Zero();
    std::vector<double> sizes;
    for (std::size_t i = 0; i < mask_.size(); i += step) {
      if (!mask_[i]) continue;
      const Eigen::Vector3d rest = at(i);
      const double relative = is_first ? 0 : rest.norm() / (4 * scale), weight = 1 / (1 + relative * relative);
      const auto t = basis_at(i);
      normal.selfadjointView<Eigen::Lower>().rankUpdate(t, weight);
      right += weight * t * (rest + coefficients_.transpose() * t).transpose();
    }
    normal = normal.selfadjointView<Eigen::Lower>();
    coefficients_ = normal.ldlt().solve(right);
    for (std::size_t i = 0; i < mask_.size(); i += step)
      if (mask_[i]) sizes.push_back(at(i).norm());
    if (sizes.empty()) return 1;
    std::nth_element(sizes.begin(), sizes.begin() + sizes.size() / 2, sizes.end());
    return std::max(1e-3, sizes[sizes.size() / 2]);
  }

  const Picture &before_, &after_;
  const std::vector<std::uint8_t>& mask_;
  Eigen::Matrix<double, terms, 3> coefficients_;
};

// A look does the same to the same color: what is left when the median residual of each color is taken away.
std::vector<StructureMap> color_consistent(const Residual& residual, const Picture& before,
                                           const std::vector<std::uint8_t>& mask) {
  constexpr int cells = 8;
  std::vector<std::array<std::vector<float>, 3>> of_cell(cells * cells * cells);
  std::vector<int> cell(mask.size());
  std::vector<StructureMap> planes(3, StructureMap(before.width(), before.height()));
  for (std::size_t i = 0; i < mask.size(); ++i) {
    for (int c = 0; c < 3; ++c)
      cell[i] =
          cell[i] * cells + std::clamp(static_cast<int>(before.samples<float>()[3 * i + c] * cells), 0, cells - 1);
    if (!mask[i]) continue;
    const Eigen::Vector3d r = residual.at(i);
    for (int c = 0; c < 3; ++c) {
      planes[c].value[i] = static_cast<float>(r[c]);
      of_cell[cell[i]][c].push_back(static_cast<float>(r[c]));
    }
  }
  for (auto& channels : of_cell)
    for (auto& v : channels)
      if (!v.empty()) {
        std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
        v[0] = v[v.size() / 2];
      }
  for (std::size_t i = 0; i < mask.size(); ++i)
    for (int c = 0; c < 3 && mask[i]; ++c) planes[c].value[i] -= of_cell[cell[i]][c][0];
  return planes;
}

StructureMap norm_of(std::vector<StructureMap> channels) {
  StructureMap out(channels[0].width, channels[0].height);
  // Grain and blur keep the mean over a small square, another content does not.
  for (StructureMap& plane : channels) plane = box_mean(plane, std::max(2, std::max(out.width, out.height) / 100));
  for (std::size_t i = 0; i < out.value.size(); ++i)
    out.value[i] = std::sqrt(channels[0].value[i] * channels[0].value[i] + channels[1].value[i] * channels[1].value[i] +
                             channels[2].value[i] * channels[2].value[i]);
  return out;
}

// Where the two have texture, and not the same.
std::vector<std::uint8_t> other_structure(const Picture& before, const Picture& after) {
  constexpr int reach = 7;
  const StructureMap a = structure(before), b = structure(after);
  StructureMap aa = a, bb = b, ab = a;
  for (std::size_t i = 0; i < a.value.size(); ++i) {
    aa.value[i] *= a.value[i];
    bb.value[i] *= b.value[i];
    ab.value[i] *= b.value[i];
  }
  const StructureMap ma = box_mean(a, reach), mb = box_mean(b, reach), maa = box_mean(aa, reach),
                     mbb = box_mean(bb, reach), mab = box_mean(ab, reach);
  std::vector<std::uint8_t> other(a.value.size());
  for (std::size_t i = 0; i < other.size(); ++i) {
    const float va = maa.value[i] - ma.value[i] * ma.value[i], vb = mbb.value[i] - mb.value[i] * mb.value[i];
    const float both = mab.value[i] - ma.value[i] * mb.value[i];
    constexpr float textured = 0.002f;
    other[i] = std::max(va, vb) > textured && both < 0.3f * std::sqrt(std::max(va, 0.0f) * std::max(vb, 0.0f) + 1e-8f);
  }
  return other;
}

double threshold_of(const StructureMap& residual, const std::vector<std::uint8_t>& mask) {
  std::vector<float> sizes;
  for (std::size_t i = 0; i < mask.size(); ++i)
    if (mask[i]) sizes.push_back(residual.value[i]);
  if (sizes.empty()) return least_residual;
  std::nth_element(sizes.begin(), sizes.begin() + sizes.size() / 2, sizes.end());
  return std::max(least_residual, mads * mad_to_sigma * sizes[sizes.size() / 2]);
}

// Drops connected patches of fewer pixels than `least`, and those without any that stands out (2).
void drop_weak(std::vector<std::uint8_t>& spot, int width, std::size_t least) {
  std::vector<std::uint8_t> seen(spot.size());
  std::vector<std::size_t> patch;
  for (std::size_t start = 0; start < spot.size(); ++start) {
    if (!spot[start] || seen[start]) continue;
    patch.assign(1, start);
    seen[start] = 1;
    for (std::size_t k = 0; k < patch.size(); ++k) {
      const long i = static_cast<long>(patch[k]), x = i % width;
      for (const long j : {x > 0 ? i - 1 : i, x + 1 < width ? i + 1 : i, i - width, i + width})
        if (j >= 0 && j < static_cast<long>(spot.size()) && spot[j] && !seen[j]) {
          seen[j] = 1;
          patch.push_back(static_cast<std::size_t>(j));
        }
    }
    const bool stands_out = std::any_of(patch.begin(), patch.end(), [&](std::size_t i) { return spot[i] == 2; });
    if (patch.size() < least || !stands_out)
      for (const std::size_t i : patch) spot[i] = 0;
  }
}

}  // namespace

Usable find_usable(const Picture& before, const Picture& after, const std::vector<std::uint8_t>& inside) {
  const std::size_t count = inside.size();
  std::vector<std::uint8_t> known = inside;
  std::vector<std::size_t> clipped;
  std::size_t retouched = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const float *p = before.samples<float>() + 3 * i, *q = after.samples<float>() + 3 * i;
    if (!is_finite(p) || !is_finite(q)) known[i] = 0;
    if (known[i] && (is_clipped(p) || is_clipped(q))) clipped.push_back(i);
  }
  Usable u{known, static_cast<double>(clipped.size()) / static_cast<double>(count)};
  for (const std::size_t i : clipped) u.mask[i] = 0;

  const Residual residual(before, after, known);
  std::vector<StructureMap> raw(3, StructureMap(before.width(), before.height()));
  for (std::size_t i = 0; i < count; ++i)
    if (u.mask[i]) {
      const Eigen::Vector3d r = residual.at(i);
      for (int c = 0; c < 3; ++c) raw[c].value[i] = static_cast<float>(r[c]);
    }
  const StructureMap smooth = norm_of(raw), consistent = norm_of(color_consistent(residual, before, u.mask));
  const double smooth_most = threshold_of(smooth, u.mask), consistent_most = threshold_of(consistent, u.mask);
  for (const std::size_t i : clipped)
    if (residual.at(i).norm() < stands_out * smooth_most) u.mask[i] = 2;

  const std::vector<std::uint8_t> other = other_structure(before, after);
  std::vector<std::uint8_t> spot(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double by_color = consistent.value[i] / consistent_most,
                 by_structure = other[i] ? smooth.value[i] / smooth_most : 0.0, most = std::max(by_color, by_structure);
    spot[i] = !u.mask[i] || most < 1 ? 0 : most < stands_out ? 1 : 2;
  }
  drop_weak(spot, before.width(),
            std::max<std::size_t>(24, static_cast<std::size_t>(smallest_patch * static_cast<double>(count))));

  // The border of a patch fades.
  StructureMap grown(before.width(), before.height());
  std::transform(spot.begin(), spot.end(), grown.value.begin(), [](std::uint8_t s) { return s ? 1.0f : 0.0f; });
  grown = box_mean(grown, 3);
  for (std::size_t i = 0; i < count; ++i) retouched += u.mask[i] && grown.value[i] > 0;
  u.retouched_share = static_cast<double>(retouched) / static_cast<double>(std::max<std::size_t>(1, count));
  if (u.retouched_share > most_retouched) {
    u.retouched_share = 0;
    return u;
  }
  for (std::size_t i = 0; i < count; ++i)
    if (grown.value[i] > 0) u.mask[i] = 0;
  return u;
}

std::string mark_usable(Pair& pair, const std::vector<std::uint8_t>& inside) {
  constexpr double least = 0.03;
  Usable usable = find_usable(pair.before, pair.after, inside);
  const auto count = std::count(usable.mask.begin(), usable.mask.end(), 1);
  pair.usable_share = static_cast<double>(count) / static_cast<double>(usable.mask.size());
  if (usable.clipped_share > 0.005)
    pair.notes.push_back(fmt::format("clipped in one of the two: {:.1f} %", 100 * usable.clipped_share));
  if (usable.retouched_share > 0)
    pair.notes.push_back(fmt::format("retouched or replaced: {:.1f} %", 100 * usable.retouched_share));
  pair.notes.push_back(fmt::format("usable: {:.1f} %", 100 * pair.usable_share));
  if (pair.usable_share < least)
    return fmt::format(
        "found {:.1f} % usable pixels ({:.0f} % are clipped, {:.0f} % retouched); expected at least {:.0f} %",
        100 * pair.usable_share, 100 * usable.clipped_share, 100 * usable.retouched_share, 100 * least);
  pair.usable = std::move(usable.mask);
  return {};
}

}  // namespace sfumato
