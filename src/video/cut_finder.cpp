// SPDX-License-Identifier: Apache-2.0
#include "video/cut_finder.h"

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

// Colors 0..1 of 32 x 32 cells: small enough that noise and small movements are no change.
std::vector<float> cells_of(const Picture& frame) {
  constexpr int side = 32;
  std::vector<float> sums(3 * side * side), counts(side * side);
  const auto* v = frame.samples<float>();
  for (int y = 0; y < frame.height(); ++y)
    for (int x = 0; x < frame.width(); ++x, v += 3) {
      const int cell = y * side / frame.height() * side + x * side / frame.width();
      for (int c = 0; c < 3; ++c) sums[3 * cell + c] += v[c];
      counts[cell] += 1;
    }
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] /= std::max(1.0f, counts[i / 3]);
  return sums;
}

}  // namespace

bool CutFinder::begins_shot(const Picture& frame) {
  // As ffmpeg's scdet and mpv's scene detection: a change that is neither small nor like the one before it, so that
  // fast movement, which changes frame after frame, is no cut.
  constexpr float least = 0.08f;
  std::vector<float> cells = cells_of(frame);
  const bool is_first = last_.empty();
  float change = 0;
  for (std::size_t i = 0; i < last_.size(); ++i) change += std::abs(cells[i] - last_[i]);
  change /= static_cast<float>(cells.size());
  const bool begins = is_first || std::min(change, change - last_change_) > least;
  last_ = std::move(cells);
  last_change_ = begins ? 0 : change;
  return begins;
}

}  // namespace sfumato
