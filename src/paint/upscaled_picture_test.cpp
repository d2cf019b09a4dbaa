// SPDX-License-Identifier: Apache-2.0
#include "paint/upscaled_picture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "base/random.h"
#include "given.h"
#include "net/nets.h"

namespace sfumato {
namespace {

UpscaleNet random_net(int factor, double strength) {
  UpscaleNet net{upscaler({.factor = factor, .channels = 8, .blocks = 2}), {}, factor};
  std::uint64_t n = 0;
  for (const NetParameter& p : parameters_of(net.spec, infer_shapes(net.spec, input_shapes(net.spec, 16, 16)))) {
    Tensor t{p.shape, {}};
    std::int64_t count = 1;
    for (const std::int64_t s : p.shape) count *= s;
    const double scale = p.name.starts_with("out") ? strength : 1.0;
    for (std::int64_t i = 0; i < count; ++i)
      t.values.push_back(static_cast<float>(
          scale * random_normal(3, n++) * (p.fan_in ? std::sqrt(2.0 / static_cast<double>(p.fan_in)) : 0.01)));
    net.weights.tensors[p.name] = std::move(t);
  }
  return net;
}

template <class Value>
Picture enlarged(int width, int height, const UpscaleNet& net, const UpscaleOptions& o, const Value& value) {
  Picture photo(width, height, Sample::f32);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        photo.samples<float>()[3 * (static_cast<std::size_t>(y) * width + x) + c] = static_cast<float>(value(x, y, c));
  const View v = std::as_const(photo).view();
  const PictureSource source{width, height, nullptr, nullptr,
                             [v](int y0, int y1, const PictureSource::Use& use) { use(v.rows(y0, y1)); }};
  const UpscaledPicture whole(source, net, o);
  Picture canvas(width * net.factor, height * net.factor, Sample::f32), out = canvas;
  whole.render_band(std::as_const(canvas).view(), 0, canvas.height(), out.view());
  return out;
}

TEST(UpscaledPicture, IsInterpolatedWhereTheNetAddsNothing) {
  const UpscaleNet silent = random_net(4, 0);
  const Picture flat = enlarged(20, 13, silent, {.exact = true}, [](int, int, int c) { return 0.2 + 0.2 * c; });
  ASSERT_EQ(flat.width(), 80);
  ASSERT_EQ(flat.height(), 52);
  for (std::size_t i = 0; i < flat.sample_count(); ++i)
    ASSERT_NEAR(flat.samples<float>()[i], 0.2 + 0.2 * static_cast<double>(i % 3), 1e-5);
  // A slope stays the slope, away from the border.
  const Picture slope = enlarged(40, 13, silent, {.exact = true}, [](int x, int, int) { return 0.1 + x * 0.02; });
  for (int x = 16; x < 140; ++x)
    EXPECT_NEAR(slope.samples<float>()[3 * (20 * 160 + x)], 0.1 + ((x + 0.5) / 4 - 0.5) * 0.02, 1e-4) << x;
}

TEST(UpscaledPicture, TilesAreTheWhole) {
  for (const int factor : {2, 4, 8}) {
    const UpscaleNet net = random_net(factor, 0.1);
    const auto noise = [](int x, int y, int c) {
      return 0.5 + 0.3 * (random_uniform(static_cast<std::uint64_t>(c), static_cast<std::uint64_t>(y) * 1000 + x) - 0.5);
    };
    const Picture whole = enlarged(90, 70, net, {.exact = true, .tile = 512}, noise);
    const Picture tiles = enlarged(90, 70, net, {.exact = true, .tile = 24}, noise);
    double largest = 0;
    for (std::size_t i = 0; i < whole.sample_count(); ++i)
      largest = std::max<double>(largest, std::abs(whole.samples<float>()[i] - tiles.samples<float>()[i]));
    EXPECT_LT(largest, 1e-4) << factor;
  }
}

TEST(UpscaledPicture, TakesPicturesOfAFewPixels) {
  const UpscaleNet net = random_net(2, 0.1);
  EXPECT_EQ(enlarged(1, 1, net, {}, [](int, int, int) { return 0.5; }).width(), 2);
  EXPECT_EQ(enlarged(3, 300, net, {}, [](int, int, int) { return 0.5; }).height(), 600);
}

class UpscaleNets : public FolderTest {};

TEST_F(UpscaleNets, OfAnotherKindAreRefused) {
  TensorFile file;
  file.metadata["spec"] = net_to_json(vgg());
  write_safetensors(at("vgg.safetensors"), file);
  EXPECT_NE(refusal(Code::look, [&] { UpscaleNet::read(at("vgg.safetensors")); }).find("luma"), std::string::npos);
  for (const int factor : UpscalerOptions::factors)
    EXPECT_EQ(UpscaleNet::read("upscale-x" + std::to_string(factor)).factor, factor);
}

}  // namespace
}  // namespace sfumato
