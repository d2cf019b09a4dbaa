// SPDX-License-Identifier: Apache-2.0
#include "measure/ssim.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr int window = 11, rows_at_once = 32;
using Row = std::vector<double>;

std::array<double, window> gaussian_window() {
  std::array<double, window> g{};
  double sum = 0.0;
  for (int i = 0; i < window; ++i) sum += g[i] = std::exp(-(i - 5.0) * (i - 5.0) / (2.0 * 1.5 * 1.5));
  for (double& v : g) v /= sum;
  return g;
}

const std::array<double, window> weights = gaussian_window();

// out[x] += weights * in[x ..], for whole windows.
void blur_row(const Row& in, Row& out) {
  std::fill(out.begin(), out.end(), 0.0);
  for (int k = 0; k < window; ++k)
    for (std::size_t x = 0; x < out.size(); ++x) out[x] += weights[k] * in[x + k];
}

// Means of a, b, a^2, b^2 and ab over the window's width at one row.
std::array<Row, 5> moments(const float* a, const float* b, int width) {
  const std::size_t n = static_cast<std::size_t>(width);
  std::array<Row, 5> in, out;
  for (Row& r : in) r.resize(n);
  for (std::size_t x = 0; x < n; ++x) {
    const double p = a[x], q = b[x];
    in[0][x] = p, in[1][x] = q, in[2][x] = p * p, in[3][x] = q * q, in[4][x] = p * q;
  }
  for (int i = 0; i < 5; ++i) {
    out[i].resize(n - window + 1);
    blur_row(in[i], out[i]);
  }
  return out;
}

// Sum of the similarity over windows that start in rows y0 .. y1.
double sum_of_windows(const Plane& a, const Plane& b, int y0, int y1, double c1, double c2) {
  std::vector<std::array<Row, 5>> rows;
  for (int y = y0; y < y1 + window - 1; ++y) rows.push_back(moments(a.row(y), b.row(y), a.width));
  const std::size_t n = rows[0][0].size();
  std::array<Row, 5> m;
  double sum = 0.0;
  for (int y = y0; y < y1; ++y) {
    for (int i = 0; i < 5; ++i) {
      m[i].assign(n, 0.0);
      for (int k = 0; k < window; ++k)
        for (std::size_t x = 0; x < n; ++x) m[i][x] += weights[k] * rows[y - y0 + k][i][x];
    }
    for (std::size_t x = 0; x < n; ++x) {
      const double aa = m[0][x] * m[0][x], bb = m[1][x] * m[1][x], ab = m[0][x] * m[1][x];
      sum += (2.0 * ab + c1) * (2.0 * (m[4][x] - ab) + c2) / ((aa + bb + c1) * (m[2][x] - aa + m[3][x] - bb + c2));
    }
  }
  return sum;
}

// Mean of an f x f box around each value, the picture mirrored at its edges; an even box reaches further right and
// down.
Plane box_filtered(const Plane& in, int f) {
  Plane across(in.width, in.height), out(in.width, in.height);
  const int left = (f + 1) / 2 - 1;
  auto mirrored = [](int i, int n) { return i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i; };
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x)
      for (int k = 0; k < f; ++k) across.row(y)[x] += in.row(y)[mirrored(x + k - left, in.width)];
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x) {
      for (int k = 0; k < f; ++k) out.row(y)[x] += across.row(mirrored(y + k - left, in.height))[x];
      out.row(y)[x] /= static_cast<float>(f * f);
    }
  return out;
}

// How much pictures are reduced before they are compared, for a side of about 256 pixels.
int reduction(int side) { return std::max(1, static_cast<int>(std::lround(side / 256.0))); }

Plane folded(const View& v, int threads) {
  const int f = reduction(std::min(v.height, 3 * v.width));
  Plane channels[3];
  parallel_for(3, threads, [&](int c) {
    channels[c] = channel_plane_8bit(v, c, 1);
    if (f > 1) channels[c] = box_filtered(channels[c], f);
  });
  Plane out((3 * v.width + f - 1) / f, (v.height + f - 1) / f);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) out.row(y)[x] = channels[x * f / v.width].row(y * f)[x * f % v.width];
  return out;
}

// Means of whole f x f blocks.
Plane pooled(const Plane& in, int f) {
  Plane out(in.width / f, in.height / f);
  for (int y = 0; y < out.height * f; ++y)
    for (int x = 0; x < out.width * f; ++x) out.row(y / f)[x / f] += in.row(y)[x] / static_cast<float>(f * f);
  return out;
}

}  // namespace

double ssim(const Plane& a, const Plane& b, double peak, int threads) {
  if (a.width != b.width || a.height != b.height || a.width < window || a.height < window)
    throw Error(Code::input,
                fmt::format("found pictures of {} x {} and {} x {} pixels; SSIM needs one size of at least 11 x 11",
                            a.width, a.height, b.width, b.height));
  const double c1 = 0.01 * peak * 0.01 * peak, c2 = 0.03 * peak * 0.03 * peak;
  const int height = a.height - window + 1;
  const double sum = sum_of_rows<double>((height + rows_at_once - 1) / rows_at_once, threads, [&](int i) {
    return sum_of_windows(a, b, i * rows_at_once, std::min(height, (i + 1) * rows_at_once), c1, c2);
  });
  return sum / (static_cast<double>(height) * (a.width - window + 1));
}

double ssim_luma(const View& a, const View& b, int threads) {
  return ssim(luma_plane_8bit(a, threads), luma_plane_8bit(b, threads), 255.0, threads);
}

double ssim_rgb(const View& a, const View& b, int threads) {
  double sum = 0.0;
  for (int c = 0; c < 3; ++c)
    sum += ssim(channel_plane_8bit(a, c, threads), channel_plane_8bit(b, c, threads), 255.0, threads);
  return sum / 3.0;
}

double ssim_pooled(const View& a, const View& b, int threads) {
  check_same_size(a, b);
  const int f = reduction(std::min(a.width, a.height));
  double sum = 0.0;
  for (int c = 0; c < 3; ++c)
    sum += ssim(pooled(channel_plane_8bit(a, c, threads), f), pooled(channel_plane_8bit(b, c, threads), f), 255.0,
                threads);
  return sum / 3.0;
}

double ssim_fivek(const View& a, const View& b, int threads) {
  check_same_size(a, b);
  return ssim(folded(a, threads), folded(b, threads), 255.0, threads);
}

}  // namespace sfumato
