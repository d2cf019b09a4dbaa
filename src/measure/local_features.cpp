// SPDX-License-Identifier: Apache-2.0
#include "measure/local_features.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/threads.h"
#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "measure/snap.h"

namespace sfumato {
namespace {

constexpr int side = LocalFeatures::side, cells = LocalFeatures::cells;

// Lab of every pixel of the analysis image.
std::array<Plane, 3> lab_planes(const std::vector<float>& rgb) {
  constexpr int size = Analysis::size;
  std::array<Plane, 3> lab{Plane(size, size), Plane(size, size), Plane(size, size)};
  const float *r = rgb.data(), *g = r + size * size, *b = g + size * size;
  parallel_for(size, 0, [&](int y) {
    for (int i = y * size; i < (y + 1) * size; ++i) {
      const auto c = linear_to_cielab(srgb_decode(Rgb<float>{r[i], g[i], b[i]}));
      lab[0].values[i] = c.r, lab[1].values[i] = c.g, lab[2].values[i] = c.b;
    }
  });
  return lab;
}

Plane cell_means(const Plane& fine) {
  Plane out(side, side);
  const int step = fine.width / side;
  for (int y = 0; y < fine.height; ++y)
    for (int x = 0; x < fine.width; ++x) out.row(y / step)[x / step] += fine.row(y)[x];
  for (float& v : out.values) v /= static_cast<float>(step * step);
  return out;
}

double mean_of(const Plane& p) {
  double sum = 0;
  for (const float v : p.values) sum += v;
  return sum / static_cast<double>(p.values.size());
}

Plane constant(double v) {
  Plane p(side, side);
  std::fill(p.values.begin(), p.values.end(), static_cast<float>(v));
  return p;
}

template <class Of>
Plane mapped(const Plane& in, const Of& of) {
  Plane out = in;
  for (float& v : out.values) v = of(v);
  return out;
}

class Describer {
 public:
  explicit Describer(const Analysis& photo) : fine_(lab_planes(photo.rgb)) {}

  std::vector<float> describe() {
    add_colors();
    add_texture();
    add_position();
    add_separation();
    add_likeness();
    std::vector<float> all;
    for (const Plane& p : out_) all.insert(all.end(), p.values.begin(), p.values.end());
    return all;
  }

 private:
  void add_colors() {
    for (int c = 0; c < 3; ++c) lab_[c] = cell_means(fine_[c]);
    out_.assign(lab_.begin(), lab_.end());
    for (const float sigma : {2.0f, 4.0f, 8.0f, 16.0f})
      for (const Plane& p : lab_) out_.push_back(feathered(p, sigma));
    for (const Plane& p : lab_) out_.push_back(constant(mean_of(p)));
    for (const Plane& p : lab_) {
      const double mean = mean_of(p);
      out_.push_back(constant(std::sqrt(mean_of(mapped(p, [&](float v) { return (v - mean) * (v - mean); })))));
    }
  }

  // Logarithms of what each octave holds, near and farther around.
  void add_texture() {
    Plane smoother = fine_[0];
    for (const float sigma : {1.0f, 2.0f, 4.0f}) {
      const Plane blurred = feathered(fine_[0], sigma);
      for (std::size_t i = 0; i < smoother.values.size(); ++i)
        smoother.values[i] = std::abs(smoother.values[i] - blurred.values[i]);
      const Plane energy = cell_means(smoother);
      for (const float around : {1.5f, 5.0f})
        texture_.push_back(mapped(feathered(energy, around), [](float v) { return std::log(v + 0.003f); }));
      smoother = blurred;
    }
    out_.insert(out_.end(), texture_.begin(), texture_.end());
  }

  void add_position() {
    std::array<Plane, 4> p{Plane(side, side), Plane(side, side), Plane(side, side), Plane(side, side)};
    for (int i = 0; i < cells; ++i) {
      const float y = static_cast<float>(i / side) / (side - 1), x = static_cast<float>(i % side) / (side - 1);
      p[0].values[i] = y, p[1].values[i] = 2 * std::abs(x - 0.5f);
      p[2].values[i] = y * y, p[3].values[i] = (x - 0.5f) * (x - 0.5f);
    }
    out_.insert(out_.end(), p.begin(), p.end());
  }

  float step_between(int i, int k) const {
    const float l = lab_[0].values[i] - lab_[0].values[k], a = lab_[1].values[i] - lab_[1].values[k],
                b = lab_[2].values[i] - lab_[2].values[k];
    return l * l + 4 * (a * a + b * b);
  }

