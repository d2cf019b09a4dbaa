// SPDX-License-Identifier: Apache-2.0
// The kernel of patch_index.h, one table per instruction set (see lane/isa.h).
#pragma once

namespace sfumato {

struct PatchKernels {
  static constexpr int leaf = 32;  // points that lie together, dimension by dimension
  // to[i] = sum over d of (points[d * leaf + i] - query[d])^2, for i < leaf
  void (*distances)(const float* points, const float* query, int dimensions, float* to);
};

}  // namespace sfumato
