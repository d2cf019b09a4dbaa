// SPDX-License-Identifier: Apache-2.0
// The kernels of leaf_distances.h, over any lane.
#pragma once

#include "filters/row_verbs.h"
#include "paint/leaf_distances.h"

namespace sfumato {
inline namespace SFM_ISA {

template <class V>
void leaf_distances(const float* points, const float* query, int dimensions, float* to) {
  constexpr int lanes = lanes_of<V>();
  for (int i = 0; i < PatchKernels::leaf; i += 2 * lanes) {
    V a(0.0f), b(0.0f);
    for (int d = 0; d < dimensions; ++d) {
      const float* p = points + d * PatchKernels::leaf + i;
      const V q(query[d]);
      const V u = load<V>(p) - q, v = load<V>(p + lanes) - q;
      a = multiply_add(u, u, a), b = multiply_add(v, v, b);
    }
    store(a, to + i), store(b, to + i + lanes);
  }
}

}  // namespace SFM_ISA
}  // namespace sfumato
