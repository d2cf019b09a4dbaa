// SPDX-License-Identifier: Apache-2.0
#include "measure/psnr.h"

#include <cmath>
#include <limits>

#include "measure/plane.h"

namespace sfumato {

double psnr_db(const View& a, const View& b, int threads) {
  check_same_size(a, b);
  const std::size_t samples = 3 * static_cast<std::size_t>(a.width);
  const auto squares = sum_of_rows<std::uint64_t>(a.height, threads, [&](int y) {
    std::vector<std::uint8_t> p(samples), q(samples);
    read_row_8bit(a, y, p.data());
    read_row_8bit(b, y, q.data());
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < samples; ++i) {
      const int d = p[i] - q[i];
      sum += static_cast<std::uint64_t>(d * d);
    }
    return sum;
  });
  if (squares == 0) return std::numeric_limits<double>::infinity();
  return 10.0 * std::log10(255.0 * 255.0 * static_cast<double>(samples) * a.height / static_cast<double>(squares));
}

}  // namespace sfumato
