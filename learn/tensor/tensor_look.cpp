// SPDX-License-Identifier: Apache-2.0
#include "tensor/tensor_look.h"

#include "color/space.h"
#include "ops_list.h"
#include "tensor/blur.h"

namespace sfumato {
namespace {

using torch::Tensor;

struct Work {
  Rgb<Ten> color;
  Site<Ten> site;
  const TensorPixels& pixels;
  float sigma_room;
  AxisCache& axes;
};

Tensor join(const Rgb<Ten>& c) {
  return torch::stack(torch::broadcast_tensors({c.r.tensor(), c.g.tensor(), c.b.tensor()}), 1);
}
Rgb<Ten> split(const Tensor& rgb) { return {Ten(rgb.select(1, 0)), Ten(rgb.select(1, 1)), Ten(rgb.select(1, 2))}; }

template <class Op>
void run(const Ten* knobs, Work& w) {
  const auto k = Op::prepare(knobs);
  if constexpr (CanvasOp<Op>) {
    const auto range = Op::sigma_range(k);
    auto pixels = [&](const Ten& v, bool highest) {
      const double s = v.is_constant() ? v.constant : (highest ? v.t.max() : v.t.min()).template item<double>();
      return static_cast<float>(s / w.site.pixel.constant);
    };
    float low = pixels(range[0], false), high = pixels(range[1], true);
    // Coarse steps, so that learning does not make new matrices each time a width moves.
    if (w.sigma_room > 1.0f)
      low = 0.0f, high = std::exp2(std::ceil(2.0f * std::log2(std::max(high, 0.5f) * w.sigma_room)) / 2.0f);
    const Tensor source = join(Op::source(w.color, w.site, k));
    const TensorBlur blur(w.pixels.width, w.pixels.height, low, high, source.options().requires_grad(false), w.axes);
    const Rgb<Ten> soft = split(blur(source, Ten(Op::sigma(w.site, k)) / w.site.pixel));
    w.color = Op::combine(w.color, soft, w.site, k);
  } else {
    w.color = Op::apply(w.color, w.site, k);
  }
}

template <class... Op>
struct Runners {
  static constexpr void (*entries[])(const Ten*, Work&){run<Op>...};
};
using AllRunners = Runners<SFM_ALL_OPS>;

}  // namespace

TensorPixels TensorPixels::whole(const Tensor& pictures) {
  const int height = static_cast<int>(pictures.size(2)), width = static_cast<int>(pictures.size(3));
  const auto options = pictures.options().requires_grad(false);
  const double unit = 2.0 / std::sqrt(1.0 * width * width + 1.0 * height * height);
  const auto along = [&](int n) { return (torch::arange(n, options) + (0.5 - 0.5 * n)) * unit; };
  return {pictures,
          {Ten(along(width).view({1, 1, width})), Ten(along(height).view({1, height, 1})), Ten(0.5 * width * unit),
           Ten(0.5 * height * unit), Ten(unit), nullptr},
          width,
          height};
}

TensorPixels TensorPixels::some(const Tensor& rgb, const Tensor& x, const Tensor& y, const Tensor& width,
                                const Tensor& height) {
  const Tensor unit = 2.0 / (width * width + height * height).sqrt();
  return {rgb,
          {Ten((x + 0.5 - 0.5 * width) * unit), Ten((y + 0.5 - 0.5 * height) * unit), Ten(0.5 * width * unit),
           Ten(0.5 * height * unit), Ten(unit), nullptr}};
}

TensorLook::TensorLook(const Look& look) : look_(look), axes_(std::make_shared<AxisCache>()) {
  for (const LookStep& step : look_.steps)
    for (const KnobValue& v : step.values) presets_.push_back(v.preset);
}

bool TensorLook::is_point() const {
  for (const LookStep& step : look_.steps)
    if (step.op->is_canvas) return false;
  return true;
}

Tensor TensorLook::operator()(const TensorPixels& pixels, const Tensor& values, float sigma_room) const {
  Work work{split(pixels.rgb), pixels.site, pixels, sigma_room, *axes_};

  // One number for all, one per picture, or one per pixel.
  const auto knob = [&, dims = pixels.rgb.dim()](int i) -> Ten {
    if (values.dim() == 1) return values[i];
    Tensor v = values.select(1, i);
    while (v.dim() < dims - 1) v = v.unsqueeze(-1);
    return v;
  };

  Space space = Space::encoded;
  int first = 0;
  for (const LookStep& step : look_.steps) {
    std::vector<Ten> knobs;
    for (std::size_t i = 0; i < step.values.size(); ++i) knobs.push_back(knob(first++));
    TensorCube cube;
    if (step.table) cube = TensorCube::of(*step.table, pixels.rgb.options().requires_grad(false));
    work.site.table = &cube;
    work.color = converted(space, step.op->card.space, work.color);
    space = step.op->card.space;
    AllRunners::entries[step.op - catalog().data()](knobs.data(), work);
  }
  return join(converted(space, Space::encoded, work.color));
}

}  // namespace sfumato
