// SPDX-License-Identifier: Apache-2.0
// Compiled once per instruction set; see cmake/kernels.cmake.
#include "filters/rows.h"
#include "lane/fastest.h"
#include "lane/isa.h"

#include "filters/domain_kernels.h"
#include "filters/row_kernels.h"

namespace sfumato {
inline namespace SFM_ISA {

constexpr FilterRows filter_rows{decimate_rows<Lane>, decimate_columns<Lane>, weigh_rows<Lane>,  weigh_columns<Lane>,
                                 magnify<Lane>,       magnify_add<Lane>,      accumulate<Lane>,  place_widths<Lane>,
                                 share_level<Lane>,   domain_distances<Lane>, recur_along<Lane>, feedback<Lane>,
                                 follow<Lane>};

}  // namespace SFM_ISA

template <>
const FilterRows& kernel_table<FilterRows, SFM_ISA_NUMBER>() {
  return filter_rows;
}

}  // namespace sfumato
