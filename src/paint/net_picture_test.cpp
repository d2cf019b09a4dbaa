// SPDX-License-Identifier: Apache-2.0
#include "paint/net_picture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "base/random.h"
#include "files/vips.h"
#include "net/builtin_nets.h"
#include "net/nets.h"

namespace sfumato {
namespace {

Picture photo(int width, int height) {
  Picture p(width, height, Sample::f32);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        p.samples<float>()[3 * (static_cast<std::size_t>(y) * width + x) + c] = static_cast<float>(
            0.5 + 0.3 * std::sin(x * 0.07 * (c + 1)) * std::cos(y * 0.05) +
            0.2 * (random_uniform(static_cast<std::uint64_t>(c), static_cast<std::uint64_t>(y) * width + x) - 0.5));
  return p;
}

PaintNet random_net() {
  JohnsonOptions o;
  o.width = 0.25f, o.last_norm = true;
  PaintNet net{johnson(o), {}, false};
  std::uint64_t n = 0;
  for (const NetParameter& p : parameters_of(net.spec, infer_shapes(net.spec, input_shapes(net.spec, 64, 64)))) {
    Tensor t{p.shape, {}};
    std::int64_t count = 1;
    for (const std::int64_t s : p.shape) count *= s;
    const double deviation = p.fan_in ? std::sqrt(2.0 / static_cast<double>(p.fan_in)) : 0.1;
    for (std::int64_t i = 0; i < count; ++i)
      t.values.push_back(
          static_cast<float>((p.fan_in || p.name.ends_with("bias") ? 0 : 1) + deviation * random_normal(1, n++)));
    net.weights.tensors[p.name] = std::move(t);
  }
  return net;
}

Picture painted(const Picture& in, const PaintNet& net, const NetPaint& o, const Picture* style = nullptr) {
  Picture out(in.width(), in.height(), Sample::f32);
  auto source = [](const Picture& p) {
    const View v = p.view();
    return PictureSource{v.width, v.height, nullptr, nullptr,
                         [v](int y0, int y1, const PictureSource::Use& use) { use(v.rows(y0, y1)); }};
  };
  render_whole(in.view(), out.view(), 2, [&](const PictureSource& s) {
    const PictureSource of_style = source(style ? *style : in);
    return std::make_shared<const NetPicture>(s, style ? &of_style : nullptr, net, o);
  });
  return out;
}

double largest_difference(const Picture& a, const Picture& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.sample_count(); ++i)
    largest = std::max<double>(largest, std::abs(a.samples<float>()[i] - b.samples<float>()[i]));
  return largest;
}

TEST(NetPicture, TilesAreTheWhole) {
  const Picture in = photo(301, 203);
  PaintNet net = random_net();
  NetPaint whole{.exact = true}, tiles = whole;
  tiles.tile = 100;
  for (const float grain : {0.0f, 0.2f}) {
    net.grain = grain;
    EXPECT_LT(largest_difference(painted(in, net, whole), painted(in, net, tiles)), 1e-4);
  }
}

// Uniform noise of +-a: mean 0, mean square a^2 / 3; its neighbors tell nothing of it.
TEST(NetPicture, HasGrainThatIsUniformAndWhite) {
  constexpr int side = 256;
  constexpr double a = 0.3, n = side * side;
  double sum = 0, squares = 0, products = 0;
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const double v = with_grain(0.5f, a, x, y) - 0.5;
      sum += v, squares += v * v;
      products += v * (with_grain(0.5f, a, x + 1, y) + with_grain(0.5f, a, x, y + 1) - 1.0);
    }
  EXPECT_NEAR(sum / n, 0, 4 * a / std::sqrt(3 * n));
  EXPECT_NEAR(squares / n, a * a / 3, 4 * a * a / std::sqrt(n));
  EXPECT_NEAR(products / n, 0, 4 * a * a / std::sqrt(n));
  EXPECT_EQ(with_grain(0.5f, 0, 3, 4), 0.5f);
}

