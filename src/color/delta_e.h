// SPDX-License-Identifier: Apache-2.0
// Color differences of CIE L*a*b* colors: CIE76 and CIEDE2000 [Sharma2005].
#pragma once

#include <cmath>

namespace sfumato {

struct Lab {
  double l, a, b;  // L* 0..100
};

inline double delta_e_76(const Lab& p, const Lab& q) { return std::hypot(p.l - q.l, p.a - q.a, p.b - q.b); }

inline double delta_e_2000(const Lab& p, const Lab& q) {
  constexpr double pi = 3.14159265358979323846, rad = pi / 180.0;
  auto pow7 = [](double v) { return std::pow(v, 7.0); };
  const double mean_c = 0.5 * (std::hypot(p.a, p.b) + std::hypot(q.a, q.b));
  const double g = 0.5 * (1.0 - std::sqrt(pow7(mean_c) / (pow7(mean_c) + pow7(25.0))));
  const double a1 = (1.0 + g) * p.a, a2 = (1.0 + g) * q.a;
  const double c1 = std::hypot(a1, p.b), c2 = std::hypot(a2, q.b);
  auto hue = [&](double a, double b) {
    if (a == 0.0 && b == 0.0) return 0.0;
    const double h = std::atan2(b, a);
    return h < 0.0 ? h + 2.0 * pi : h;
  };
  const double h1 = hue(a1, p.b), h2 = hue(a2, q.b);
  const bool is_gray = c1 * c2 == 0.0;
  double dh = is_gray ? 0.0 : h2 - h1;
  if (dh > pi) dh -= 2.0 * pi;
  if (dh < -pi) dh += 2.0 * pi;
  const double dl = q.l - p.l, dc = c2 - c1, dhh = 2.0 * std::sqrt(c1 * c2) * std::sin(0.5 * dh);

  const double l = 0.5 * (p.l + q.l), c = 0.5 * (c1 + c2);
  double h = h1 + h2;
  if (!is_gray) {
    if (std::abs(h1 - h2) > pi) h += h < 2.0 * pi ? 2.0 * pi : -2.0 * pi;
    h *= 0.5;
  }
  const double t = 1.0 - 0.17 * std::cos(h - 30.0 * rad) + 0.24 * std::cos(2.0 * h) +
                   0.32 * std::cos(3.0 * h + 6.0 * rad) - 0.20 * std::cos(4.0 * h - 63.0 * rad);
  const double turn = 30.0 * rad * std::exp(-std::pow((h / rad - 275.0) / 25.0, 2.0));
  const double rc = 2.0 * std::sqrt(pow7(c) / (pow7(c) + pow7(25.0)));
  const double sl = 1.0 + 0.015 * (l - 50.0) * (l - 50.0) / std::sqrt(20.0 + (l - 50.0) * (l - 50.0));
  const double sc = 1.0 + 0.045 * c, sh = 1.0 + 0.015 * c * t;
  const double vl = dl / sl, vc = dc / sc, vh = dhh / sh;
  return std::sqrt(vl * vl + vc * vc + vh * vh - std::sin(2.0 * turn) * rc * vc * vh);
}

}  // namespace sfumato
