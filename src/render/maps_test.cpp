// SPDX-License-Identifier: Apache-2.0
// Steps that work in a part of the picture.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <utility>

#include "lane/mask_plane.h"
#include "look/where.h"
#include "render/engine.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

// Soft shapes and a little noise.
Picture scene(int w, int h, Sample sample = Sample::f32) {
  Picture p(w, h, sample);
  std::mt19937 random(3);
  std::uniform_real_distribution<float> noise(-0.01f, 0.01f);
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      for (int c = 0; c < 3; ++c) {
        const float u = (x + 0.5f) / w, v = (y + 0.5f) / h;
        const float value =
            0.5f + 0.3f * std::sin(9 * u + c) * std::cos(7 * v) + (u > 0.6f ? 0.15f : 0.0f) + noise(random);
        p.samples<float>()[3 * (y * w + x) + c] = value;
      }
  return p;
}

Picture drawn(const Look& look, const Picture& in, int threads = 1) {
  return rendered(Plan(look), in.view(), in.sample(), {.threads = threads, .dither = false});
}

Look mapped_look(const Analysis& photo, const std::string& more = "") {
  const Look look = parse_look(R"({"sfumato": 1, "steps": [
    {"op": "exposure", "stops": 0.7, "where": {"map": 0}},
    {"op": "saturation", "amount": -0.8, "where": {"map": 1}})" +
                                   more + "]}",
                               "mapped.json");
  std::array<Plane, 3> maps{Plane(16, 16), Plane(16, 16), Plane(16, 16)};
  for (int i = 0; i < 256; ++i) {
    maps[0].values[i] = static_cast<float>(i % 16) / 15;
    maps[1].values[i] = static_cast<float>(i / 16) / 15;
  }
  return with_learned_maps(look, map_table(maps, photo));
}

TEST(StepMaps, MixTheResultWithWhatCameIn) {
  Look look =
      parse_look(R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": 1, "where": {"mask": true}}]})", "m.json");
  look.steps[0].map.plane = std::make_shared<const MaskPlane>(MaskPlane{2, 1, {0.0f, 1.0f}});
  Picture in(4, 1, Sample::f32);
  for (int i = 0; i < 12; ++i) in.samples<float>()[i] = 0.2f;
  const Picture out = drawn(look, in);
  const auto linear = [](float v) { return std::pow((v + 0.055) / 1.055, 2.4); };
  // Centers of four pixels lie at 0, 1/4, 3/4 and 1 of the way between the two cells.
  for (const auto& [x, weight] : {std::pair(0, 0.0), {1, 0.25}, {2, 0.75}, {3, 1.0}})
    EXPECT_NEAR(linear(out.samples<float>()[3 * x]), linear(0.2f) * (1 + weight), 1e-5) << x;
}

// Three values of a step more at every pixel, by a table that is the same everywhere.
std::shared_ptr<const CubeTable> even_table(float a, float b, float c) {
  return std::make_shared<const CubeTable>(table_over_photo([=](float, float, float) {
    return std::array<float, 3>{a, b, c};
  }));
}

Look polynomial(float first, float second) {
  Look look = parse_look(R"({"sfumato": 1, "steps": [{"op": "quadratic_lab"}]})", "q.json");
  look.steps[0].values[6] = KnobValue::fixed(first);
  look.steps[0].values[29] = KnobValue::fixed(second);
  return look;
}

Look with_offsets(Look look, float first, float second) {
  for (int t = 0; t < 10; ++t)
    look.steps[0].value_tables.push_back(even_table(t == 2 ? first : 0, 0, t == 9 ? second : 0));
  return look;
}

TEST(ValueTables, ChangeTheKnobsAtEachPixel) {
  const Picture in = scene(700, 3);
  const Picture want = drawn(polynomial(0.3f, -0.1f), in),
                got = drawn(with_offsets(polynomial(0.1f, 0), 0.2f, -0.1f), in),
                half = drawn(with_strength(with_offsets(polynomial(0.2f, 0), 0.4f, -0.2f), 0.5f), in);
  for (std::size_t i = 0; i < want.sample_count(); ++i) {
    ASSERT_NEAR(got.samples<float>()[i], want.samples<float>()[i], 1e-5) << i;
    ASSERT_NEAR(half.samples<float>()[i], want.samples<float>()[i], 1e-5) << i;
  }
}

