// SPDX-License-Identifier: Apache-2.0
#include "pairs/structure.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

// Running means along rows of `in`, written transposed.
StructureMap mean_rows_transposed(const StructureMap& in, int reach) {
  StructureMap out(in.height, in.width);
  for (int y = 0; y < in.height; ++y) {
    double sum = 0;
    for (int x = 0; x < std::min(reach, in.width); ++x) sum += in.at(x, y);
    for (int x = 0; x < in.width; ++x) {
      if (x + reach < in.width) sum += in.at(x + reach, y);
      if (x - reach - 1 >= 0) sum -= in.at(x - reach - 1, y);
      out.at(y, x) = static_cast<float>(sum / (std::min(in.width - 1, x + reach) - std::max(0, x - reach) + 1));
    }
  }
  return out;
}

}  // namespace

StructureMap box_mean(const StructureMap& in, int reach) {
  return mean_rows_transposed(mean_rows_transposed(in, reach), reach);
}

StructureMap structure(const Picture& picture) {
  constexpr float least = 0.012f;  // encoded; below is noise
  const int w = picture.width(), h = picture.height();
  const float* p = picture.samples<float>();
  StructureMap gradient(w, h);
  for (int y = 0; y < h; ++y) {
    const int up = std::max(0, y - 1), down = std::min(h - 1, y + 1);
    for (int x = 0; x < w; ++x) {
      const int left = std::max(0, x - 1), right = std::min(w - 1, x + 1);
      float sum = 0;
      for (int c = 0; c < 3; ++c) {
        const float dx = p[3 * (y * w + right) + c] - p[3 * (y * w + left) + c],
                    dy = p[3 * (down * w + x) + c] - p[3 * (up * w + x) + c];
        sum += dx * dx + dy * dy;
      }
      gradient.at(x, y) = std::sqrt(sum);
    }
  }
  const StructureMap around = box_mean(gradient, std::max(2, std::max(w, h) / 24));
  for (std::size_t i = 0; i < gradient.value.size(); ++i)
    gradient.value[i] /= gradient.value[i] + around.value[i] + least;
  return box_mean(box_mean(gradient, 1), 1);
}

Picture turned(const Picture& in, int turn) {
  const int w = in.width(), h = in.height(), quarters = turn % 4;
  Picture out(swaps_sides(turn) ? h : w, swaps_sides(turn) ? w : h, Sample::f32);
  const float* from = in.samples<float>();
  float* to = out.samples<float>();
  for (int y = 0; y < out.height(); ++y)
    for (int x = 0; x < out.width(); ++x) {
      int sx = x, sy = y;
      if (quarters == 1) sx = y, sy = h - 1 - x;
      if (quarters == 2) sx = w - 1 - x, sy = h - 1 - y;
      if (quarters == 3) sx = w - 1 - y, sy = x;
      if (turn >= 4) sx = w - 1 - sx;
      std::copy_n(from + 3 * (sy * w + sx), 3, to + 3 * (static_cast<std::size_t>(y) * out.width() + x));
    }
  return out;
}

const char* turn_text(int turn) {
  static constexpr const char* texts[]{"upright",
                                       "turned by 90 degrees",
                                       "turned by 180 degrees",
                                       "turned by 270 degrees",
                                       "mirrored",
                                       "mirrored and turned by 90 degrees",
                                       "mirrored top to bottom",
                                       "mirrored and turned by 270 degrees"};
  return texts[turn];
}

int inverse_turn(int turn) { return turn < 4 ? (4 - turn) % 4 : turn; }

bool swaps_sides(int turn) { return turn % 2 == 1; }

double structure_correlation(const std::vector<float>& a, const std::vector<float>& b) {
  double sa = 0, sb = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sa += a[i];
    sb += b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
    ab += static_cast<double>(a[i]) * b[i];
  }
  const double n = static_cast<double>(a.size());
  const double va = aa - sa * sa / n, vb = bb - sb * sb / n;
  return va > 1e-9 && vb > 1e-9 ? (ab - sa * sb / n) / std::sqrt(va * vb) : 0.0;
}

}  // namespace sfumato
