// SPDX-License-Identifier: Apache-2.0
#include "optimise/neural_painter.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "base/file.h"
#include "files/safetensors.h"
#include "given.h"
#include "losses/style_loss.h"
#include "python.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;
constexpr int width = 48, height = 40;

// Stripes of a color over a slope of another.
Planes striped(double period, double angle, const float (&from)[3], const float (&to)[3], int w = width,
               int h = height) {
  Planes planes;
  for (int c = 0; c < 3; ++c) {
    planes.emplace_back(w, h);
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        const double wave = 0.5 + 0.5 * std::sin((x * std::cos(angle) + y * std::sin(angle)) * 2 * M_PI / period);
        planes[c].row(y)[x] = static_cast<float>(from[c] + (to[c] - from[c]) * (0.8 * wave + 0.2 * y / h));
      }
  }
  return planes;
}
Planes photo() { return striped(24, 0.3, {0.1f, 0.2f, 0.4f}, {0.9f, 0.8f, 0.5f}); }
Planes painting() { return striped(5, 1.1, {0.8f, 0.1f, 0.1f}, {0.2f, 0.3f, 0.9f}); }

NeuralInputs inputs() {
  return {[](int) { return photo(); }, {[](int) { return painting(); }}, {1.0}};
}

NeuralOptions one_scale(int steps) {
  return {.size = width, .first_size = width, .first_steps = steps, .threads = 2, .device = "cpu", .exact = true};
}

class NeuralPainting : public FolderTest {
 protected:
  // The first block of a VGG-19 and two convolutions of the next, from a normal distribution.
  std::string random_weights() {
    TensorFile file;
    std::uint64_t state = 7;
    const auto add = [&](int index, int outputs, int from) {
      Tensor w{{outputs, from, 3, 3}, {}}, b{{outputs}, std::vector<float>(static_cast<std::size_t>(outputs), 0.05f)};
      for (int i = 0; i < outputs * from * 9; ++i) {
        double sum = 0;
        for (int k = 0; k < 12; ++k) {
          state = state * 6364136223846793005u + 1442695040888963407u;
          sum += static_cast<double>(state >> 11) * 0x1p-53;
        }
        w.values.push_back(static_cast<float>((sum - 6) * std::sqrt(2.0 / (from * 9))));
      }
      file.tensors[fmt::format("features.{}.weight", index)] = w;
      file.tensors[fmt::format("features.{}.bias", index)] = b;
    };
    add(0, 64, 3), add(2, 64, 64), add(5, 128, 64), add(7, 128, 128);
    // Names a VGG-19, whose layers between are missing.
    file.tensors["features.16.weight"] = {{1}, {0}};
    write_safetensors(at("vgg.safetensors"), file);
    return at("vgg.safetensors");
  }

  std::vector<double> curve(const NeuralOptions& o) {
    std::vector<double> losses;
    paint_neurally(inputs(), o,
                   {[](const std::string&) {},
                    [&](const NeuralStep& s) {
                      losses.push_back(s.loss);
                      return true;
                    },
                    {}});
    return losses;
  }

  std::vector<double> reference(const NeuralOptions& o, const char* distance) {
    const auto write = [&](const char* name, const Planes& planes) {
      std::string bytes;
      for (const Plane& p : planes) bytes.append(reinterpret_cast<const char*>(p.values.data()), p.values.size() * 4);
      spill(folder / name, bytes);
    };
    write("content", photo());
    write("style", painting());
    const bool ran = run_python(folder.string(), slurp(fs::path(SFUMATO_SOURCE_DIR) / "learn/optimise/reference.py"),
                                fmt::format("'{}' {} {} {} {} {} content style > losses", o.weights, distance,
                                            o.lbfgs ? "lbfgs" : "adam", o.first_steps, width, height));
    EXPECT_TRUE(ran);
    std::vector<double> losses;
    std::ifstream in(folder / "losses");
    for (double v; in >> v;) losses.push_back(v);
    return losses;
  }

