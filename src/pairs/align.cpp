// SPDX-License-Identifier: Apache-2.0
#include "pairs/align.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "pairs/structure.h"

namespace sfumato {
namespace {

constexpr int coarse_edge = 48;
constexpr double clearly_better = 0.01;  // in agreement: what blur and grain of the edit feign is below
constexpr double same_px = 0.3, plain_px = 0.15;
constexpr double largest_shift_outside = 0.06, smallest_crop = 0.55;

struct Placed {
  int turn = 0;
  double scale = 1, x = 0, y = 0;  // of `after` in `before`, in pixels of the coarse plane
  double score = -1;
};

PhotoSize fitted(int width, int height, double scale) {
  return {std::max(4, static_cast<int>(std::lround(width * scale))),
          std::max(4, static_cast<int>(std::lround(height * scale)))};
}

StructureMap structure_at(const Picture& picture, PhotoSize size) {
  if (size.width >= picture.width()) return structure(picture);
  return structure(reduced(picture, size));
}

// Correlation of b with the part of a that lies under it when b's corner is at (x, y).
double correlation_at(const StructureMap& a, const StructureMap& b, int x, int y) {
  const int x0 = std::max(0, x), x1 = std::min(a.width, x + b.width), y0 = std::max(0, y),
            y1 = std::min(a.height, y + b.height);
  float sa = 0, sb = 0, aa = 0, bb = 0, ab = 0;
  for (int j = y0; j < y1; ++j) {
    const float *p = &a.value[static_cast<std::size_t>(j) * a.width + x0],
                *q = &b.value[static_cast<std::size_t>(j - y) * b.width + x0 - x];
    for (int i = 0; i < x1 - x0; ++i) {
      sa += p[i];
      sb += q[i];
      aa += p[i] * p[i];
      bb += q[i] * q[i];
      ab += p[i] * q[i];
    }
  }
  const float n = static_cast<float>((x1 - x0) * (y1 - y0)), va = aa - sa * sa / n, vb = bb - sb * sb / n;
  return va > 1e-6f && vb > 1e-6f ? (ab - sa * sb / n) / std::sqrt(va * vb) : 0.0;
}

// All places of one turn of `after`, from just larger than `before` down to a crop to half.
Placed search_turn(const StructureMap& before, const Picture& after, int turn) {
  Placed best;
  best.turn = turn;
  const double whole =
      std::min(static_cast<double>(before.width) / after.width(), static_cast<double>(before.height) / after.height());
  for (double scale = 1.06; scale >= smallest_crop; scale *= 0.965) {
    const PhotoSize size = fitted(after.width(), after.height(), whole * scale);
    const StructureMap plane = structure(reduced(after, size));
    const int mx = static_cast<int>(std::ceil(before.width * largest_shift_outside)),
              my = static_cast<int>(std::ceil(before.height * largest_shift_outside));
    for (int y = std::min(0, before.height - size.height) - my; y <= std::max(0, before.height - size.height) + my; ++y)
      for (int x = std::min(0, before.width - size.width) - mx; x <= std::max(0, before.width - size.width) + mx; ++x) {
        const double score = correlation_at(before, plane, x, y);
        if (score > best.score) best = {turn, whole * scale, static_cast<double>(x), static_cast<double>(y), score};
      }
  }
  return best;
}

// Of the photo's pixels.
double reduction(const ReducedPhoto& photo) {
  return std::sqrt(static_cast<double>(photo.picture.width()) * photo.picture.height() /
                   (static_cast<double>(photo.size.width) * photo.size.height));
}

// One level of refinement.
class Refiner {
 public:
  Refiner(const ReducedPhoto& before, const ReducedPhoto& after, const Similarity& start, int edge) : map_(start) {
    const Picture &b = before.picture, &a = after.picture;
    const double fraction = std::min(1.0, static_cast<double>(edge) / std::max(b.width(), b.height()));
    const double scale = std::hypot(start.a, start.b) * reduction(after) / reduction(before);
    before_ = structure_at(b, fitted(b.width(), b.height(), fraction));
    after_ = structure_at(a, fitted(a.width(), a.height(), std::min(1.0, fraction / scale)));
    bx_ = static_cast<double>(before.size.width) / before_.width;
    by_ = static_cast<double>(before.size.height) / before_.height;
    ax_ = static_cast<double>(after_.width) / after.size.width;
    ay_ = static_cast<double>(after_.height) / after.size.height;
    center_x_ = 0.5 * before.size.width;
    center_y_ = 0.5 * before.size.height;
  }

