// SPDX-License-Identifier: Apache-2.0
// Which instruction sets this build has and this processor runs. Each room with kernels compiles its
// kernels.cpp once per set (cmake/kernels.cmake) and offers one table of functions for each Isa.
#pragma once

#include <span>
#include <string_view>

namespace sfumato {

// The numbers are SFM_ISA_NUMBER in cmake/kernels.cmake.
enum class Isa { plain = 0, sse4 = 1, avx2 = 2, avx512 = 3, native = 4 };

std::string_view name_of(Isa);

// Slowest first; `plain` (no registers) always comes first.
std::span<const Isa> available_isas();

// The fastest, or the one that the environment variable SFUMATO_ISA names.
// Throws Code::usage when that names none of them.
Isa best_isa();

// The table of kernels of type T for an instruction set: specialized once in each compiled kernels.cpp.
template <class T, int isa>
const T& kernel_table();

template <class T>
const T& kernels(Isa isa) {
#ifdef SFM_HAS_X86
  switch (isa) {
    case Isa::sse4:
      return kernel_table<T, 1>();
    case Isa::avx2:
      return kernel_table<T, 2>();
    case Isa::avx512:
      return kernel_table<T, 3>();
    default:
      return kernel_table<T, 0>();
  }
#else
  return isa == Isa::plain ? kernel_table<T, 0>() : kernel_table<T, 4>();
#endif
}

}  // namespace sfumato
