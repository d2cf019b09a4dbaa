// SPDX-License-Identifier: Apache-2.0
// The elementary verbs of the plain lanes, float and double.
#pragma once

// The kernels are compiled once per instruction set, each in its own inline namespace, so that
// the linker can never mix them up. Everything else sees the portable set.
#ifndef SFM_ISA
#define SFM_ISA portable
#endif

namespace sfumato {
inline namespace SFM_ISA {

template <class T>
concept Plain = __is_same(T, float) || __is_same(T, double);

template <Plain T>
inline T min(T a, T b) {
  return a < b ? a : b;
}
template <Plain T>
inline T max(T a, T b) {
  return a > b ? a : b;
}
template <Plain T>
inline T select(bool m, T yes, T no) {
  return m ? yes : no;
}
inline float abs(float v) { return __builtin_fabsf(v); }
inline double abs(double v) { return __builtin_fabs(v); }
inline float floor(float v) { return __builtin_floorf(v); }
inline double floor(double v) { return __builtin_floor(v); }
inline float sqrt(float v) { return __builtin_sqrtf(v); }
inline double sqrt(double v) { return __builtin_sqrt(v); }
inline float exp2(float v) { return __builtin_exp2f(v); }
inline double exp2(double v) { return __builtin_exp2(v); }
inline float log2(float v) { return __builtin_log2f(v); }
inline double log2(double v) { return __builtin_log2(v); }
inline float atan2(float y, float x) { return __builtin_atan2f(y, x); }
inline double atan2(double y, double x) { return __builtin_atan2(y, x); }
inline float cos(float v) { return __builtin_cosf(v); }
inline double cos(double v) { return __builtin_cos(v); }
inline float sin(float v) { return __builtin_sinf(v); }
inline double sin(double v) { return __builtin_sin(v); }

}  // namespace SFM_ISA
}  // namespace sfumato