  void expect_the_same_curves(const std::string& weights) {
    if (!python_has("numpy torch")) GTEST_SKIP() << "the system's Python has no numpy and torch";
    for (const auto& [distance, name] :
         {std::pair{StyleDistance::gaussian, "gaussian"}, std::pair{StyleDistance::gram, "gram"},
          std::pair{StyleDistance::paper, "paper"}})
      for (const bool lbfgs : {false, true}) {
        NeuralOptions o = one_scale(50);
        o.weights = weights, o.distance = distance, o.lbfgs = lbfgs;
        const std::vector<double> ours = curve(o), theirs = reference(o, name);
        ASSERT_EQ(ours.size(), theirs.size()) << name;
        ASSERT_EQ(ours.size(), 50u);
        EXPECT_LT(ours.back(), 0.7 * ours.front()) << name;
        // The line searches of LibTorch and PyTorch try other lengths: only where they lead can be compared.
        for (std::size_t i = 0; i < ours.size() && !lbfgs; ++i)
          ASSERT_NEAR(ours[i], theirs[i], 0.01 * theirs[i]) << name << " step " << i;
        EXPECT_LT(ours.back(), 1.2 * theirs.back()) << name;
      }
  }
};

TEST_F(NeuralPainting, FollowsTheCurveOfPyTorch) { expect_the_same_curves(random_weights()); }

TEST_F(NeuralPainting, FollowsTheCurveOfPyTorchOnRealWeights) {
  const fs::path real = real_data("weights/vgg19_oxford_to_relu3_4.safetensors");
  if (real.empty()) GTEST_SKIP() << no_real_data;
  expect_the_same_curves(real.string());
}

TEST_F(NeuralPainting, RepeatsItselfForASeedAndNotForAnother) {
  NeuralOptions o = one_scale(5);
  o.weights = random_weights(), o.start = PaintStart::noise, o.distance = StyleDistance::sliced;
  const Planes a = paint_neurally(inputs(), o, {[](const std::string&) {}, {}, {}});
  const Planes b = paint_neurally(inputs(), o, {[](const std::string&) {}, {}, {}});
  EXPECT_EQ(a[1].values, b[1].values);
  o.seed = 2;
  EXPECT_NE(a[1].values, paint_neurally(inputs(), o, {[](const std::string&) {}, {}, {}})[1].values);
}

// Without weights too, every distance makes a picture that is nearer to the style by its own measure.
TEST_F(NeuralPainting, GetsNearerToTheStyleByEveryDistance) {
  for (const StyleDistance distance : {StyleDistance::gaussian, StyleDistance::gram, StyleDistance::paper,
                                       StyleDistance::sliced, StyleDistance::strotss}) {
    NeuralOptions o = one_scale(12);
    o.distance = distance, o.content_weight = 0;
    double first = 0, last = 0;
    paint_neurally(inputs(), o,
                   {[](const std::string&) {},
                    [&](const NeuralStep& s) {
                      (s.step == 1 ? first : last) = s.style;
                      return true;
                    },
                    {}});
    EXPECT_LT(last, 0.9 * first) << static_cast<int>(distance);
    EXPECT_GT(first, 0);
  }
}

// By every optimizer: two scales, stopped in the second.
TEST_F(NeuralPainting, GoesOnFromItsCheckpointToTheSamePainting) {
  for (const bool lbfgs : {false, true}) {
    NeuralOptions o = one_scale(3);
    o.size = 48, o.first_size = 34, o.steps = 3, o.lbfgs = lbfgs;
    o.weights = random_weights(), o.threads = 1;
    NeuralInputs in = inputs();
    in.content = [](int longer) {
      return striped(24, 0.3, {0.1f, 0.2f, 0.4f}, {0.9f, 0.8f, 0.5f}, longer, longer * 3 / 4);
    };
    const auto quiet = [](const std::string&) {};
    const Planes whole = paint_neurally(in, o, {quiet, {}, {}});
    o.checkpoint = at(lbfgs ? "lbfgs.checkpoint" : "adam.checkpoint");
    paint_neurally(in, o, {quiet, [](const NeuralStep& s) { return s.scale < 2; }, {}});
    ASSERT_TRUE(fs::exists(o.checkpoint));
    o.resume = true;
    int first_scale = 0;
    const Planes rest = paint_neurally(in, o,
                                       {quiet,
                                        [&](const NeuralStep& s) {
                                          if (!first_scale) first_scale = s.scale;
                                          return true;
                                        },
                                        {}});
    EXPECT_EQ(first_scale, 2);
    for (int c = 0; c < 3; ++c) EXPECT_EQ(whole[c].values, rest[c].values);
    o.seed = 9;
    EXPECT_THROW(paint_neurally(in, o, {quiet, {}, {}}), Error);
  }
}

