// SPDX-License-Identifier: Apache-2.0
// Compiled once per instruction set; see cmake/kernels.cmake.
#include "lane/fastest.h"
#include "lane/isa.h"
#include "transfer/color_rows.h"

#include "transfer/color_row_kernels.h"

namespace sfumato {
inline namespace SFM_ISA {

constexpr ColorRows color_rows{project<Lane>, exchange<Lane>, move_along<Lane>};

}  // namespace SFM_ISA

template <>
const ColorRows& kernel_table<ColorRows, SFM_ISA_NUMBER>() {
  return color_rows;
}

}  // namespace sfumato
