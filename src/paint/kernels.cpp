// SPDX-License-Identifier: Apache-2.0
// Compiled once per instruction set; see cmake/kernels.cmake.
#include "lane/fastest.h"
#include "lane/isa.h"
#include "paint/leaf_distances.h"

#include "paint/patch_kernels.h"

namespace sfumato {
inline namespace SFM_ISA {

constexpr PatchKernels patch_kernels{leaf_distances<Lane>};

}  // namespace SFM_ISA

template <>
const PatchKernels& kernel_table<PatchKernels, SFM_ISA_NUMBER>() {
  return patch_kernels;
}

}  // namespace sfumato