// Values of mean 0.5 and deviation 0.1: near the mean as they are, else in order, and never beyond.
TEST(NetPicture, LimitsColorsThatAreFarFromTheOthers) {
  Planes photo(3, Plane(40, 40));
  for (Plane& plane : photo)
    for (std::size_t i = 0; i < plane.values.size(); ++i) plane.values[i] = i % 2 ? 0.4f : 0.6f;
  const ColorLimit limit(photo, 2.5f), none(photo, 0);
  EXPECT_EQ(limit(0.69f, 0), 0.69f);
  float last = 0;
  for (float v = 0; v <= 1; v += 0.01f) {
    const float limited = limit(v, 1);
    EXPECT_GE(limited, last);
    EXPECT_GE(limited, 0.25f - 1e-6f);
    EXPECT_LE(limited, 0.75f + 1e-6f);
    EXPECT_NEAR(limited, 1 - limit(1 - v, 2), 1e-6);
    EXPECT_EQ(none(v, 0), v);
    last = limited;
  }
}

// A net that normalizes by the instance sees a small dark part of a bright picture as no darker than the limit: tiles
// agree with the whole there, too.
TEST(NetPicture, TilesAreTheWholeWithALimit) {
  Picture in = photo(301, 203);
  for (std::size_t i = 0; i < in.sample_count(); ++i)
    in.samples<float>()[i] = i < in.sample_count() / 50 ? 0.02f : 0.9f + 0.1f * in.samples<float>()[i];
  PaintNet net = random_net();
  net.most_deviation = 2.5f;
  NetPaint whole{.exact = true}, tiles = whole;
  tiles.tile = 100;
  EXPECT_LT(largest_difference(painted(in, net, whole), painted(in, net, tiles)), 1e-4);
  PaintNet unlimited = net;
  unlimited.most_deviation = 0;
  EXPECT_GT(largest_difference(painted(in, net, whole), painted(in, unlimited, whole)), 1e-2);
}

// The statistics are those that instance norms compute: the net run as it is says the same.
TEST(NetPicture, IsWhatTheNetMakesOfTheWholePicture) {
  const Picture in = photo(160, 120);
  const PaintNet net = random_net();
  Tensor pixels{{1, 3, 120, 160}, {}};
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < 160 * 120; ++i) pixels.values.push_back(in.samples<float>()[3 * i + c]);
  NetEngine engine(net.spec, net.weights, input_shapes(net.spec, 120, 160), {.threads = 2, .exact = true});
  const Tensor wanted = engine.run({pixels})[0];
  const Picture out = painted(in, net, {.exact = true});
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < 160 * 120; i += 7)
      ASSERT_NEAR(out.samples<float>()[3 * i + c], std::clamp(wanted.values[c * 160 * 120 + i], 0.0f, 1.0f), 1e-4);
}

// What is left of a net's changes is smooth: from pixel to pixel the picture goes as the photo does. Values stay in the
// middle, where nothing must be brought into range.
TEST(NetPicture, KeepsDetailThatTheNetWouldChange) {
  Picture in = photo(160, 120);
  for (std::size_t i = 0; i < in.sample_count(); ++i) in.samples<float>()[i] = 0.4f + 0.2f * in.samples<float>()[i];
  PaintNet net = random_net();
  Tensor& last = net.weights.tensors.at("out.norm.weight");
  for (float& v : last.values) v *= 0.2f;
  const auto rough = [&](const Picture& p) {
    double sum = 0;
    for (int y = 0; y < 120; ++y)
      for (int x = 1; x < 160; ++x)
        for (int c = 0; c < 3; ++c) {
          const std::size_t i = 3 * (static_cast<std::size_t>(y) * 160 + x) + c;
          const double d = p.samples<float>()[i] - p.samples<float>()[i - 3];
          const double wanted = in.samples<float>()[i] - in.samples<float>()[i - 3];
          sum += (d - wanted) * (d - wanted);
        }
    return std::sqrt(sum / (3.0 * 120 * 159));
  };
  const Picture changed = painted(in, net, {.exact = true});
  const Picture kept = painted(in, net, {.exact = true, .keeps_detail = true});
  net.is_photographic = true;
  const Picture photographic = painted(in, net, {.exact = true});
  EXPECT_GT(rough(changed), 0.02);
  EXPECT_LT(rough(kept), 0.1 * rough(changed));
  EXPECT_GT(largest_difference(in, kept), 0.02);
  EXPECT_EQ(largest_difference(kept, photographic), 0);
}

