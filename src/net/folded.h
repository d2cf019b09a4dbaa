// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "files/safetensors.h"
#include "net/fuse.h"

namespace sfumato {

struct FoldedKernel {
  std::vector<float> weight, bias;  // as NodeKind says; bias [channels] even where the node has none
};

// The weights of a conv, conv_transposed or linear node together with the batch norm behind it.
FoldedKernel folded_kernel(const FusedNode&, const TensorFile&);

// The kernel that computes `together` neighbors of a row at once, as further channels, of a convolution without stride,
// dilation or groups: it is together - 1 columns wider.
FoldedKernel side_by_side(const FoldedKernel&, const Node&, int together);

// The affine map of a batch norm: x * scale + shift.
struct Affine {
  std::vector<float> scale, shift;
};
Affine affine_of(const Node& batch_norm, const TensorFile&);

}  // namespace sfumato
