// SPDX-License-Identifier: Apache-2.0
#include "paint/patch_scale.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace sfumato {
namespace {

constexpr int batches = 8;  // between which penalties follow what was chosen

// What a squared difference in red, green, blue and the guides counts, in squares of 1/255. Each of the three kinds
// counts as one channel [Fiser2016].
std::vector<float> weights_of(float balance) {
  // Geometrically from 0.1 to 1.5.
  const float guide = 0.1f * std::pow(15.0f, balance), unit = 255.0f * 255.0f;
  const float color = unit / 3, guide_color = unit * guide * 2 / 3, guide_luma = unit * guide;
  return {color, color, color, guide_color, guide_color, guide_color, guide_luma};
}

Planes joined(const Planes& a, const Planes& b) {
  Planes all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

// Sums over side x side values, at each place where the square fits.
Plane box_sums(const Plane& p, int side) {
  Plane across(p.width - side + 1, p.height), out(p.width - side + 1, p.height - side + 1);
  for (int y = 0; y < p.height; ++y) {
    double sum = 0;
    for (int x = 0; x < p.width; ++x) {
      sum += p.row(y)[x];
      if (x >= side) sum -= p.row(y)[x - side];
      if (x >= side - 1) across.row(y)[x - side + 1] = static_cast<float>(sum);
    }
  }
  std::vector<double> sums(static_cast<std::size_t>(out.width));
  for (int y = 0; y < p.height; ++y)
    for (int x = 0; x < out.width; ++x) {
      sums[x] += across.row(y)[x];
      if (y >= side) sums[x] -= across.row(y - side)[x];
      if (y >= side - 1) out.row(y - side + 1)[x] = static_cast<float>(sums[x]);
    }
  return out;
}

}  // namespace

PatchScale::PatchScale(const PatchPictures& pictures, const PatchOptions& o, PatchField field, bool is_first,
                       int threads)
    : pictures_(pictures),
      o_(o),
      field_(std::move(field)),
      picture_(is_first ? Planes(pictures.photo_guides.begin(), pictures.photo_guides.begin() + 3)
                        : voted(field_, pictures.style, threads)),
      across_(field_.style_width - field_.side + 1),
      threads_(threads),
      space_(joined(pictures.style, pictures.style_guides), weights_of(o.balance), o.patch),
      index_(space_.project(joined(pictures.style, pictures.style_guides), 1, false, threads), space_.dimensions()),
      uses_(static_cast<std::size_t>(index_.count())),
      has_field_(!is_first) {
  if (has_field_)
    for (const StylePoint& p : field_.at) ++uses_[point_of(p)];
}

// A patch's occupancy is the mean, over its pixels, of how many patches lie there [Fiser2016].
void PatchScale::penalize() {
  const int side = field_.side, down = field_.style_height - side + 1;
  Plane used(field_.style_width + side - 1,
             field_.style_height + side - 1);  // a margin of side - 1 on the left and top
  for (int y = 0; y < down; ++y)
    for (int x = 0; x < across_; ++x)
      used.row(y + side - 1)[x + side - 1] = static_cast<float>(uses_[static_cast<std::size_t>(y) * across_ + x]);
  const Plane over_pixels = box_sums(used, side), over_patches = box_sums(over_pixels, side);
  const double area = static_cast<double>(side) * side;
  const double usual =
      static_cast<double>(field_.at.size()) * area / (static_cast<double>(field_.style_width) * field_.style_height);
  const float unit = static_cast<float>(o_.uniformity / (area * usual));
  std::vector<float> penalties = over_patches.values;
  for (float& p : penalties) p *= unit;
  index_.set_penalties(penalties);
}

// Nodes' neighbors offer the patch that continues theirs [Ashikhmin2001].
PatchIndex::Found PatchScale::best_of_neighbors(int i, int j, const float* query, const PatchField& before) const {
  PatchIndex::Found best;
  if (!has_field_) return best;
  static constexpr int steps[5][2]{{0, 0}, {-1, 0}, {1, 0}, {0, -1}, {0, 1}};
  for (const auto& [di, dj] : steps) {
    if (i + di < 0 || i + di >= before.columns || j + dj < 0 || j + dj >= before.rows) continue;
    const StylePoint& p = before.node(i + di, j + dj);
    const int point = point_of(before.inside(p.x - di * before.stride, p.y - dj * before.stride));
    const float cost = index_.cost(query, point);
    if (best.point < 0 || cost < best.cost) best = {point, cost};
  }
  return best;
}

void PatchScale::choose(int batch, int round, const std::vector<float>& queries, const PatchField& before) {
  std::vector<int> found(field_.at.size(), -1);
  parallel_for(field_.rows, threads_, [&](int j) {
    for (int i = 0; i < field_.columns; ++i) {
      const std::size_t n = static_cast<std::size_t>(j) * field_.columns + i;
      if (random_bits(o_.seed + static_cast<std::uint64_t>(round), n) % batches != static_cast<std::uint64_t>(batch))
        continue;
      const float* query = &queries[n * space_.dimensions()];
      found[n] = index_.nearest(query, best_of_neighbors(i, j, query, before), o_.most_leaves).point;
    }
  });
  for (std::size_t n = 0; n < found.size(); ++n) {
    if (found[n] < 0) continue;
    if (has_field_) --uses_[point_of(before.at[n])];
    ++uses_[found[n]];
    field_.at[n] = {found[n] % across_, found[n] / across_};
  }
}

void PatchScale::search_and_vote(int round) {
  const std::vector<float> queries =
      space_.project(joined(picture_, pictures_.photo_guides), field_.stride, true, threads_);
  const PatchField before = field_;
  for (int batch = 0; batch < batches; ++batch) {
    penalize();
    choose(batch, round, queries, before);
  }
  has_field_ = true;
  picture_ = voted(field_, pictures_.style, threads_);
}

}  // namespace sfumato
