// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "net/net_spec.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Larger values are refused before anything is allocated.
constexpr std::int64_t largest_count = std::int64_t{1} << 34;

std::string text_of(const Shape& s) { return fmt::format("[{}, {}, {}, {}]", s.n, s.c, s.h, s.w); }

std::int64_t ceil_divide(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

std::int64_t reach(const Node& node) { return std::int64_t{node.dilation} * (node.kernel - 1) + 1; }

// Sum of the two sides that "same" padding needs, for the side of the larger picture.
std::int64_t same_pad(const Node& node, std::int64_t side) {
  return std::max<std::int64_t>((ceil_divide(side, node.stride) - 1) * node.stride + reach(node) - side, 0);
}

// What a pool that may reach over the border needs at the end. The last window must begin inside the picture.
std::int64_t ceil_pad(const Node& node, std::int64_t side) {
  const std::int64_t padded = side + 2 * node.pad - reach(node);
  std::int64_t windows = ceil_divide(padded, node.stride) + 1;
  if ((windows - 1) * node.stride >= side + node.pad) --windows;
  return (windows - 1) * node.stride - padded + node.pad;
}

class Inference {
 public:
  Inference(const NetSpec& spec, const Shapes& inputs) : spec_(spec) {
    check(spec);
    for (const NetInput& input : spec.inputs) {
      const auto found = inputs.find(input.name);
      if (found == inputs.end()) fail(input.name, "found no shape; expected one for this input");
      if (found->second.c != input.channels)
        fail(input.name, fmt::format("found {}; expected {} channels", text_of(found->second), input.channels));
      add(input.name, found->second);
    }
    for (const Node& node : spec.nodes) add(node.name, output(node));
  }

  Shapes take() { return std::move(shapes_); }

 private:
  [[noreturn]] void fail(const std::string& node, const std::string& what) const {
    throw Error(Code::look, fmt::format("net \"{}\", node \"{}\": {}", printable(spec_.name), printable(node), what));
  }

  void add(const std::string& name, const Shape& s) {
    std::int64_t count = 1;
    for (const std::int64_t side : {s.n, s.c, s.h, s.w})
      if (side < 1 || __builtin_mul_overflow(count, side, &count) || count > largest_count)
        fail(name, fmt::format("found the shape {}; expected sides of at least 1 and at most {} values", text_of(s),
                               largest_count));
    shapes_[name] = s;
  }

  Shape output(const Node& node) const {
    const Shape in = shapes_.at(node.inputs[0]);
    switch (node.kind) {
      case NodeKind::conv:
      case NodeKind::conv_transposed:
        if (in.c % node.groups || node.channels % node.groups)
          fail(node.name, fmt::format("found {} to {} channels; expected multiples of {} groups", in.c, node.channels,
                                      node.groups));
        return window(node, in, node.channels);
      case NodeKind::max_pool:
      case NodeKind::average_pool:
        return window(node, in, in.c);
      case NodeKind::group_norm:
        if (in.c % node.groups)
          fail(node.name, fmt::format("found {} channels; expected a multiple of {} groups", in.c, node.groups));
        return in;
      case NodeKind::global_average_pool:
      case NodeKind::global_deviation:
        return {in.n, in.c, 1, 1};
      case NodeKind::resize:
        return resized(node, in);
      case NodeKind::add:
      case NodeKind::mul:
        return combined(node, in);
      case NodeKind::concat:
        return concatenated(node, in);
      case NodeKind::linear:
        if (in.h != 1 || in.w != 1)
          fail(node.name, fmt::format("found {}; expected h = w = 1, as after a flatten", text_of(in)));
        return {in.n, node.channels, 1, 1};
      case NodeKind::flatten:
        return {in.n, in.c * in.h * in.w, 1, 1};
      case NodeKind::scale_shift:
        return mapped(node, in);
      default:
        return in;
    }
  }

  Shape window(const Node& node, const Shape& in, std::int64_t channels) const {
    const Pads pads = pads_of(node, in);
    const auto side = [&](std::int64_t from, std::int64_t before, std::int64_t after) {
      if (node.kind == NodeKind::conv_transposed) return (from - 1) * node.stride + reach(node) - before - after;
      const std::int64_t room = from + before + after - reach(node);
      return room < 0 ? 0 : room / node.stride + 1;
    };
    const Shape out{in.n, channels, side(in.h, pads.top, pads.bottom), side(in.w, pads.left, pads.right)};
    if (out.h < 1 || out.w < 1)
      fail(node.name,
           fmt::format("found {}; expected at least {} pixels each way", text_of(in), reach(node) - 2 * node.pad));
    if (node.pad_mode == PadMode::reflect && std::max({pads.top, pads.bottom}) >= in.h)
      fail(node.name, fmt::format("found {}; expected more rows than are reflected", text_of(in)));
    if (node.pad_mode == PadMode::reflect && std::max({pads.left, pads.right}) >= in.w)
      fail(node.name, fmt::format("found {}; expected more columns than are reflected", text_of(in)));
    return out;
  }

  Shape resized(const Node& node, const Shape& in) const {
    if (node.inputs.size() == 2) {
      const Shape like = shapes_.at(node.inputs[1]);
      return {in.n, in.c, like.h, like.w};
    }
    if (node.factor == 0) return {in.n, in.c, node.height, node.width};
    const auto side = [&](std::int64_t from) {
      return static_cast<std::int64_t>(std::floor(static_cast<double>(from) * node.factor));
    };
    return {in.n, in.c, side(in.h), side(in.w)};
  }

  Shape combined(const Node& node, const Shape& first) const {
    const Shape second = shapes_.at(node.inputs[1]);
    if (second != first && second != Shape{first.n, first.c, 1, 1})
      fail(node.name, fmt::format("found {} and {}; expected equal shapes, or h = w = 1 of the second", text_of(first),
                                  text_of(second)));
    return first;
  }

  Shape concatenated(const Node& node, Shape sum) const {
    for (std::size_t i = 1; i < node.inputs.size(); ++i) {
      const Shape next = shapes_.at(node.inputs[i]);
      if (next.n != sum.n || next.h != sum.h || next.w != sum.w)
        fail(node.name, fmt::format("found {} beside {}; expected the same size", text_of(next), text_of(sum)));
      sum.c += next.c;
    }
    return sum;
  }

  Shape mapped(const Node& node, const Shape& in) const {
    const std::int64_t channels = node.order.empty() ? in.c : static_cast<std::int64_t>(node.order.size());
    const auto fits = [&](std::size_t size) { return size == 0 || static_cast<std::int64_t>(size) == channels; };
    if (!fits(node.scale.size()) || !fits(node.shift.size()) ||
        std::any_of(node.order.begin(), node.order.end(), [&](int i) { return i < 0 || i >= in.c; }))
      fail(node.name, fmt::format("found scale, shift or order that do not fit {} channels", in.c));
    return {in.n, channels, in.h, in.w};
  }

  const NetSpec& spec_;
  Shapes shapes_;
};

}  // namespace

