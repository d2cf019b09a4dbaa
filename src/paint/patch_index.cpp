// SPDX-License-Identifier: Apache-2.0
#include "paint/patch_index.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "lane/isa.h"

namespace sfumato {
namespace {

constexpr int leaf_size = PatchKernels::leaf;
constexpr float far_away = 1e18f;  // a coordinate whose square is still a number

}  // namespace

PatchIndex::PatchIndex(std::vector<float> points, int dimensions)
    : kernels_(kernels<PatchKernels>(best_isa())),
      points_(std::move(points)),
      dimensions_(dimensions),
      count_(static_cast<int>(points_.size() / dimensions)) {
  while (static_cast<long long>(leaves_) * leaf_size < count_) leaves_ *= 2;
  splits_.resize(static_cast<std::size_t>(leaves_));
  least_.assign(2 * static_cast<std::size_t>(leaves_), 0.0f);
  leaf_points_.resize(static_cast<std::size_t>(leaves_) * leaf_size * dimensions);
  std::fill_n(leaf_points_.data(), static_cast<std::size_t>(leaves_) * leaf_size * dimensions, far_away);
  leaf_ids_.assign(static_cast<std::size_t>(leaves_) * leaf_size, -1);
  leaf_penalty_.assign(leaf_ids_.size(), 0.0f);
  std::vector<int> order(static_cast<std::size_t>(count_));
  std::iota(order.begin(), order.end(), 0);
  split(1, 0, count_, order);
}

void PatchIndex::split(int node, int first, int last, std::vector<int>& order) {
  if (node >= leaves_) {
    const std::size_t leaf = static_cast<std::size_t>(node - leaves_);
    for (int i = first; i < last; ++i) {
      leaf_ids_[leaf * leaf_size + (i - first)] = order[i];
      const float* p = &points_[static_cast<std::size_t>(order[i]) * dimensions_];
      for (int d = 0; d < dimensions_; ++d)
        leaf_points_.data()[(leaf * dimensions_ + d) * leaf_size + (i - first)] = p[d];
    }
    return;
  }
  // Along the dimension in which a sample of the points varies most.
  std::vector<double> sum(dimensions_), squares(dimensions_);
  const int step = std::max(1, (last - first) / 64);
  int n = 0;
  for (int i = first; i < last; i += step, ++n)
    for (int d = 0; d < dimensions_; ++d) {
      const double v = points_[static_cast<std::size_t>(order[i]) * dimensions_ + d];
      sum[d] += v, squares[d] += v * v;
    }
  int widest = 0;
  auto variance = [&](int d) { return squares[d] - sum[d] * sum[d] / n; };
  for (int d = 1; d < dimensions_; ++d)
    if (variance(d) > variance(widest)) widest = d;
  auto at = [&](int id) { return points_[static_cast<std::size_t>(id) * dimensions_ + widest]; };
  const int middle = first + (last - first) / 2;
  std::nth_element(order.begin() + first, order.begin() + middle, order.begin() + last,
                   [&](int a, int b) { return at(a) != at(b) ? at(a) < at(b) : a < b; });
  splits_[node] = {widest, middle < last ? at(order[middle]) : 0.0f};
  split(2 * node, first, middle, order);
  split(2 * node + 1, middle, last, order);
}

void PatchIndex::set_penalties(std::span<const float> of_points) {
  for (int leaf = 0; leaf < leaves_; ++leaf) {
    float least = std::numeric_limits<float>::max();
    for (int i = leaf * leaf_size; i < (leaf + 1) * leaf_size && leaf_ids_[i] >= 0; ++i) {
      leaf_penalty_[i] = of_points[leaf_ids_[i]];
      least = std::min(least, leaf_penalty_[i]);
    }
    least_[leaves_ + leaf] = least;
  }
  for (int node = leaves_ - 1; node > 0; --node) least_[node] = std::min(least_[2 * node], least_[2 * node + 1]);
  penalties_.assign(of_points.begin(), of_points.end());
}

float PatchIndex::cost(const float* query, int point) const {
  const float* p = &points_[static_cast<std::size_t>(point) * dimensions_];
  float sum = 0;
  for (int d = 0; d < dimensions_; ++d) sum += (p[d] - query[d]) * (p[d] - query[d]);
  return sum + (penalties_.empty() ? 0.0f : penalties_[point]);
}

void PatchIndex::search_leaf(int leaf, const float* query, Found& best) const {
  alignas(64) float distance[leaf_size];
  kernels_.distances(leaf_points_.data() + static_cast<std::size_t>(leaf) * dimensions_ * leaf_size, query, dimensions_,
                     distance);
  const int* id = &leaf_ids_[static_cast<std::size_t>(leaf) * leaf_size];
  const float* penalty = &leaf_penalty_[static_cast<std::size_t>(leaf) * leaf_size];
  for (int i = 0; i < leaf_size; ++i)
    if (const float cost = distance[i] + penalty[i]; id[i] >= 0 && (best.point < 0 || cost < best.cost))
      best = {id[i], cost};
}

void PatchIndex::offsets_of(int node, const float* query, float* offsets) const {
  std::fill_n(offsets, dimensions_, 0.0f);
  for (; node > 1; node /= 2) {
    const Split& s = splits_[node / 2];
    const float past = query[s.dimension] - s.at;
    if ((node & 1) ? past < 0 : past > 0) offsets[s.dimension] = std::max(offsets[s.dimension], past * past);
  }
}

PatchIndex::Found PatchIndex::nearest(const float* query, Found best, int most_leaves) const {
  thread_local std::vector<Branch> heap;
  thread_local std::vector<float> offsets;
  offsets.resize(static_cast<std::size_t>(dimensions_));
  heap.assign(1, {least_[1], 0, 1});
  for (int seen = 0; !heap.empty() && seen < most_leaves; ++seen) {
    std::pop_heap(heap.begin(), heap.end());
    auto [bound, distance, node] = heap.back();
    heap.pop_back();
    if (best.point >= 0 && bound >= best.cost) break;
    offsets_of(node, query, offsets.data());
    while (node < leaves_) {
      const Split& s = splits_[node];
      const float past = query[s.dimension] - s.at;
      const int near = 2 * node + (past >= 0), other = near ^ 1;
      const float squared = std::max(offsets[s.dimension], past * past);
      const float beyond = distance - offsets[s.dimension] + squared;
      if (best.point < 0 || beyond + least_[other] < best.cost) {
        heap.push_back({beyond + least_[other], beyond, other});
        std::push_heap(heap.begin(), heap.end());
      }
      node = near;
    }
    search_leaf(node - leaves_, query, best);
  }
  return best;
}

}  // namespace sfumato
