// SPDX-License-Identifier: Apache-2.0
// The colors of black bodies in CIE 1960 u, v [Krystek1985], counted in mired from D65: the scale of white balance.
#pragma once

#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

struct WhiteScale {
  static constexpr float d65_mired = 153.75f;
  static constexpr float duv_per_tint = 0.0002f;  // shift of v below the locus for one step of tint
};

template <class S>
struct Chromaticity {
  S u, v;
};

// `mired` from D65; positive is warmer.
template <class S>
Chromaticity<S> planckian(const S& mired) {
  const S t = S(1e6f) / (S(WhiteScale::d65_mired) + mired);
  return {(S(0.860117757f) + t * S(1.54118254e-4f) + t * t * S(1.28641212e-7f)) /
              (S(1.0f) + t * S(8.42420235e-4f) + t * t * S(7.08145163e-7f)),
          (S(0.317398726f) + t * S(4.22806245e-5f) + t * t * S(4.20481691e-8f)) /
              (S(1.0f) - t * S(2.89741816e-5f) + t * t * S(1.61456053e-7f))};
}

}  // namespace SFM_ISA
}  // namespace sfumato
