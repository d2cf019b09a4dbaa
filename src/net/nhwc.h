// SPDX-License-Identifier: Apache-2.0
// What oneDNN does not compute, on pictures whose channels lie side by side.
#pragma once

#include <vector>

#include "net/net_spec.h"

namespace sfumato {

// [n, h, w, c] of float if wide, else of Bfloat.
struct Nhwc {
  void* data = nullptr;
  bool wide = true;
  Shape shape;
};

// The shapes of `out` are those of infer_shapes(), or for reflect_pad the input's with its pads.
void reflect_pad(const Nhwc& in, const Pads&, const Nhwc& out);
void resize(const Nhwc& in, const Node&, const Nhwc& out);
void scale_shift(const Nhwc& in, const Node&, const Nhwc& out);
void flatten(const Nhwc& in, const Nhwc& out);

// Empty weight and bias: 1 and 0.
void group_norm(const Nhwc& in, const Node&, const std::vector<float>& weight, const std::vector<float>& bias,
                bool relu, const Nhwc& out);
// `out` is wide.
void global_average(const Nhwc& in, const Nhwc& out);
void global_deviation(const Nhwc& in, float epsilon, const Nhwc& out);

}  // namespace sfumato
