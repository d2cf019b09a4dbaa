// SPDX-License-Identifier: Apache-2.0
#include "look/local_adapter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <random>

#include "lane/cube.h"
#include "look/learned_file.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

Analysis photo_of(float light) {
  constexpr int size = Analysis::size;
  Analysis a;
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < size * size; ++i)
      a.rgb.push_back(i / size < size / 2 ? light : 0.3f + 0.1f * static_cast<float>((i * 7 + c) % 5) / 5);
  return a;
}

std::vector<float> normalized(const LocalModel& m, const Analysis& photo) {
  std::vector<float> f = features_of({}, photo, 1);
  normalize(f, m);
  return f;
}

// Its first map is where the picture is upper, by the position alone.
LocalModel upper_half(const Analysis& learned_from) {
  LocalModel m;
  m.mean.assign(LocalFeatures::channels, 0);
  m.spread.assign(LocalFeatures::channels, 1);
  constexpr int y = 27;  // after 21 colors and 6 textures
  auto layer = [&](const char* name, int rows, int columns) {
    m.head.tensors[std::string(name) + ".weight"] = {{rows, columns, 1, 1}, std::vector<float>(rows * columns)};
    m.head.tensors[std::string(name) + ".bias"] = {{rows}, std::vector<float>(rows)};
    return m.head.tensors[std::string(name) + ".weight"].values.data();
  };
  layer("0", 1, LocalFeatures::channels)[y] = 1;
  layer("2", 1, 1)[0] = 1;
  layer("4", 3, 1)[0] = -40;
  m.head.tensors["4.bias"].values = {20, 0, -20};
  const std::vector<float> f = normalized(m, learned_from);
  m.key_spread.assign(m.key(), 1.0f);
  m.photos = photo_key(f, predict_maps(m, f, learned_from));
  m.usual_distance = 0.2f;
  return m;
}

const char* const text = R"({"sfumato": 1, "steps": [{"op": "exposure", "stops": 0.2},
  {"op": "exposure", "stops": 1, "where": {"map": 0}}]})";

TEST(LocalFeatures, DescribeEveryCell) {
  const std::vector<float> f = local_features(photo_of(0.9f));
  ASSERT_EQ(f.size(), static_cast<std::size_t>(LocalFeatures::channels * LocalFeatures::cells));
  for (const float v : f) ASSERT_TRUE(std::isfinite(v));
  // An even upper half is no way from the upper border, and as far from the lower one as the lower half is busy.
  const float* to_top = f.data() + 31 * LocalFeatures::cells;
  const float* to_bottom = to_top + LocalFeatures::cells;
  EXPECT_LT(to_top[10 * 64 + 32], 0.5f * to_bottom[10 * 64 + 32]);
}

TEST(LocalAdapter, MapsThePhotoAndFadesWhereItIsUnlikeThoseLearnedFrom) {
  const Analysis known = photo_of(0.9f);
  Look look = parse_look(text, "local.json");
  look.adapter = std::make_shared<LocalAdapter>(upper_half(known));
  const auto adapted = look.adapter->adapt(look, known);
  EXPECT_EQ(adapted.confidence, 1.0f);
  ASSERT_TRUE(adapted.look.steps[1].map);
  EXPECT_FALSE(adapted.look.steps[0].map);
  const auto at = [](const StepMap& m, float light, float y) {
    const CubeTable& t = *m.table;
    const int n = t.size - 1;
    return t.nodes[((static_cast<int>(y * n) * t.size + n / 2) * t.size + static_cast<int>(light * n)) * 4];
  };
  EXPECT_GT(at(adapted.look.steps[1].map, 0.9f, 0.1f), 0.95f);
  EXPECT_LT(at(adapted.look.steps[1].map, 0.35f, 0.9f), 0.05f);

  const auto strange = look.adapter->adapt(look, photo_of(0.02f));
  EXPECT_LT(strange.confidence, 0.5f);
  EXPECT_LT(at(strange.look.steps[1].map, 0.02f, 0.1f), 0.5f);
  // The step for the whole picture takes over what the maps give up.
  EXPECT_EQ(adapted.look.steps[0].values[0].preset, 0.0f);
  EXPECT_NEAR(strange.look.steps[0].values[0].preset, 0.2f * (1 - strange.confidence), 1e-6f);
}

TEST(LocalAdapter, ComesBackFromItsFile) {
  const Analysis known = photo_of(0.7f);
  Look look = parse_look(text, "local.json");
  look.adapter = std::make_shared<LocalAdapter>(upper_half(known));
  const std::string path = (std::filesystem::temp_directory_path() / "sfumato_local_adapter_test.safetensors").string();
  write_look(path, look, "");
  const Look read = find_look(path);
  std::filesystem::remove(path);
  ASSERT_TRUE(read.adapter);
  EXPECT_EQ(read.adapter->hash(), look.adapter->hash());
  const auto a = look.adapter->adapt(look, known), b = read.adapter->adapt(read, known);
  EXPECT_EQ(a.look.steps[1].map.table->nodes, b.look.steps[1].map.table->nodes);
  EXPECT_EQ(print_look(read), print_look([&] {
              Look l = look;
              l.id = read.id;
              l.title = read.title;
              return l;
            }()));
}

TEST(LocalAdapter, RefusesTensorsThatDoNotFitTogether) {
  LocalModel m = upper_half(photo_of(0.5f));
  m.mean.pop_back();
  EXPECT_THROW(LocalAdapter{m}, Error);
}

}  // namespace
}  // namespace sfumato