Pads pads_of(const Node& node, const Shape& in) {
  if (node.same) {
    const bool grows = node.kind == NodeKind::conv_transposed;
    const std::int64_t rows = same_pad(node, grows ? in.h * node.stride : in.h),
                       columns = same_pad(node, grows ? in.w * node.stride : in.w);
    return {rows / 2, columns / 2, rows - rows / 2, columns - columns / 2};
  }
  if (node.kind == NodeKind::conv_transposed)
    return {node.pad, node.pad, node.pad - node.output_pad, node.pad - node.output_pad};
  if (node.ceil) return {node.pad, node.pad, ceil_pad(node, in.h), ceil_pad(node, in.w)};
  return {node.pad, node.pad, node.pad, node.pad};
}

Shapes infer_shapes(const NetSpec& spec, const Shapes& inputs) { return Inference(spec, inputs).take(); }

std::vector<NetParameter> parameters_of(const NetSpec& spec, const Shapes& shapes) {
  std::vector<NetParameter> parameters;
  std::set<std::string> known;
  for (const Node& node : spec.nodes) {
    const auto add = [&](const char* name, std::vector<std::int64_t> shape, bool trained = true,
                         std::int64_t fan_in = 0) {
      const std::string full = node.prefix() + "." + name;
      if (known.insert(full).second) parameters.push_back({full, std::move(shape), trained, fan_in});
    };
    const std::int64_t in = shapes.at(node.inputs[0]).c, out = node.channels, k = node.kernel, groups = node.groups;
    switch (node.kind) {
      case NodeKind::conv:
        add("weight", {out, in / groups, k, k}, true, in / groups * k * k);
        break;
      case NodeKind::conv_transposed:
        add("weight", {in, out / groups, k, k}, true, in / groups * k * k);
        break;
      case NodeKind::linear:
        add("weight", {out, in}, true, in);
        break;
      case NodeKind::batch_norm:
        add("weight", {in});
        add("bias", {in});
        add("running_mean", {in}, false);
        add("running_var", {in}, false);
        continue;
      case NodeKind::instance_norm:
      case NodeKind::group_norm:
        if (!node.affine) continue;
        add("weight", {in});
        add("bias", {in});
        continue;
      default:
        continue;
    }
    if (node.bias) add("bias", {out});
  }
  return parameters;
}

}  // namespace sfumato
