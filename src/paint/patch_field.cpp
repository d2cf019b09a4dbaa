// SPDX-License-Identifier: Apache-2.0
#include "paint/patch_field.h"

#include <algorithm>
#include <cmath>

namespace sfumato {

PatchField::PatchField(int w, int h, int style_w, int style_h, int patch_side, int node_stride)
    : width(w),
      height(h),
      style_width(style_w),
      style_height(style_h),
      side(patch_side),
      stride(node_stride),
      columns((w - 1) / node_stride + 1),
      rows((h - 1) / node_stride + 1),
      at(static_cast<std::size_t>(columns) * rows) {}

StylePoint PatchField::inside(int x, int y) const {
  return {std::clamp(x, 0, style_width - side), std::clamp(y, 0, style_height - side)};
}

PatchField doubled(const PatchField& f, int width, int height, int style_width, int style_height, int stride) {
  PatchField fine(width, height, style_width, style_height, f.side, stride);
  const int radius = f.side / 2;
  for (int j = 0; j < fine.rows; ++j)
    for (int i = 0; i < fine.columns; ++i) {
      const int x = i * stride, y = j * stride;
      const int ci = std::min(x / 2 / f.stride, f.columns - 1), cj = std::min(y / 2 / f.stride, f.rows - 1);
      const StylePoint& p = f.node(ci, cj);
      // Of centers, which keep their distance to the node.
      fine.node(i, j) = fine.inside(2 * (p.x + radius) + x - 2 * ci * f.stride - radius,
                                    2 * (p.y + radius) + y - 2 * cj * f.stride - radius);
    }
  return fine;
}

Planes voted(const PatchField& f, const Planes& style, int threads) {
  const int radius = f.side / 2;
  Planes out(style.size(), Plane(f.width, f.height));
  parallel_for(f.height, threads, [&](int y) {
    const int j0 = std::max(0, (y - radius + f.stride - 1) / f.stride),
              j1 = std::min(f.rows - 1, (y + radius) / f.stride);
    for (int x = 0; x < f.width; ++x) {
      const int i0 = std::max(0, (x - radius + f.stride - 1) / f.stride),
                i1 = std::min(f.columns - 1, (x + radius) / f.stride);
      float sum[3]{};
      for (int j = j0; j <= j1; ++j)
        for (int i = i0; i <= i1; ++i) {
          const StylePoint& p = f.node(i, j);
          const int sx = p.x + x - i * f.stride + radius, sy = p.y + y - j * f.stride + radius;
          for (int c = 0; c < 3; ++c) sum[c] += style[c].row(sy)[sx];
        }
      const float share = 1.0f / static_cast<float>((j1 - j0 + 1) * (i1 - i0 + 1));
      for (int c = 0; c < 3; ++c) out[c].row(y)[x] = sum[c] * share;
    }
  });
  return out;
}

void vote_row(const PatchField& f, const Planes& style, int out_width, int out_height, int y, float* const rgb[3]) {
  const float radius = static_cast<float>(f.side / 2), stride = static_cast<float>(f.stride);
  const float reach = std::max(0.4f * static_cast<float>(f.side), stride);
  const float sx = static_cast<float>(f.width) / static_cast<float>(out_width),
              sy = static_cast<float>(f.height) / static_cast<float>(out_height);
  const float style_x = static_cast<float>(style[0].width) / static_cast<float>(f.style_width),
              style_y = static_cast<float>(style[0].height) / static_cast<float>(f.style_height);
  // A node is always within reach of a pixel, at the edges too.
  auto nodes_by = [&](float at, int count, int& first, int& last) {
    first = std::clamp(static_cast<int>(std::ceil((at - reach) / stride)), 0, count - 1);
    last = std::clamp(static_cast<int>(std::floor((at + reach) / stride)), first, count - 1);
  };
  auto window = [reach](float d) { return std::max(1.0f - d * d / (reach * reach), 1e-3f); };
  const float v = (static_cast<float>(y) + 0.5f) * sy - 0.5f;
  int j0, j1, i0, i1;
  nodes_by(v, f.rows, j0, j1);
  for (int x = 0; x < out_width; ++x) {
    const float u = (static_cast<float>(x) + 0.5f) * sx - 0.5f;
    nodes_by(u, f.columns, i0, i1);
    float sum[3]{}, total = 0;
    for (int j = j0; j <= j1; ++j)
      for (int i = i0; i <= i1; ++i) {
        const float dx = u - static_cast<float>(i) * stride, dy = v - static_cast<float>(j) * stride;
        const StylePoint& p = f.node(i, j);
        const float px = (static_cast<float>(p.x) + radius + dx + 0.5f) * style_x - 0.5f,
                    py = (static_cast<float>(p.y) + radius + dy + 0.5f) * style_y - 0.5f;
        const float w = window(dx) * window(dy);
        total += w;
        float color[3];
        bicubic(style, px, py, color);
        for (int c = 0; c < 3; ++c) sum[c] += w * color[c];
      }
    for (int c = 0; c < 3; ++c) rgb[c][x] = sum[c] / total;
  }
}

}  // namespace sfumato