TEST(ValueTables, ThatHoldZeroChangeNoBit) {
  const Picture in = scene(700, 3);
  EXPECT_EQ(drawn(with_offsets(polynomial(0.1f, 0.05f), 0, 0), in).bytes(), drawn(polynomial(0.1f, 0.05f), in).bytes());
  EXPECT_TRUE(Plan(with_offsets(polynomial(0, 0), 0, 0)).is_local());
}

TEST(StepMaps, LeaveThePictureAloneWhereNoPhotoFilledThem) {
  const Look look =
      parse_look(R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": 1, "where": {"map": 0}}]})", "m.json");
  EXPECT_TRUE(Plan(for_any_photo(look)).is_identity());
}

TEST(StepMaps, GiveTheSameBitsForAnySplitAndNumberOfThreads) {
  const Picture in = scene(1333, 151);
  const Analysis photo = analyze(in.view());
  for (const char* more : {"", R"(, {"op": "halation", "amount": 0.6, "where": {"map": 2}})"}) {
    const Look look = mapped_look(photo, more);
    const Picture whole = drawn(look, in, 1);
    EXPECT_EQ(drawn(look, in, 4).bytes(), whole.bytes());
    if (*more) continue;
    const Plan plan(look);
    const Engine engine(plan, in.width(), in.height(), false);
    std::vector<float> part(3 * 100);
    for (const int x : {0, 7, 511, 700, 1233}) {
      const MutableView to{reinterpret_cast<std::byte*>(part.data()), 100, 1, 3, Sample::f32, 1200};
      engine.render_row(in.view().row(77) + 12 * x, in.view(), {x, 77, in.width(), in.height()}, 100, to.data, to);
      EXPECT_EQ(std::memcmp(part.data(), whole.view().row(77) + 12 * x, 1200), 0) << x;
    }
  }
}

TEST(ValueTables, GiveTheSameBitsForAnySplit) {
  const Picture in = scene(1333, 61);
  Look look = polynomial(0.1f, 0);
  for (int t = 0; t < 10; ++t)
    look.steps[0].value_tables.push_back(
        std::make_shared<const CubeTable>(table_over_photo([=](float l, float x, float y) {
          return std::array<float, 3>{0.1f * l, 0.1f * x - 0.02f * t, -0.1f * y};
        })));
  const Picture whole = drawn(look, in, 1);
  EXPECT_EQ(drawn(look, in, 4).bytes(), whole.bytes());
  const Engine engine(Plan(look), in.width(), in.height(), false);
  std::vector<float> part(3 * 100);
  for (const int x : {0, 7, 511, 1233}) {
    const MutableView to{reinterpret_cast<std::byte*>(part.data()), 100, 1, 3, Sample::f32, 1200};
    engine.render_row(in.view().row(33) + 12 * x, in.view(), {x, 33, in.width(), in.height()}, 100, to.data, to);
    EXPECT_EQ(std::memcmp(part.data(), whole.view().row(33) + 12 * x, 1200), 0) << x;
  }
}

TEST(StepMaps, GiveAPreviewThatIsTheFinalReduced) {
  const Picture large = scene(1200, 800);
  const Analysis photo = analyze(large.view());
  const Look look = mapped_look(photo);
  const auto halved = [](const Picture& p) {
    Picture out(p.width() / 2, p.height() / 2, Sample::f32);
    for (int y = 0; y < out.height(); ++y)
      for (int x = 0; x < out.width(); ++x)
        for (int c = 0; c < 3; ++c) {
          float sum = 0;
          for (int k = 0; k < 4; ++k) sum += p.samples<float>()[3 * ((2 * y + k / 2) * p.width() + 2 * x + k % 2) + c];
          out.samples<float>()[3 * (y * out.width() + x) + c] = sum / 4;
        }
    return out;
  };
  const Picture preview = drawn(look, halved(large)), final_reduced = halved(drawn(look, large));
  double sum = 0;
  for (std::size_t i = 0; i < preview.sample_count(); ++i)
    sum += std::abs(preview.samples<float>()[i] - final_reduced.samples<float>()[i]);
  EXPECT_LT(sum / static_cast<double>(preview.sample_count()), 1 / 255.0);
}

}  // namespace
}  // namespace sfumato
