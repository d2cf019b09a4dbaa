// SPDX-License-Identifier: Apache-2.0
#include "look/where.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lane/mask_plane.h"
#include "lane/scalar.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

Look look_of(const std::string& where) {
  return parse_look(R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": 1, "where": )" + where + "}]}",
                    "test.json");
}

std::string refusal(const std::string& where) {
  try {
    look_of(where);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::look);
    return e.what();
  }
  return {};
}

TEST(Where, ComesBackFromText) {
  for (const char* text :
       {R"({"mask":true})", R"({"region":"background"})", R"({"region":"any","mask_color":"#00ff00","invert":true})",
        R"({"near":"#3060c0","within":30})", R"({"box":[0,0,1,0.5],"texture":[0.2,1]})", R"({"map":2})",
        R"({"mask":true,"feather":0.01,"snap":true})"}) {
    const Look look = look_of(text);
    const std::string printed = print_look(look);
    EXPECT_NE(printed.find(text), std::string::npos) << printed;
    EXPECT_EQ(parse_look(printed, "again.json").steps[0].where, look.steps[0].where);
  }
}

TEST(Where, RefusesWhatWouldHaveNoEffect) {
  EXPECT_NE(refusal(R"({"regoin": "ground"})").find("region"), std::string::npos);
  EXPECT_NE(refusal(R"({"region": "grond"})").find("ground"), std::string::npos);
  EXPECT_NE(refusal(R"({})").find("no place"), std::string::npos);
  EXPECT_NE(refusal(R"({"near": "blue"})").find("#3060c0"), std::string::npos);
  EXPECT_NE(refusal(R"({"map": 0, "near": "#ffffff"})").find("near"), std::string::npos);
  EXPECT_NE(refusal(R"({"mask": true, "region": "any"})").find("several"), std::string::npos);
  EXPECT_NE(refusal(R"({"box": [0, 0.6, 1, 0.4]})").find("above"), std::string::npos);
}

// A sky over two fields, with a house on their border; colors of the mask are arbitrary, borders between them soft.
PhotoMask village() {
  constexpr int w = 80, h = 60;
  PhotoMask p{Picture(w, h, Sample::f32), Picture(w, h, Sample::f32)};
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const bool is_house = x >= 30 && x < 50 && y >= 20 && y < 45, is_sky = y < 30;
      const float mask[3]{is_house ? 1.0f : 0.0f,
                          is_sky              ? 1.0f
                          : y == 30 && x < 10 ? 0.5f
                                              : 0.0f,
                          is_house ? 1.0f : 0.0f};
      const float photo[3]{is_house ? 0.8f : 0.2f,
                           is_house ? 0.2f
                           : is_sky ? 0.4f
                                    : 0.6f,
                           is_house ? 0.1f
                           : is_sky ? 0.9f
                                    : 0.1f};
      for (int c = 0; c < 3; ++c) {
        p.mask.samples<float>()[3 * (y * w + x) + c] = mask[c];
        p.photo.samples<float>()[3 * (y * w + x) + c] = photo[c];
      }
    }
  return p;
}

float share(const MaskPlane& m) {
  double sum = 0;
  for (const float v : m.values) sum += v;
  return static_cast<float>(sum / static_cast<double>(m.values.size()));
}

TEST(Where, TellsRegionsByWhereTheyLie) {
  const PhotoMask p = village();
  const auto plane = [&](const char* where) { return with_mask(look_of(where), p).steps[0].map.plane; };
  EXPECT_EQ(plane(R"({"region": "background"})")->values[0], 1.0f);
  EXPECT_EQ(plane(R"({"region": "ground"})")->values[0], 0.0f);
  EXPECT_EQ(plane(R"({"region": "ground"})")->values.back(), 1.0f);
  const auto house = plane(R"({"region": "subject"})");
  EXPECT_EQ(house->values[25 * 80 + 40], 1.0f);
  EXPECT_NEAR(share(*house), 20 * 25 / 4800.0, 0.02);
  EXPECT_NEAR(share(*plane(R"({"region": "subject", "invert": true})")), 1 - share(*house), 1e-6);
  EXPECT_EQ(share(*plane(R"({"region": "any", "near": "#cc3319"})")), share(*house));
}

TEST(Where, FeathersToTheWidthThatIsAsked) {
  const auto plane = with_mask(look_of(R"({"region": "ground", "feather": 0.1})"), village()).steps[0].map.plane;
  // Of a diagonal of 100 pixels: rises from 16 % to 84 % within two standard deviations of 5 pixels.
  const auto at = [&](int y) { return plane->values[static_cast<std::size_t>(y) * 80 + 5]; };
  EXPECT_NEAR(at(30), 0.5f, 0.1f);
  EXPECT_LT(at(24), 0.25f);
  EXPECT_GT(at(36), 0.75f);
  EXPECT_GT(at(27), 0.05f);
}

TEST(MapTable, NeverOvershootsAtStepsOfAnyContrast) {
  // Steps from black to ever lighter grays, and a map that is exact on each side but known at a quarter of the size.
  Analysis photo;
  constexpr int size = Analysis::size;
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < size * size; ++i)
      photo.rgb.push_back(i % size < size / 2 ? 0.1f : 0.1f + 0.85f * static_cast<float>(i / size) / size);
  Plane map(64, 64);
  for (int i = 0; i < 64 * 64; ++i) map.values[i] = i % 64 < 32 ? 0.2f : 0.8f;
  const CubeTable table = map_table({map, map, map}, photo);
  for (int i = 0; i < size * size; ++i) {
    const Rgb<float> at{photo.rgb[i], (i % size + 0.5f) / size, (i / size + 0.5f) / size};
    const float v = table3(&table, at).r;
    EXPECT_GE(v, 0.2f - 1e-4f);
    EXPECT_LE(v, 0.8f + 1e-4f);
    // From half contrast on the map's step is as sharp as the photo's.
    if (i / size > 160 && std::abs(i % size - size / 2) > 1) {
      ASSERT_NEAR(v, i % size < size / 2 ? 0.2f : 0.8f, 0.06f) << i % size << " " << i / size;
    }
  }
}

}  // namespace
}  // namespace sfumato