// The style's left half is red, its right half blue; the photo is gray. Halves that say so become red and blue.
TEST_F(NeuralPainting, PaintsRegionsAsTheSameRegionsOfTheStyle) {
  const auto flat = [](float r, float g, float b) {
    return striped(5, 1.1, {r, g, b}, {r * 0.8f, g * 0.8f, b * 0.8f});
  };
  Planes style = flat(0.8f, 0.1f, 0.1f);
  const Planes blue = flat(0.1f, 0.1f, 0.8f);
  RegionShares left_first(2, Plane(width, height));
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      left_first[x < width / 2 ? 0 : 1].row(y)[x] = 1;
      if (x >= width / 2)
        for (int c = 0; c < 3; ++c) style[c].row(y)[x] = blue[c].row(y)[x];
    }
  // The photo's right half is the first region.
  const RegionShares right_first{left_first[1], left_first[0]};
  for (const StyleDistance distance : {StyleDistance::gaussian, StyleDistance::strotss}) {
    NeuralOptions o = one_scale(15);
    o.distance = distance, o.content_weight = 0, o.rate = 0.06, o.average = 0.5;
    o.weights = random_weights(), o.threads = 1;
    const NeuralInputs in{
        [&](int) { return flat(0.5f, 0.5f, 0.5f); }, {[&](int) { return style; }}, {1.0}, right_first, {left_first}};
    const Planes p = paint_neurally(in, o, {[](const std::string&) {}, {}, {}});
    const auto redness = [&](int x0, int x1) {
      double sum = 0;
      for (int y = 8; y < height - 8; ++y)
        for (int x = x0; x < x1; ++x) sum += p[0].row(y)[x] - p[2].row(y)[x];
      return sum / ((height - 16) * (x1 - x0));
    };
    EXPECT_LT(redness(4, width / 2 - 4), -0.1) << static_cast<int>(distance);
    EXPECT_GT(redness(width / 2 + 4, width - 4), 0.1) << static_cast<int>(distance);
  }
}

TEST_F(NeuralPainting, StopsWhenAskedAndKeepsWhatItHas) {
  NeuralOptions o = one_scale(50);
  int steps = 0;
  const Planes planes =
      paint_neurally(inputs(), o, {[](const std::string&) {}, [&](const NeuralStep&) { return ++steps < 4; }, {}});
  EXPECT_EQ(steps, 4);
  EXPECT_EQ(planes.size(), 3u);
  EXPECT_EQ(planes[0].width, width);
}

TEST_F(NeuralPainting, NamesTheLayersThatWeightsLack) {
  NeuralOptions o = one_scale(1);
  o.weights = random_weights();
  std::string warning;
  paint_neurally(inputs(), o, {[&](const std::string& w) { warning = w; }, {}, {}});
  EXPECT_THAT(warning, testing::HasSubstr("relu4_2"));
  EXPECT_THAT(warning, testing::HasSubstr("content is compared at relu2_2"));
}

// Between point sets that differ by a shift, slices are shifted by its projections: their mean square over random
// directions is |shift|^2 / channels.
TEST(SlicedDistance, OfAShiftIsItsSquareOverTheChannels) {
  torch::manual_seed(3);
  const torch::Tensor f = torch::randn({64, 500});
  torch::Tensor shift = torch::randn({64, 1});
  const LayerDistance distance = sliced_distance({{f, 1.0}}, 5);
  EXPECT_NEAR(distance(f).item<double>(), 0, 1e-10);
  const double expected = shift.square().sum().item<double>() / 64;
  EXPECT_NEAR(distance(f + shift).item<double>(), expected, 0.5 * expected);
  // Twice each point is the same distribution.
  EXPECT_NEAR(distance(torch::cat({f, f}, 1)).item<double>(), 0, 2e-3);
}

// The distance between two normal distributions of one covariance is that of their means; between centered ones with
// independent channels, that of their deviations.
TEST(GaussianDistance, IsThatOfMeansAndOfDeviations) {
  torch::manual_seed(4);
  torch::Tensor f = torch::randn({8, 20000});
  const LayerDistance distance = gaussian_distance({{f, 1.0}});
  EXPECT_NEAR(distance(f).item<double>(), 0, 1e-5);
  EXPECT_NEAR(distance(f + 0.5).item<double>(), 0.25, 1e-3);
  const torch::Tensor centered = f - f.mean(1, true);
  EXPECT_NEAR(gaussian_distance({{centered, 1.0}})(centered * 2).item<double>(), 1.0, 0.03);
}

}  // namespace
}  // namespace sfumato
