// SPDX-License-Identifier: Apache-2.0
// Points in a tree, found by the least sum of squared distance and a penalty of each point. Bentley's tree of halves,
// looked through best bin first [Beis1997].
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "image/strip.h"
#include "paint/leaf_distances.h"

namespace sfumato {

class PatchIndex {
 public:
  struct Found {
    int point = -1;
    float cost = 0;
  };

  // points: one after the other, at least one.
  PatchIndex(std::vector<float> points, int dimensions);

  int count() const { return count_; }
  void set_penalties(std::span<const float> of_points);
  float cost(const float* query, int point) const;
  // The best of at most `most_leaves` leaves and of `start`, of ties the first found. Exact if all leaves may be seen.
  Found nearest(const float* query, Found start, int most_leaves) const;

 private:
  struct Split {
    int dimension = 0;
    float at = 0;
  };
  struct Branch {
    float bound;  // no point below costs less
    float distance;
    int node;
    bool operator<(const Branch& o) const { return bound > o.bound; }
  };

  void split(int node, int first, int last, std::vector<int>& order);
  void search_leaf(int leaf, const float* query, Found& best) const;
  // Squared distances to the node's box along each dimension, as far as its ancestors' splits tell.
  void offsets_of(int node, const float* query, float* offsets) const;

  const PatchKernels& kernels_;
  std::vector<float> points_, penalties_;
  int dimensions_, count_, leaves_ = 1;
  std::vector<Split> splits_;  // node n has the children 2n and 2n + 1; the root is 1
  std::vector<float> least_;   // penalty below each node, leaves included
  AlignedFloats leaf_points_;  // dimension by dimension
  std::vector<int> leaf_ids_;  // -1: none
  std::vector<float> leaf_penalty_;
};

}  // namespace sfumato