  // Correlation over the overlap; 0 where it is too small.
  double agreement() const {
    std::vector<float> a, b;
    each_pixel([&](double, double, float f, float g, float, float) {
      a.push_back(f);
      b.push_back(g);
    });
    return a.size() * 4 > before_.value.size() ? structure_correlation(a, b) : 0.0;
  }

  Similarity refine() {
    for (int i = 0; i < 25; ++i) {
      const std::optional<Eigen::Matrix<double, 6, 1>> step = solve();
      if (!step) break;
      const auto& d = *step;
      map_.a += d[0];
      map_.b += d[1];
      // The step's shift is meant at the center.
      map_.x0 += d[2] - d[0] * center_x_ + d[1] * center_y_;
      map_.y0 += d[3] - d[1] * center_x_ - d[0] * center_y_;
      gain_ += d[4];
      offset_ += d[5];
      if (std::abs(d[2]) + std::abs(d[3]) + center_x_ * (std::abs(d[0]) + std::abs(d[1])) < 1e-3 * bx_) break;
    }
    return map_;
  }

 private:
  // use(x, y from the center, before, after, d after / dx, d after / dy), coordinates in pixels of the photos.
  template <class Use>
  void each_pixel(const Use& use) const {
    for (int j = 1; j + 1 < before_.height; ++j)
      for (int i = 1; i + 1 < before_.width; ++i) {
        const double x = (i + 0.5) * bx_, y = (j + 0.5) * by_;
        const double u = map_.x(x, y) * ax_ - 0.5, v = map_.y(x, y) * ay_ - 0.5;
        const int iu = static_cast<int>(std::floor(u)), iv = static_cast<int>(std::floor(v));
        if (iu < 1 || iv < 1 || iu + 2 >= after_.width || iv + 2 >= after_.height) continue;
        const float fu = static_cast<float>(u - iu), fv = static_cast<float>(v - iv);
        const float* p = &after_.value[static_cast<std::size_t>(iv) * after_.width + iu];
        const float* q = p + after_.width;
        const float top = p[0] + fu * (p[1] - p[0]), bottom = q[0] + fu * (q[1] - q[0]);
        const float gx = (p[1] - p[0]) * (1 - fv) + (q[1] - q[0]) * fv;
        use(x - center_x_, y - center_y_, before_.at(i, j), top + fv * (bottom - top), gx * static_cast<float>(ax_),
            (bottom - top) * static_cast<float>(ay_));
      }
  }

  std::optional<Eigen::Matrix<double, 6, 1>> solve() const {
    Eigen::Matrix<double, 6, 6> normal = Eigen::Matrix<double, 6, 6>::Zero();
    Eigen::Matrix<double, 6, 1> right = Eigen::Matrix<double, 6, 1>::Zero();
    int count = 0;
    each_pixel([&](double x, double y, float f, float g, float gx, float gy) {
      const double residual = gain_ * g + offset_ - f;
      // Retouched places and noise pull less than edges that agree.
      const double weight = 1.0 / (1.0 + residual * residual / 0.02);
      Eigen::Matrix<double, 6, 1> row;
      row << gain_ * (gx * x + gy * y), gain_ * (gy * x - gx * y), gain_ * gx, gain_ * gy, g, 1.0;
      normal.selfadjointView<Eigen::Lower>().rankUpdate(row, weight);
      right -= weight * residual * row;
      ++count;
    });
    if (count < 64) return std::nullopt;
    normal = normal.selfadjointView<Eigen::Lower>();
    normal.diagonal().array() += 1e-9;
    const Eigen::Matrix<double, 6, 1> step = normal.ldlt().solve(right);
    if (!step.allFinite() || std::abs(step[2]) + std::abs(step[3]) > 0.25 * center_x_) return std::nullopt;
    return step;
  }

