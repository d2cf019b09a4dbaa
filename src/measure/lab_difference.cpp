// SPDX-License-Identifier: Apache-2.0
#include "measure/lab_difference.h"

#include <array>

#include "color/prophoto.h"
#include "color/transfer.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

Lab scaled(const Rgb<float>& lab) { return {lab.r * 100.0, lab.g * 128.0, lab.b * 128.0}; }

std::array<float, 256> decoded_8bit() {
  std::array<float, 256> table{};
  for (int i = 0; i < 256; ++i) table[i] = static_cast<float>(srgb_decode(i / 255.0));
  return table;
}

Lab prophoto_to_lab(const float* rgb) {
  const Rgb<double> xyz = d50_to_d65(prophoto_to_xyz({rgb[0], rgb[1], rgb[2]}));
  const double fx = cielab_curve(xyz.r / 0.95047), fy = cielab_curve(xyz.g), fz = cielab_curve(xyz.b / 1.08883);
  return {116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)};
}

struct Sums {
  double e76 = 0.0, e2000 = 0.0;
  void operator+=(const Sums& o) { e76 += o.e76, e2000 += o.e2000; }
};

}  // namespace

void read_lab_row(const View& v, int y, LabChain chain, std::vector<Lab>& row) {
  static const std::array<float, 256> decoded = decoded_8bit();
  const std::size_t n = static_cast<std::size_t>(v.width);
  row.resize(n);
  if (chain == LabChain::srgb_8bit || (chain == LabChain::srgb && v.sample == Sample::u8)) {
    std::vector<std::uint8_t> rgb(3 * n);
    read_row_8bit(v, y, rgb.data());
    for (std::size_t x = 0; x < n; ++x)
      row[x] =
          scaled(linear_to_cielab(Rgb<float>{decoded[rgb[3 * x]], decoded[rgb[3 * x + 1]], decoded[rgb[3 * x + 2]]}));
    return;
  }
  std::vector<float> rgb(3 * n);
  read_row(v, y, rgb.data());
  for (std::size_t x = 0; x < n; ++x) {
    const float* p = &rgb[3 * x];
    row[x] = chain == LabChain::prophoto ? prophoto_to_lab(p)
                                         : scaled(linear_to_cielab(srgb_decode(Rgb<float>{p[0], p[1], p[2]})));
  }
}

LabDifference lab_difference(const View& a, const View& b, LabChain chain, int threads, Plane* map) {
  check_same_size(a, b);
  if (map) *map = Plane(a.width, a.height);
  const Sums sums = sum_of_rows<Sums>(a.height, threads, [&](int y) {
    std::vector<Lab> p, q;
    read_lab_row(a, y, chain, p);
    read_lab_row(b, y, chain, q);
    Sums row;
    for (int x = 0; x < a.width; ++x) {
      const double e = delta_e_2000(p[x], q[x]);
      row += {delta_e_76(p[x], q[x]), e};
      if (map) map->row(y)[x] = static_cast<float>(e);
    }
    return row;
  });
  const double pixels = static_cast<double>(a.width) * a.height;
  return {sums.e76 / pixels, sums.e2000 / pixels};
}

}  // namespace sfumato
