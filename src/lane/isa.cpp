// SPDX-License-Identifier: Apache-2.0
#include "lane/isa.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "sfumato/error.h"

namespace sfumato {

std::string_view name_of(Isa isa) {
  constexpr std::string_view names[]{"plain", "sse4", "avx2", "avx512", "native"};
  return names[static_cast<int>(isa)];
}

std::span<const Isa> available_isas() {
  static const std::vector<Isa> all = [] {
    std::vector<Isa> found{Isa::plain};
#ifdef SFM_HAS_X86
    // The levels and features that cmake/kernels.cmake compiles for; each level contains the one before.
    if (!__builtin_cpu_supports("aes") || !__builtin_cpu_supports("pclmul")) return found;
    if (__builtin_cpu_supports("x86-64-v2")) found.push_back(Isa::sse4);
    if (__builtin_cpu_supports("x86-64-v3")) found.push_back(Isa::avx2);
    if (__builtin_cpu_supports("x86-64-v4")) found.push_back(Isa::avx512);
#else
    found.push_back(Isa::native);
#endif
    return found;
  }();
  return all;
}

Isa best_isa() {
  static const Isa best = [] {
    const char* wish = std::getenv("SFUMATO_ISA");
    if (!wish || !*wish) return available_isas().back();
    std::string names;
    for (Isa isa : available_isas()) {
      if (name_of(isa) == wish) return isa;
      names += (names.empty() ? "" : ", ") + std::string(name_of(isa));
    }
    throw Error(Code::usage, "found '" + std::string(wish) + "'; expected one of " + names, "SFUMATO_ISA");
  }();
  return best;
}

}  // namespace sfumato