  Similarity map_;
  StructureMap before_, after_;
  double bx_, by_, ax_, ay_, center_x_, center_y_, gain_ = 1, offset_ = 0;
};

// before * coarse_scale = after * placed.scale + corner
Similarity map_of(const Placed& placed, double coarse_scale) {
  return {coarse_scale / placed.scale, 0, -placed.x / placed.scale, -placed.y / placed.scale};
}

void refine(Alignment& found, const ReducedPhoto& before, const ReducedPhoto& after, int edge) {
  Refiner refiner(before, after, found.to_after, edge);
  const double start = refiner.agreement();
  const Similarity map = refiner.refine();
  found.agreement = refiner.agreement();
  if (found.agreement >= start)
    found.to_after = map;
  else
    found.agreement = start;
}

// Distance between what two maps make of the corners.
double furthest(const Similarity& a, const Similarity& b, const PhotoSize& photo) {
  double most = 0;
  for (const double x : {0.0, 1.0 * photo.width})
    for (const double y : {0.0, 1.0 * photo.height})
      most = std::max(most, std::hypot(a.x(x, y) - b.x(x, y), a.y(x, y) - b.y(x, y)));
  return most;
}

// An edit that was cropped and nothing else keeps its pixels.
Similarity plain_crop(const Similarity& map, const PhotoSize& photo) {
  const double x = 0.5 * photo.width, y = 0.5 * photo.height;
  return {1, 0, std::round(map.x(x, y) - x), std::round(map.y(x, y) - y)};
}

}  // namespace

Alignment align(const ReducedPhoto& before, const ReducedPhoto& after) {
  const Picture &b = before.picture, &a = after.picture;
  const double scale = std::min(1.0, static_cast<double>(coarse_edge) / std::max(b.width(), b.height()));
  const StructureMap coarse = structure_at(b, fitted(b.width(), b.height(), scale));
  std::vector<Placed> places;
  const double small = std::min(1.0, 3.0 * coarse_edge / std::max(a.width(), a.height()));
  const Picture small_after = reduced(a, fitted(a.width(), a.height(), small));
  for (int turn = 0; turn < 8; ++turn) {
    places.push_back(search_turn(coarse, turned(small_after, turn), turn));
    places.back().scale *= small * reduction(after);  // of the photo
  }
  std::stable_sort(places.begin(), places.end(), [](const Placed& a, const Placed& b) { return a.score > b.score; });
  places.resize(3);
  const auto upright_size = [&](int turn) {
    return swaps_sides(turn) ? PhotoSize{after.size.height, after.size.width} : after.size;
  };
  Alignment best;
  for (const Placed& placed : places) {
    Alignment found{placed.turn, map_of(placed, static_cast<double>(coarse.width) / before.size.width)};
    const Picture picture = turned(a, placed.turn);
    refine(found, before, {picture, upright_size(placed.turn)}, 96);
    if (found.agreement > best.agreement) best = found;
    // Another turn of the same picture cannot agree as well as this.
    if (best.agreement > 0.75) break;
  }
  const Picture picture = turned(a, best.turn);
  const ReducedPhoto upright{picture, upright_size(best.turn)};
  refine(best, before, upright, 192);
  const double agreement = best.agreement;  // of what edits keep: the finest detail may be sharpened or blurred
  refine(best, before, upright, 512);
  const Similarity whole{static_cast<double>(upright.size.width) / before.size.width, 0, 0, 0};
  best.is_whole = furthest(best.to_after, whole, before.size) * reduction(upright) < same_px ||
                  Refiner(before, upright, whole, 512).agreement() > best.agreement - clearly_better;
  best.agreement = agreement;
  if (const Similarity crop = plain_crop(best.to_after, before.size);
      furthest(best.to_after, crop, before.size) * reduction(before) < plain_px)
    best.to_after = crop;
  return best;
}

}  // namespace sfumato
