// SPDX-License-Identifier: Apache-2.0
// Loops over rows share the threads of oneDNN. Sums are taken row by row and then in order: the same for any number of
// threads.
#include "net/nhwc.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/bfloat.h"

namespace sfumato {
namespace {

template <class T>
T* row_of(const Nhwc& picture, std::int64_t row) {
  return static_cast<T*>(picture.data) + row * picture.shape.w * picture.shape.c;
}

// Calls action(row) for all rows of all images.
template <class Action>
void for_rows(const Shape& shape, const Action& action) {
  const std::int64_t rows = shape.n * shape.h;
#pragma omp parallel for schedule(static)
  for (std::int64_t row = 0; row < rows; ++row) action(row);
}

template <class Action>
void with_type(bool wide, const Action& action) {
  if (wide)
    action(float());
  else
    action(Bfloat());
}

// Sums over the pixels of each image: of x - center, and of its square. [n][c]
struct Sums {
  std::vector<double> first, second;
};

Sums sums_of(const Nhwc& in, const std::vector<double>& center) {
  const Shape& s = in.shape;
  std::vector<double> rows(static_cast<std::size_t>(s.n * s.h * s.c * 2));
  with_type(in.wide, [&](auto type) {
    using T = decltype(type);
    for_rows(s, [&](std::int64_t row) {
      const T* from = row_of<T>(in, row);
      double* first = rows.data() + row * s.c * 2;
      double* second = first + s.c;
      const double* middle = center.data() + row / s.h * s.c;
      for (std::int64_t x = 0; x < s.w; ++x, from += s.c)
        for (std::int64_t c = 0; c < s.c; ++c) {
          const double away = static_cast<float>(from[c]) - middle[c];
          first[c] += away;
          second[c] += away * away;
        }
    });
  });
  Sums sums{std::vector<double>(static_cast<std::size_t>(s.n * s.c)),
            std::vector<double>(static_cast<std::size_t>(s.n * s.c))};
  for (std::int64_t row = 0; row < s.n * s.h; ++row)
    for (std::int64_t c = 0; c < s.c; ++c) {
      sums.first[row / s.h * s.c + c] += rows[row * s.c * 2 + c];
      sums.second[row / s.h * s.c + c] += rows[(row * 2 + 1) * s.c + c];
    }
  return sums;
}

// Means over each image's groups of channels, repeated for each channel. [n][c]
std::vector<double> group_means(const std::vector<double>& sums, const Shape& s, std::int64_t groups) {
  const std::int64_t size = s.c / groups;
  std::vector<double> means(sums.size());
  for (std::int64_t first = 0; first < s.n * s.c; first += size) {
    double sum = 0;
    for (std::int64_t c = first; c < first + size; ++c) sum += sums[c];
    std::fill_n(means.begin() + first, size, sum / static_cast<double>(size * s.h * s.w));
  }
  return means;
}

// What one output row or column is made of: two of the input's, and the part of the second.
struct Tap {
  std::int64_t first, second;
  float part;
};

std::vector<Tap> taps(const Node& node, std::int64_t from, std::int64_t to) {
  const float ratio =
      node.inputs.size() == 1 && node.factor > 0 ? 1 / node.factor : static_cast<float>(from) / static_cast<float>(to);
  std::vector<Tap> taps;
  for (std::int64_t i = 0; i < to; ++i) {
    const bool nearest = node.mode == ResizeMode::nearest;
    const float at =
        nearest ? static_cast<float>(i) * ratio : std::max((static_cast<float>(i) + 0.5f) * ratio - 0.5f, 0.0f);
    const auto first = std::min(static_cast<std::int64_t>(at), from - 1);
    taps.push_back({first, std::min(first + 1, from - 1), nearest ? 0.0f : at - static_cast<float>(first)});
  }
  return taps;
}

std::int64_t mirrored(std::int64_t i, std::int64_t size) { return i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i; }

}  // namespace

void reflect_pad(const Nhwc& in, const Pads& pads, const Nhwc& out) {
  const Shape &from = in.shape, &to = out.shape;
  const std::size_t pixel = static_cast<std::size_t>(from.c) * (in.wide ? 4 : 2);
  const auto* source = static_cast<const std::byte*>(in.data);
  auto* target = static_cast<std::byte*>(out.data);
  for_rows(to, [&](std::int64_t row) {
    const std::int64_t y = mirrored(row % to.h - pads.top, from.h);
    const std::byte* line = source + static_cast<std::size_t>((row / to.h * from.h + y) * from.w) * pixel;
    std::byte* put = target + static_cast<std::size_t>(row * to.w) * pixel;
    const auto copy = [&](std::int64_t x) {
      std::memcpy(put + static_cast<std::size_t>(x) * pixel,
                  line + static_cast<std::size_t>(mirrored(x - pads.left, from.w)) * pixel, pixel);
    };
    for (std::int64_t x = 0; x < pads.left; ++x) copy(x);
    std::memcpy(put + static_cast<std::size_t>(pads.left) * pixel, line, static_cast<std::size_t>(from.w) * pixel);
    for (std::int64_t x = pads.left + from.w; x < to.w; ++x) copy(x);
  });
}

void resize(const Nhwc& in, const Node& node, const Nhwc& out) {
  const Shape &from = in.shape, &to = out.shape;
  const std::vector<Tap> rows = taps(node, from.h, to.h), columns = taps(node, from.w, to.w);
  with_type(in.wide, [&](auto type) {
    using T = decltype(type);
    for_rows(to, [&](std::int64_t row) {
      const Tap& y = rows[static_cast<std::size_t>(row % to.h)];
      const T* upper = row_of<T>(in, row / to.h * from.h + y.first);
      const T* lower = row_of<T>(in, row / to.h * from.h + y.second);
      T* put = row_of<T>(out, row);
      for (const Tap& x : columns) {
        if (node.mode == ResizeMode::nearest) {
          std::copy_n(upper + x.first * from.c, from.c, put);
        } else {
          for (std::int64_t c = 0; c < from.c; ++c) {
            const auto mix = [&](const T* line) {
              return static_cast<float>(line[x.first * from.c + c]) * (1 - x.part) +
                     static_cast<float>(line[x.second * from.c + c]) * x.part;
            };
            put[c] = T(mix(upper) * (1 - y.part) + mix(lower) * y.part);
          }
        }
        put += from.c;
      }
    });
  });
}

void scale_shift(const Nhwc& in, const Node& node, const Nhwc& out) {
  const std::int64_t channels = out.shape.c;
  const auto map = [&](auto from_type, auto to_type) {
    for_rows(in.shape, [&](std::int64_t row) {
      const auto* from = row_of<decltype(from_type)>(in, row);
      auto* to = row_of<decltype(to_type)>(out, row);
      for (std::int64_t x = 0; x < in.shape.w; ++x, from += in.shape.c, to += channels)
        for (std::int64_t c = 0; c < channels; ++c) {
          const float value =
              static_cast<float>(from[node.order.empty() ? c : node.order[static_cast<std::size_t>(c)]]);
          const float scaled = node.scale.empty() ? value : value * node.scale[static_cast<std::size_t>(c)];
          to[c] = decltype(to_type)(node.shift.empty() ? scaled : scaled + node.shift[static_cast<std::size_t>(c)]);
        }
    });
  };
  with_type(in.wide, [&](auto from) { with_type(out.wide, [&](auto to) { map(from, to); }); });
}

void flatten(const Nhwc& in, const Nhwc& out) {
  const Shape& s = in.shape;
  with_type(in.wide, [&](auto type) {
    using T = decltype(type);
    for_rows(s, [&](std::int64_t row) {
      const T* from = row_of<T>(in, row);
      T* to = static_cast<T*>(out.data) + row / s.h * s.c * s.h * s.w + row % s.h * s.w;
      for (std::int64_t x = 0; x < s.w; ++x)
        for (std::int64_t c = 0; c < s.c; ++c) to[c * s.h * s.w + x] = *from++;
    });
  });
}

void group_norm(const Nhwc& in, const Node& node, const std::vector<float>& weight, const std::vector<float>& bias,
                bool relu, const Nhwc& out) {
  const Shape& s = in.shape;
  const std::vector<double> zero(static_cast<std::size_t>(s.n * s.c));
  const std::vector<double> mean = group_means(sums_of(in, zero).first, s, node.groups);
  const std::vector<double> variance = group_means(sums_of(in, mean).second, s, node.groups);
  std::vector<float> scale(mean.size()), shift(mean.size());
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const std::size_t c = i % static_cast<std::size_t>(s.c);
    const double over = (weight.empty() ? 1.0 : weight[c]) / std::sqrt(variance[i] + node.epsilon);
    scale[i] = static_cast<float>(over);
    shift[i] = static_cast<float>((bias.empty() ? 0.0 : bias[c]) - mean[i] * over);
  }
  const float least = relu ? 0.0f : -std::numeric_limits<float>::infinity();
  with_type(in.wide, [&](auto type) {
    using T = decltype(type);
    for_rows(s, [&](std::int64_t row) {
      const T* from = row_of<T>(in, row);
      T* to = row_of<T>(out, row);
      const float *a = scale.data() + row / s.h * s.c, *b = shift.data() + row / s.h * s.c;
      for (std::int64_t x = 0; x < s.w; ++x, from += s.c, to += s.c)
        for (std::int64_t c = 0; c < s.c; ++c) to[c] = T(std::max(static_cast<float>(from[c]) * a[c] + b[c], least));
    });
  });
}

void global_average(const Nhwc& in, const Nhwc& out) {
  const std::vector<double> zero(static_cast<std::size_t>(in.shape.n * in.shape.c));
  const std::vector<double> mean = group_means(sums_of(in, zero).first, in.shape, in.shape.c);
  std::copy(mean.begin(), mean.end(), static_cast<float*>(out.data));
}

void global_deviation(const Nhwc& in, float epsilon, const Nhwc& out) {
  const Shape& s = in.shape;
  const std::vector<double> zero(static_cast<std::size_t>(s.n * s.c));
  const std::vector<double> mean = group_means(sums_of(in, zero).first, s, s.c);
  const std::vector<double> squares = sums_of(in, mean).second;
  const auto count = static_cast<double>(std::max<std::int64_t>(s.h * s.w - 1, 1));
  for (std::size_t i = 0; i < squares.size(); ++i)
    static_cast<float*>(out.data)[i] = static_cast<float>(std::sqrt(squares[i] / count + epsilon));
}

}  // namespace sfumato
