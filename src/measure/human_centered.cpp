// SPDX-License-Identifier: Apache-2.0
#include "measure/human_centered.h"

#include <cmath>
#include <map>

#include "measure/lab_difference.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

struct Sums {
  double squares = 0.0, distance = 0.0, a = 0.0, b = 0.0;
  void operator+=(const Sums& o) { squares += o.squares, distance += o.distance, a += o.a, b += o.b; }
};

double variance(const std::vector<double>& v) {
  double mean = 0.0, sum = 0.0;
  for (const double x : v) mean += x / static_cast<double>(v.size());
  for (const double x : v) sum += (x - mean) * (x - mean);
  return v.size() > 1 ? sum / static_cast<double>(v.size() - 1) : 0.0;
}

}  // namespace

Plane human_weights(const View& mask, int width, int height) {
  const Plane people = channel_plane(mask, 0);
  Plane weights(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      weights.row(y)[x] = people.row(static_cast<int>((y + 0.5) * mask.height /
                                                      height))[static_cast<int>((x + 0.5) * mask.width / width)] > 0.5f
                              ? 1.0f
                              : 0.5f;
  return weights;
}

HumanCentered human_centered(const View& a, const View& b, const Plane& weights, int threads) {
  check_same_size(a, b);
  if (weights.width != a.width || weights.height != a.height)
    throw Error(Code::input, "found a mask of another size than its picture");
  const Sums sums = sum_of_rows<Sums>(a.height, threads, [&](int y) {
    std::vector<std::uint8_t> p(3 * static_cast<std::size_t>(a.width)), q(p.size());
    read_row_8bit(a, y, p.data());
    read_row_8bit(b, y, q.data());
    std::vector<Lab> lab_p, lab_q;
    read_lab_row(a, y, LabChain::srgb_8bit, lab_p);
    read_lab_row(b, y, LabChain::srgb_8bit, lab_q);
    Sums row;
    for (std::size_t x = 0; x < lab_p.size(); ++x) {
      const double w = weights.row(y)[x];
      for (std::size_t i = 3 * x; i < 3 * x + 3; ++i) row.squares += w * w * (p[i] - q[i]) * (p[i] - q[i]);
      row += {0.0, w * delta_e_76(lab_p[x], lab_q[x]), lab_p[x].a, lab_p[x].b};
    }
    return row;
  });
  const double pixels = static_cast<double>(a.width) * a.height;
  return {10.0 * std::log10(255.0 * 255.0 * 3.0 * pixels / sums.squares), sums.distance / pixels, sums.a / pixels,
          sums.b / pixels};
}

double group_consistency(const std::vector<HumanCentered>& pictures, const std::vector<std::string>& groups) {
  std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> means;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    auto& [a, b] = means[groups[i]];
    a.push_back(pictures[i].mean_a);
    b.push_back(pictures[i].mean_b);
  }
  double sum = 0.0;
  for (const auto& [name, ab] : means) sum += 0.5 * (variance(ab.first) + variance(ab.second));
  return means.empty() ? 0.0 : sum / static_cast<double>(means.size());
}

}  // namespace sfumato