  // The least sum of edges on a way from each cell to a part of the border [Wei2012].
  void add_separation() {
    Plane cost(side, side);
    for (int i = 0; i < cells; ++i) {
      const float across = i % side ? step_between(i, i - 1) : 0, down = i >= side ? step_between(i, i - side) : 0;
      cost.values[i] = std::sqrt(across + down) + 0.5f * std::exp(texture_[0].values[i]) + 0.004f;
    }
    std::vector<Plane> ways;
    for (int border = 0; border < 4; ++border) {
      Plane way(side, side);
      for (int i = 0; i < cells; ++i) {
        const int x = i % side, y = i / side;
        const bool is_side = x == 0 || x == side - 1;
        const bool starts[]{y == 0, y == side - 1, is_side, is_side || y == 0 || y == side - 1};
        way.values[i] = starts[border] ? 0.0f : 1000.0f;
      }
      for (int round = 0; round < 4; ++round)
        for (const bool is_rows : {true, false})
          for (const bool is_forward : {true, false}) sweep(way, cost, is_rows, is_forward);
      ways.push_back(std::move(way));
    }
    for (const Plane& w : ways) out_.push_back(w);
    for (const Plane& w : ways) out_.push_back(mapped(w, [](float v) { return std::log(v + 0.03f); }));
    for (const Plane& w : ways) {
      const auto mean = static_cast<float>(mean_of(w)) + 1e-3f;
      out_.push_back(mapped(w, [&](float v) { return v / mean; }));
    }
  }

  // Line after line, from the three nearest cells of the one before.
  static void sweep(Plane& way, const Plane& cost, bool is_rows, bool is_forward) {
    const int along = is_rows ? 1 : side, across = is_rows ? side : 1;
    for (int n = 1; n < side; ++n) {
      const int line = is_forward ? n : side - 1 - n, before = is_forward ? line - 1 : line + 1;
      for (int k = 0; k < side; ++k) {
        const int i = line * across + k * along, j = before * across + k * along;
        float least = way.values[j];
        if (k > 0) least = std::min(least, way.values[j - along]);
        if (k < side - 1) least = std::min(least, way.values[j + along]);
        way.values[i] = std::min(way.values[i], least + 0.5f * (cost.values[i] + cost.values[j]));
      }
    }
  }

  // Logarithms of how usual the cell's color and texture are in bands of the picture: kernel densities.
  void add_likeness() {
    using Point = std::array<float, 5>;
    std::vector<Point> points(cells);
    for (int i = 0; i < cells; ++i)
      points[i] = {lab_[0].values[i], 2 * lab_[1].values[i], 2 * lab_[2].values[i], 0.15f * texture_[1].values[i],
                   0.15f * texture_[3].values[i]};
    constexpr int bands = 6;
    std::vector<Plane> likeness(2 * bands, Plane(side, side));
    parallel_for(bands, 0, [&](int band) {
      std::vector<Point> some;
      for (int i = 0; i < cells; ++i)
        if (is_in_band(band, i % side, i / side)) some.push_back(points[i]);
      const std::size_t step = std::max<std::size_t>(1, some.size() / 128);
      for (int i = 0; i < cells; ++i) {
        float narrow = 0, wide = 0;
        int count = 0;
        for (std::size_t k = 0; k < some.size(); k += step, ++count) {
          float d2 = 0;
          for (int c = 0; c < 5; ++c) d2 += (points[i][c] - some[k][c]) * (points[i][c] - some[k][c]);
          // Standard deviations 0.14 and 0.07.
          const float e = std::exp(-25.0f * d2), e2 = e * e;
          wide += e, narrow += e2 * e2;
        }
        likeness[2 * band].values[i] = std::log(narrow / static_cast<float>(count) + 1e-4f);
        likeness[2 * band + 1].values[i] = std::log(wide / static_cast<float>(count) + 1e-4f);
      }
    });
    out_.insert(out_.end(), likeness.begin(), likeness.end());
  }

  static bool is_in_band(int band, int x, int y) {
    switch (band) {
      case 0:
        return y < 3;
      case 1:
        return y >= side - 3;
      case 2:
        return x < 2 || x >= side - 2;
      case 3:
        return std::min({x, y, side - 1 - x, side - 1 - y}) >= side / 4;
      case 4:
        return y < side / 3;
      default:
        return y >= 2 * side / 3;
    }
  }

  std::array<Plane, 3> fine_, lab_;
  std::vector<Plane> texture_, out_;
};

}  // namespace

std::vector<float> local_features(const Analysis& photo) { return Describer(photo).describe(); }

std::vector<float> cell_colors(const std::vector<float>& rgb) {
  constexpr int size = Analysis::size;
  std::vector<float> all;
  Plane fine(size, size);
  for (auto from = rgb.begin(); from != rgb.end(); from += size * size) {
    std::copy_n(from, size * size, fine.values.begin());
    const Plane means = cell_means(fine);
    all.insert(all.end(), means.values.begin(), means.values.end());
  }
  return all;
}

std::vector<float> pixel_colors(const std::vector<float>& rgb) {
  std::vector<float> all;
  for (const Plane& p : lab_planes(rgb)) all.insert(all.end(), p.values.begin(), p.values.end());
  return all;
}

}  // namespace sfumato
