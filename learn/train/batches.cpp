// SPDX-License-Identifier: Apache-2.0
#include "train/batches.h"

#include <numeric>
#include <random>

#include "base/fnv.h"
#include "net/style_net.h"

namespace sfumato {
namespace {

constexpr int small_edge = 256;

torch::Tensor tensor_of(const Picture& p) {
  const auto all = torch::from_blob(const_cast<float*>(p.samples<float>()), {p.height(), p.width(), 3}, torch::kFloat);
  return all.permute({2, 0, 1}).contiguous();
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) { return fnv1a(&b, sizeof b, a); }

// Two numbers below n, whatever the library's distributions do.
int below(std::mt19937_64& random, std::int64_t n) {
  return static_cast<int>((random() >> 32) * static_cast<std::uint64_t>(n) >> 32);
}

}  // namespace

TrainItem::TrainItem(const Pair& pair) : name(pair.name), before(tensor_of(pair.before)), after(tensor_of(pair.after)) {
  const std::int64_t n = before.size(1) * before.size(2);
  // What is clipped would pull toward the end itself.
  usable = pair.usable.empty() ? torch::arange(n)
                               : torch::from_blob(const_cast<std::uint8_t*>(pair.usable.data()), {n}, torch::kByte)
                                     .eq(1)
                                     .nonzero()
                                     .flatten();
  const Analysis photo = analyze(pair.before.view());
  const std::vector<float> pixels = image_input(photo), numbers = describe(photo);
  image = torch::tensor(pixels).view({3, Analysis::size, Analysis::size});
  descriptor = torch::tensor(numbers).view({-1, 1, 1});
}

torch::Tensor TrainItem::small(const torch::Tensor& picture) const {
  const double share = small_edge / static_cast<double>(std::max(picture.size(1), picture.size(2)));
  if (share >= 1.0) return picture.unsqueeze(0);
  const auto side = [&](std::int64_t n) {
    return std::max<std::int64_t>(8, std::lround(static_cast<double>(n) * share));
  };
  return torch::adaptive_avg_pool2d(picture.unsqueeze(0), {side(picture.size(1)), side(picture.size(2))});
}

PixelBatch draw_pixels(const std::vector<const TrainItem*>& items, const Draw& draw) {
  const int scattered = draw.scattered, crop = draw.crop;
  std::vector<torch::Tensor> in, out, xs, ys, widths, heights;
  for (std::size_t b = 0; b < items.size(); ++b) {
    const TrainItem& item = *items[b];
    std::mt19937_64 random(mixed(draw.seed, draw.first + b));
    const std::int64_t h = item.before.size(1), w = item.before.size(2), n = item.usable.numel();
    torch::Tensor at = torch::empty({scattered + crop * crop}, torch::kLong);
    std::int64_t* to = at.data_ptr<std::int64_t>();
    const std::int64_t* usable = item.usable.data_ptr<std::int64_t>();
    for (int i = 0; i < scattered; ++i) *to++ = usable[below(random, n)];
    if (crop) {
      const std::int64_t x0 = below(random, std::max<std::int64_t>(w - crop, 0) + 1),
                         y0 = below(random, std::max<std::int64_t>(h - crop, 0) + 1);
      for (int y = 0; y < crop; ++y)
        for (int x = 0; x < crop; ++x) *to++ = std::min(y0 + y, h - 1) * w + std::min(x0 + x, w - 1);
    }
    in.push_back(item.before.flatten(1).index_select(1, at));
    out.push_back(item.after.flatten(1).index_select(1, at));
    xs.push_back(at.remainder(w).to(torch::kFloat));
    ys.push_back(at.div(w, "floor").to(torch::kFloat));
    widths.push_back(torch::tensor({static_cast<float>(w)}));
    heights.push_back(torch::tensor({static_cast<float>(h)}));
  }
  return {TensorPixels::some(torch::stack(in), torch::stack(xs), torch::stack(ys), torch::stack(widths),
                             torch::stack(heights)),
          torch::stack(out)};
}

std::map<std::string, torch::Tensor> net_inputs(const std::vector<const TrainItem*>& items) {
  std::vector<torch::Tensor> images, descriptors;
  for (const TrainItem* item : items) images.push_back(item->image), descriptors.push_back(item->descriptor);
  return {{"image", torch::stack(images)}, {"descriptor", torch::stack(descriptors)}};
}

std::vector<int> items_of_batch(std::int64_t step, int batch, int items, std::uint64_t seed) {
  std::vector<int> chosen, order(items);
  std::int64_t pass = -1;
  for (std::int64_t i = step * batch; i < (step + 1) * batch; ++i) {
    if (i / items != pass) {
      pass = i / items;
      std::mt19937_64 random(mixed(seed, static_cast<std::uint64_t>(pass)));
      std::iota(order.begin(), order.end(), 0);
      for (int k = items - 1; k > 0; --k) std::swap(order[k], order[below(random, k + 1)]);
    }
    chosen.push_back(order[i % items]);
  }
  return chosen;
}

}  // namespace sfumato
