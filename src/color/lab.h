// SPDX-License-Identifier: Apache-2.0
// OKLab [Ottosson2020] and CIE L*a*b* [CIE15] of linear sRGB. A color's L, a, b travel in the r, g, b of Rgb<V>.
#pragma once

#include "lane/pixel.h"

namespace sfumato {
inline namespace SFM_ISA {

struct OklabMatrices {
  static constexpr float to_lms[9]{0.4122214708f, 0.5363325363f, 0.0514459929f, 0.2119034982f, 0.6806995451f,
                                   0.1073969566f, 0.0883024619f, 0.2817188376f, 0.6299787005f};
  static constexpr float to_lab[9]{0.2104542553f, 0.7936177850f, -0.0040720468f, 1.9779984951f, -2.4285922050f,
                                   0.4505937099f, 0.0259040371f, 0.7827717662f,  -0.8086757660f};
  static constexpr float to_roots[9]{1.0f,           0.3963377774f, 0.2158037573f,  1.0f,          -0.1055613458f,
                                     -0.0638541728f, 1.0f,          -0.0894841775f, -1.2914855480f};
  static constexpr float to_rgb[9]{4.0767416621f,  -3.3077115913f, 0.2309699292f,  -1.2684380046f, 2.6097574011f,
                                   -0.3413193965f, -0.0041960863f, -0.7034186147f, 1.7076147010f};
};

template <class V>
Rgb<V> linear_to_oklab(const Rgb<V>& c) {
  Rgb<V> lms = times(OklabMatrices::to_lms, c);
  return times(OklabMatrices::to_lab, Rgb<V>{cube_root(lms.r), cube_root(lms.g), cube_root(lms.b)});
}

template <class V>
Rgb<V> oklab_to_linear(const Rgb<V>& lab) {
  Rgb<V> root = times(OklabMatrices::to_roots, lab);
  return times(OklabMatrices::to_rgb, root * root * root);
}

// Linear sRGB to XYZ relative to the D65 white (each row sums to 1), and back.
struct CielabMatrices {
  static constexpr float to_xyz[9]{0.433887346f, 0.376224009f, 0.189888645f, 0.212639006f, 0.715168679f,
                                   0.072192315f, 0.017750040f, 0.109447621f, 0.872802339f};
  static constexpr float to_rgb[9]{3.080399091f, -1.537383178f, -0.543015913f, -0.921223359f, 1.875967502f,
                                   0.045255857f, 0.052873939f,  -0.203976959f, 1.151103020f};
};

template <class V>
V cielab_curve(const V& t) {
  return select(t < V(0.00885645168f), t * V(7.78703704f) + V(16.0f / 116.0f), cube_root(t));
}

template <class V>
V cielab_curve_inverse(const V& f) {
  return select(f < V(6.0f / 29.0f), (f - V(16.0f / 116.0f)) * V(1.0f / 7.78703704f), f * f * f);
}

// L* / 100, a* / 128, b* / 128.
template <class V>
Rgb<V> linear_to_cielab(const Rgb<V>& c) {
  Rgb<V> xyz = times(CielabMatrices::to_xyz, c);
  V fx = cielab_curve(xyz.r), fy = cielab_curve(xyz.g), fz = cielab_curve(xyz.b);
  return {fy * V(1.16f) - V(0.16f), (fx - fy) * V(500.0f / 128.0f), (fy - fz) * V(200.0f / 128.0f)};
}

template <class V>
Rgb<V> cielab_to_linear(const Rgb<V>& lab) {
  V fy = (lab.r + V(0.16f)) * V(1.0f / 1.16f);
  V fx = fy + lab.g * V(128.0f / 500.0f), fz = fy - lab.b * V(128.0f / 200.0f);
  return times(CielabMatrices::to_rgb,
               Rgb<V>{cielab_curve_inverse(fx), cielab_curve_inverse(fy), cielab_curve_inverse(fz)});
}

}  // namespace SFM_ISA
}  // namespace sfumato
