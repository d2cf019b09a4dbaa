// SPDX-License-Identifier: Apache-2.0
#include "video/ycbcr.h"

#include <Eigen/LU>
#include <algorithm>
#include <map>

#include "base/threads.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Matrix = Eigen::Matrix<double, 3, 3, Eigen::RowMajor>;

// Shares of red and blue in luma [ITU-T H.273, table 4].
struct Luma {
  double red, blue;
};
const std::map<std::string, Luma> lumas{{"bt709", {0.2126, 0.0722}},   {"fcc", {0.30, 0.11}},
                                        {"bt470bg", {0.299, 0.114}},   {"smpte170m", {0.299, 0.114}},
                                        {"smpte240m", {0.212, 0.087}}, {"bt2020nc", {0.2627, 0.0593}}};

// R'G'B' to Y'CbCr, or to the order of planes.
Matrix matrix_named(const std::string& name) {
  Matrix m;
  if (name == "gbr") {
    m << 0, 1, 0, 0, 0, 1, 1, 0, 0;
    return m;
  }
  const auto found = lumas.find(name);
  if (found == lumas.end()) throw Error(Code::input, "found the color matrix " + name + ", which is not known");
  const auto [r, b] = found->second;
  const double g = 1 - r - b;
  m << r, g, b,                                     //
      -r / (2 * (1 - b)), -g / (2 * (1 - b)), 0.5,  //
      0.5, -g / (2 * (1 - r)), -b / (2 * (1 - r));
  return m;
}

std::array<float, 9> floats(const Matrix& m) {
  std::array<float, 9> f;
  std::copy_n(m.data(), 9, f.begin());
  return f;
}

template <class Work>
void for_parts(std::size_t count, int threads, const Work& work) {
  constexpr std::size_t part = 1 << 16;
  parallel_for(static_cast<int>((count + part - 1) / part), threads, [&](int i) {
    work(static_cast<std::size_t>(i) * part, std::min(count, (static_cast<std::size_t>(i) + 1) * part));
  });
}

}  // namespace

YCbCr::YCbCr(const std::string& matrix, bool is_full) {
  const bool is_rgb = matrix == "gbr";
  const double color_scale = is_full ? 65535 : is_rgb ? 219 * 256 : 224 * 256, scale = is_full ? 65535 : 219 * 256;
  const double black = is_full ? 0 : 16 * 256, no_color = is_rgb ? black : 32768;
  const Matrix from = Eigen::Vector3d(scale, color_scale, color_scale).asDiagonal() * matrix_named(matrix);
  from_ = floats(from);
  to_ = floats(from.inverse());
  zero_ = {static_cast<float>(black), static_cast<float>(no_color), static_cast<float>(no_color)};
}

void YCbCr::to_rgb(const RawFrame& frame, const MutableView& rgb, int threads) const {
  const std::size_t count = frame.size() / 3;
  auto* const out = reinterpret_cast<float*>(rgb.data);
  for_parts(count, threads, [&](std::size_t begin, std::size_t end) {
    const std::array m = to_;
    const std::array z = zero_;
    for (std::size_t i = begin; i < end; ++i) {
      const float a = static_cast<float>(frame[i]) - z[0], b = static_cast<float>(frame[count + i]) - z[1],
                  c = static_cast<float>(frame[2 * count + i]) - z[2];
      out[3 * i] = m[0] * a + m[1] * b + m[2] * c;
      out[3 * i + 1] = m[3] * a + m[4] * b + m[5] * c;
      out[3 * i + 2] = m[6] * a + m[7] * b + m[8] * c;
    }
  });
}

void YCbCr::from_rgb(const View& rgb, RawFrame& frame, int threads) const {
  const std::size_t count = frame.size() / 3;
  const auto* const in = reinterpret_cast<const float*>(rgb.data);
  for_parts(count, threads, [&](std::size_t begin, std::size_t end) {
    for (int plane = 0; plane < 3; ++plane) {
      const float r = from_[3 * plane], g = from_[3 * plane + 1], b = from_[3 * plane + 2], half = zero_[plane] + 0.5f;
      std::uint16_t* const out = frame.data() + plane * count;
      for (std::size_t i = begin; i < end; ++i) {
        const float v = r * in[3 * i] + g * in[3 * i + 1] + b * in[3 * i + 2] + half;
        out[i] = static_cast<std::uint16_t>(static_cast<int>(std::clamp(v, 0.0f, 65535.0f)));
      }
    }
  });
}

}  // namespace sfumato
