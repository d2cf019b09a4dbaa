// SPDX-License-Identifier: Apache-2.0
#include "measure/map_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lane/scalar.h"

namespace sfumato {
namespace {

constexpr int nodes = 32;    // of each axis
constexpr int channels = 4;  // three maps and their weight

// [y][x][lightness][channel]
class Grid {
 public:
  Grid() : values_(static_cast<std::size_t>(nodes) * nodes * nodes * channels) {}
  float* at(int z, int x, int y) { return values_.data() + ((y * nodes + x) * nodes + z) * channels; }

  // Adds to the nodes around a point, by nearness along each axis.
  void add(float z, float x, float y, const float* what) {
    const auto axis = [](float v) { return std::clamp(v, 0.0f, 1.0f) * (nodes - 1); };
    const auto split = [](float p) {
      const int low = std::min(static_cast<int>(p), nodes - 2);
      return std::pair(low, p - static_cast<float>(low));
    };
    const auto [z0, in_z] = split(axis(z));
    const auto [x0, in_x] = split(axis(x));
    const auto [y0, in_y] = split(axis(y));
    for (int corner = 0; corner < 4; ++corner) {
      const int right = corner & 1, down = corner >> 1;
      const float weight = (right ? in_x : 1 - in_x) * (down ? in_y : 1 - in_y);
      float* to = at(z0, x0 + right, y0 + down);
      for (int c = 0; c < channels; ++c) to[c] += weight * (1 - in_z) * what[c];
      for (int c = 0; c < channels; ++c) to[channels + c] += weight * in_z * what[c];
    }
  }

  // [1 2 1] / 4 along one axis (0 lightness, 1 x, 2 y), `times` times; nothing comes from beyond the border.
  void blur(int axis, int times) {
    const int stride = channels * (axis == 0 ? 1 : axis == 1 ? nodes : nodes * nodes);
    constexpr int end = (nodes + 1) * channels;
    std::array<float, end + channels> lines[2]{};  // with a node of nothing at each end
    for (int a = 0; a < nodes; ++a)
      for (int b = 0; b < nodes; ++b) {
        float* start = axis == 0 ? at(0, a, b) : axis == 1 ? at(a, 0, b) : at(a, b, 0);
        float *line = lines[0].data(), *next = lines[1].data();
        for (int i = 0; i < nodes; ++i) std::copy_n(start + i * stride, channels, line + (i + 1) * channels);
        for (int t = 0; t < times; ++t, std::swap(line, next))
          for (int i = channels; i < end; ++i)
            next[i] = 0.5f * line[i] + 0.25f * (line[i - channels] + line[i + channels]);
        for (int i = 0; i < nodes; ++i) std::copy_n(line + (i + 1) * channels, channels, start + i * stride);
      }
  }

  void add(const float* what, float weight) {
    for (std::size_t i = 0; i < values_.size(); i += channels)
      for (int c = 0; c < channels; ++c) values_[i + c] += weight * what[c];
  }
  void add(const Grid& other, float weight) {
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] += weight * other.values_[i];
  }

 private:
  std::vector<float> values_;
};

}  // namespace

BetweenCells::BetweenCells(float at, int cells) {
  const float inside = std::clamp(at, 0.0f, static_cast<float>(cells - 1));
  low = static_cast<int>(inside), high = std::min(low + 1, cells - 1), share = inside - static_cast<float>(low);
}

Plane resized(const Plane& from, int width, int height) {
  Plane to(width, height);
  const auto place = [](int i, int n, int cells) {
    return BetweenCells((static_cast<float>(i) + 0.5f) * static_cast<float>(cells) / static_cast<float>(n) - 0.5f,
                        cells);
  };
  for (int y = 0; y < height; ++y) {
    const BetweenCells v = place(y, height, from.height);
    for (int x = 0; x < width; ++x) {
      const BetweenCells h = place(x, width, from.width);
      const auto along = [&](const float* row) { return row[h.low] + (row[h.high] - row[h.low]) * h.share; };
      const float upper = along(from.row(v.low)), lower = along(from.row(v.high));
      to.row(y)[x] = upper + (lower - upper) * v.share;
    }
  }
  return to;
}

CubeTable map_table(const std::array<Plane, 3>& maps, const Analysis& photo) {
  constexpr int size = Analysis::size;
  std::array<Plane, 3> fine;
  for (int c = 0; c < 3; ++c) fine[c] = resized(maps[c], size, size);
  Grid grid;
  const float *r = photo.rgb.data(), *g = r + size * size, *b = g + size * size;
  for (int i = 0; i < size * size; ++i) {
    const float what[channels]{fine[0].values[i], fine[1].values[i], fine[2].values[i], 1};
    const auto place = [](int cell) { return (static_cast<float>(cell) + 0.5f) / size; };
    grid.add(luma(Rgb<float>{r[i], g[i], b[i]}), place(i % size), place(i / size), what);
  }
  // Where a lightness is rare nearby, ever wider neighborhoods speak, each by far less than the one before.
  grid.blur(0, 2), grid.blur(1, 1), grid.blur(2, 1);
  Grid wide = grid;
  constexpr float faint = 1e-3f;
  float weight = faint;
  for (const int times : {4, 16, 40}) {
    for (int axis = 0; axis < 3; ++axis) wide.blur(axis, axis == 0 ? times : times / 4);
    grid.add(wide, weight);
    weight *= faint;
  }
  float mean[channels]{0, 0, 0, 1};
  for (int c = 0; c < 3; ++c) {
    for (const float v : fine[c].values) mean[c] += v;
    mean[c] /= size * size;
  }
  grid.add(mean, 1e-20f);
  return table_over_photo([&](float z, float x, float y) {
    const auto index = [](float v) { return static_cast<int>(std::lround(v * (nodes - 1))); };
    const float* node = grid.at(index(z), index(x), index(y));
    const float total = std::max(node[3], 1e-30f);
    return std::array<float, 3>{node[0] / total, node[1] / total, node[2] / total};
  });
}

CubeTable table_over_photo(const std::function<std::array<float, 3>(float, float, float)>& at) {
  CubeTable table;
  table.size = nodes;
  for (int i = 0; i < 3; ++i) table.scale[i] = nodes - 1;
  constexpr float last = nodes - 1;
  for (int y = 0; y < nodes; ++y)
    for (int x = 0; x < nodes; ++x)
      for (int z = 0; z < nodes; ++z) {
        const auto v = at(static_cast<float>(z) / last, static_cast<float>(x) / last, static_cast<float>(y) / last);
        table.nodes.insert(table.nodes.end(), {v[0], v[1], v[2], 0.0f});
      }
  return table;
}

}  // namespace sfumato