// Twice as large strokes: what the net makes of the photo at half its size, enlarged.
TEST(NetPicture, PaintsAtTheSizeAskedFor) {
  constexpr int width = 160, height = 120;
  const Picture in = photo(width, height);
  PaintNet net = random_net();
  for (float& v : net.weights.tensors.at("out.norm.weight").values) v *= 0.2f;  // nothing leaves 0..1
  Resampler halves(width, height, 3, width / 2, height / 2);
  for (int y = 0; y < height; ++y) halves.add(y, in.samples<float>() + 3 * static_cast<std::size_t>(y) * width);
  const Planes half = halves.take();
  Picture small(width / 2, height / 2, Sample::f32);
  for (std::size_t i = 0; i < small.sample_count(); ++i) small.samples<float>()[i] = half[i % 3].values[i / 3];
  const Picture painting = painted(small, net, {.exact = true});
  Planes planes(3, Plane(width / 2, height / 2));
  for (std::size_t i = 0; i < painting.sample_count(); ++i) planes[i % 3].values[i / 3] = painting.samples<float>()[i];
  const Picture out = painted(in, net, {.exact = true, .size = width / 2});
  std::vector<float> r(width), g(width), b(width);
  float* const row[3]{r.data(), g.data(), b.data()};
  for (int y = 0; y < height; ++y) {
    stretched_row(planes, width, height, y, row);
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        ASSERT_NEAR(out.samples<float>()[3 * (static_cast<std::size_t>(y) * width + x) + c],
                    std::clamp(row[c][x], 0.0f, 1.0f), 1e-4);
  }
  EXPECT_EQ(largest_difference(painted(in, net, {.exact = true, .size = width}), painted(in, net, {.exact = true})), 0);
}

TEST(NetPicture, TakesPicturesOfAnyShape) {
  const PaintNet net = random_net();
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 90}, {131, 3}}) painted(photo(width, height), net, {});
}

// Colors of the night for a gray photo, the photo's forms, and strokes where it is even.
TEST(NetPicture, BuiltInNetPaints) {
  const PaintNet net = PaintNet::read(usual_painting_net);
  Picture in(160, 120, Sample::f32);
  for (int i = 0; i < 3 * 160 * 120; ++i) in.samples<float>()[i] = i / 3 % 160 < 80 ? 0.25f : 0.75f;
  const Picture out = painted(in, net, {.exact = true});
  const auto of_half = [&](int half, int c) {
    double sum = 0, squares = 0;
    for (int y = 10; y < 110; ++y)
      for (int x = 10 + 80 * half; x < 70 + 80 * half; ++x) {
        const double v = out.samples<float>()[3 * (y * 160 + x) + c];
        sum += v / 6000, squares += v * v / 6000;
      }
    return std::pair(sum, std::sqrt(squares - sum * sum));
  };
  EXPECT_GT(of_half(0, 2).first, of_half(0, 0).first + 0.05);  // dark becomes blue
  EXPECT_GT(of_half(1, 1).first, of_half(0, 1).first + 0.15);  // light stays lighter
  for (const int half : {0, 1}) EXPECT_GT(of_half(half, 1).second, 0.01);
}

TEST(NetPicture, TilesOfAnyStyleNetAreTheWhole) {
  const char* data = std::getenv("SFUMATO_DATA");
  const std::filesystem::path folder = std::filesystem::path(data ? data : "") / "weights/microast";
  if (!data || !std::filesystem::exists(folder)) GTEST_SKIP() << "SFUMATO_DATA names no folder with weights/microast";
  const PaintNet net = PaintNet::read(folder);
  const Picture in = photo(260, 180), style = photo(96, 128);
  NetPaint whole{.exact = true}, tiles = whole;
  tiles.tile = 96;
  EXPECT_LT(largest_difference(painted(in, net, whole, &style), painted(in, net, tiles, &style)), 1e-3);
}

}  // namespace
}  // namespace sfumato
