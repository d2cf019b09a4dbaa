// SPDX-License-Identifier: Apache-2.0
#include "look/learned_file.h"

#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>
#include <random>
#include <utility>

#include "files/lut_file.h"
#include "files/safetensors.h"
#include "look/recipe.h"
#include "look/ridge_adapter.h"
#include "measure/descriptor.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class LearnedFile : public testing::Test {
 protected:
  LearnedFile()
      : folder_(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::create_directories(folder_);
  }
  ~LearnedFile() override { fs::remove_all(folder_); }
  std::string path(const char* name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

// Curves, then a table with a domain and curves of its own.
Look look_with_table() {
  Look look = parse_look(
      R"({"sfumato": 1, "title": "Mine", "steps": [{"op": "exposure"}, {"op": "tone_curve", "contrast": 0.3}]})",
      "mine");
  auto table = identity_cube(5);
  std::mt19937 random(3);
  for (std::size_t i = 0; i < table.nodes.size(); ++i)
    if (i % 4 != 3) table.nodes[i] += static_cast<float>(random() % 100) * 0.001f;
  table.low[1] = -0.25f;
  table.scale[1] = 3.1f;
  for (auto& curve : table.shaper) curve = {0.0f, 0.6f, 1.0f};
  for (float& s : table.shaper_scale) s = 2;
  LookStep step{find_op("lut3d"),
                {KnobValue::fixed(0.8f)},
                "whatever.cube",
                std::make_shared<const CubeTable>(std::move(table)),
                {}};
  look.steps.push_back(step);
  return look;
}

Picture colors() {
  Picture p(64, 64, Sample::f32);
  std::mt19937 random(5);
  for (std::size_t i = 0; i < p.sample_count(); ++i)
    p.samples<float>()[i] = static_cast<float>(random() % 1200) / 1000.0f - 0.1f;
  return p;
}

Picture drawn(const Look& look) { return rendered(Plan(look), colors().view()); }

Analysis gray_photo(float level) { return {std::vector<float>(3 * Analysis::size * Analysis::size, level), 1.5f}; }

// Exposure follows the mean tone.
std::shared_ptr<const RidgeAdapter> brightener() {
  RidgeModel m;
  m.knobs = {{0, 0}};
  m.weights.assign(Descriptor::size, 0.0f);
  m.weights[2] = -0.5f;  // four times the mean of green
  m.low = {-2};
  m.high = {2};
  m.mean = describe(gray_photo(0.5f));
  m.spread.assign(Descriptor::key, 1.0f);
  m.photos.assign(m.mean.begin(), m.mean.begin() + Descriptor::key);
  m.usual_distance = 100;
  return std::make_shared<RidgeAdapter>(m);
}

TEST_F(LearnedFile, RendersTheSameBitsAfterSavingAndLoading) {
  const Look look = look_with_table();
  write_look(path("a.safetensors"), look, R"({"chosen": "static"})");
  const Look again = find_look(path("a.safetensors"));
  EXPECT_EQ("Mine", again.title);
  EXPECT_EQ(drawn(look).bytes(), drawn(again).bytes());
  EXPECT_EQ(R"({"chosen": "static"})", read_learned_report(path("a.safetensors")));
  write_look(path("b.safetensors"), again, R"({"chosen": "static"})");
  EXPECT_EQ(read_safetensors(path("a.safetensors")).metadata, read_safetensors(path("b.safetensors")).metadata);
}

TEST_F(LearnedFile, KeepsWhatAdaptsTheLook) {
  Look look = look_with_table();
  look.adapter = brightener();
  write_look(path("a.safetensors"), look, "");
  const Look again = find_look(path("a.safetensors"));
  ASSERT_TRUE(again.adapter);
  EXPECT_EQ(look.adapter->hash(), again.adapter->hash());
  const auto dark = look.adapter->adapt(look, gray_photo(0.2f)),
             dark_again = again.adapter->adapt(again, gray_photo(0.2f));
  EXPECT_GT(dark.look.steps[0].values[0].preset, 0.1f);
  EXPECT_EQ(dark.look.steps[0].values[0].preset, dark_again.look.steps[0].values[0].preset);
  EXPECT_EQ(dark.confidence, dark_again.confidence);
}

TEST_F(LearnedFile, RefusesWhatIsNoLookOrDoesNotFit) {
  auto refusal = [&](const TensorFile& file) -> std::string {
    write_safetensors(path("bad.safetensors"), file);
    try {
      find_look(path("bad.safetensors"));
    } catch (const Error& e) {
      EXPECT_EQ(Code::look, e.code());
      return e.what();
    }
    return "no error";
  };
  EXPECT_THAT(refusal({}), HasSubstr("expected a learned look"));
  write_look(path("good.safetensors"), look_with_table(), "");
  const TensorFile good = read_safetensors(path("good.safetensors"));
  TensorFile bad = good;
  bad.tensors.erase("table0");
  EXPECT_THAT(refusal(bad), HasSubstr("table0"));
  bad = good;
  bad.tensors["table0"] = {{2, 3, 2, 3}, std::vector<float>(36)};
  EXPECT_THAT(refusal(bad), HasSubstr("cube"));
  bad = good;
  bad.tensors["table0"].values[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(refusal(bad), HasSubstr("not finite"));
  bad = good;
  bad.metadata["adapter"] = R"({"kind": "rige"})";
  EXPECT_THAT(refusal(bad), HasSubstr("did you mean 'ridge'?"));
  bad.metadata["adapter"] = "[]";
  EXPECT_THAT(refusal(bad), HasSubstr("without a kind"));
  bad = good;
  bad.metadata["sfumato"] = R"({"sfumato": 1, "steps": [{"op": "lut3d", "file": "film.cube"}]})";
  EXPECT_THAT(refusal(bad), HasSubstr("tensor:NAME"));
}

TEST(RidgeAdapter, WithoutWeightsIsTheLookItself) {
  RidgeModel m = brightener()->model();
  m.weights.assign(Descriptor::size, 0.0f);
  Look look = look_with_table();
  look.adapter = std::make_shared<RidgeAdapter>(m);
  const auto adapted = look.adapter->adapt(look, gray_photo(0.1f));
  EXPECT_EQ(drawn(for_any_photo(look)).bytes(), drawn(adapted.look).bytes());
  EXPECT_EQ(nullptr, adapted.look.adapter);
}

TEST(RidgeAdapter, IsLessSureTheFartherAPhotoIsAndFallsBackToTheLook) {
  RidgeModel m = brightener()->model();
  m.usual_distance = 0.5f;
  const RidgeAdapter adapter(m);
  Look look = look_with_table();
  EXPECT_EQ(1.0f, adapter.adapt(look, gray_photo(0.5f)).confidence);
  const float near = adapter.adapt(look, gray_photo(0.4f)).confidence,
              far = adapter.adapt(look, gray_photo(0.02f)).confidence;
  EXPECT_GT(near, far);
  EXPECT_LT(far, 0.1f);
  EXPECT_LT(std::abs(adapter.adapt(look, gray_photo(0.02f)).look.steps[0].values[0].preset), 0.1f);
}

TEST(RidgeAdapter, StaysWithinTheChangesItLearnedFrom) {
  RidgeModel m = brightener()->model();
  m.weights[2] = -50;
  EXPECT_EQ(2.0f, RidgeAdapter(m).adapt(look_with_table(), gray_photo(0.1f)).look.steps[0].values[0].preset);
}

TEST(LookRecipe, AppliesStrengthAndSettingsAfterTheAdaptation) {
  Look look = look_with_table();
  look.adapter = brightener();
  const Analysis dark = gray_photo(0.2f);
  const float whole = LookRecipe{{look}, 1, {}}.resolve(&dark).look.steps[0].values[0].preset;
  EXPECT_FLOAT_EQ(0.5f * whole, (LookRecipe{{look}, 0.5f, {}}.resolve(&dark).look.steps[0].values[0].preset));
  EXPECT_EQ(1.25f, (LookRecipe{{look}, 0.5f, {"exposure.stops=1.25"}}.resolve(&dark).look.steps[0].values[0].preset));
  EXPECT_EQ(0.0f, (LookRecipe{{look}, 1, {}}.resolve().look.steps[0].values[0].preset));
}

TEST(LookRecipe, HashSeesEverythingThatChangesPixels) {
  const LookRecipe base{{look_with_table()}, 1, {}};
  auto changed = [&](auto change) {
    CubeTable table = *base.looks[0].steps[2].table;
    change(table);
    LookRecipe other = base;
    other.looks[0].steps[2].table = std::make_shared<const CubeTable>(table);
    return other.hash();
  };
  EXPECT_EQ(base.hash(), changed([](CubeTable&) {}));
  EXPECT_NE(base.hash(), changed([](CubeTable& t) { t.nodes[8] += 0.1f; }));
  EXPECT_NE(base.hash(), changed([](CubeTable& t) { t.low[2] = 0.1f; }));
  EXPECT_NE(base.hash(), changed([](CubeTable& t) { t.scale[0] = 2; }));
  EXPECT_NE(base.hash(), changed([](CubeTable& t) { t.shaper[1][1] = 0.5f; }));
  EXPECT_NE(base.hash(), changed([](CubeTable& t) { t.shaper_low[1] = -0.1f; }));
  EXPECT_NE(base.hash(), changed([](CubeTable& t) { t.shaper_scale[1] = 1.9f; }));

  LookRecipe one = base, two = base;
  one.looks[0].adapter = brightener();
  RidgeModel m = brightener()->model();
  m.weights[3] = 0.01f;
  two.looks[0].adapter = std::make_shared<RidgeAdapter>(m);
  EXPECT_NE(base.hash(), one.hash());
  EXPECT_NE(one.hash(), two.hash());
}

TEST(BuiltInLearnedLooks, AdaptToAPhoto) {
  const Picture gray = [] {
    Picture p(64, 48, Sample::f32);
    std::fill_n(p.samples<float>(), p.sample_count(), 0.4f);
    return p;
  }();
  int learned = 0;
  for (const std::string& name : look_names()) {
    const Look look = find_look(name);
    EXPECT_EQ(name, look.id);
    if (!name.ends_with("-adaptive")) continue;
    ++learned;
    ASSERT_TRUE(look.adapter) << name;
    const auto adapted = look.adapter->adapt(look, analyze(gray.view()));
    for (const LookStep& step : adapted.look.steps)
      for (const KnobValue& v : step.values) EXPECT_TRUE(std::isfinite(v.preset)) << name;
  }
  EXPECT_GE(learned, 2);
}

}  // namespace
}  // namespace sfumato
