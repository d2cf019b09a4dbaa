// SPDX-License-Identifier: Apache-2.0
#include "train/exemplar_trainer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "look/learned_file.h"
#include "look/local_adapter.h"
#include "look/recipe.h"
#include "look/values.h"
#include "sfumato/render.h"
#include "tensor/net.h"
#include "train/local_trainer.h"

namespace sfumato {
namespace {

constexpr int size = Analysis::size, image_side = 64;

// Stripes here and none there, of one mean color: what surrounds a pixel tells where it lies.
const Picture scene(int i) {
  Picture p(size, size, Sample::f32);
  const bool is_left = i % 2 == 0;
  const int border = 96 + i * 16;
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) {
      const bool is_striped = (x < border) == is_left;
      const float stripe = is_striped ? ((x + y) / 8 % 2 ? 0.08f : -0.08f) : 0.0f;
      for (int c = 0; c < 3; ++c)
        p.samples<float>()[3 * (y * size + x) + c] = 0.4f + 0.1f * static_cast<float>((i + c) % 3) + stripe;
    }
  return p;
}

// Where there are stripes, the light falls and colors turn blue.
std::vector<float> edited(const std::vector<float>& lab, int i) {
  std::vector<float> after = lab;
  constexpr int n = size * size;
  for (int k = 0; k < n; ++k) {
    if ((k % size < 96 + i * 16) != (i % 2 == 0)) continue;
    after[k] -= 0.15f, after[2 * n + k] -= 0.2f;
  }
  return after;
}

class ExemplarTraining : public testing::Test {
 protected:
  static constexpr int count = 6;

  void SetUp() override {
    for (int i = 0; i < count; ++i) {
      const Analysis photo = analyze(scene(i).view());
      ExemplarSample& s = samples_.emplace_back();
      s.image = picture_of(photo, image_side);
      s.before = pixel_colors(photo.rgb), s.after = edited(s.before, i);
    }
    for (const ExemplarSample& s : samples_) pointers_.push_back(&s);
  }

  static ContextNet narrow_context() {
    return {vgg_context({.channels = {6, 8, 8}, .depths = {1, 1, 1}, .context = 8, .conv6_kernel = 3}), {}, {}};
  }
  static ExemplarTrainOptions options(int steps) {
    ExemplarTrainOptions o{.steps = steps, .batch = 4, .hidden = 16, .image = image_side, .dropout = 0, .threads = 1};
    o.rate = 2e-2, o.fresh_share = 1, o.is_squared = true, o.device = "cpu";
    o.start.assign(30, 0.0f);
    o.start[6] = -0.1f;
    return o;
  }

  ExemplarTrained trained(int steps) const { return train_exemplar(pointers_, narrow_context(), options(steps), {}); }

  static Look plain() {
    Look look;
    look.title = "Plain";
    look.steps = {initial_step(*find_op("quadratic_lab"))};
    look.steps[0].values[6] = KnobValue::fixed(-0.1f);
    return look;
  }

  // The look with the network, from its file.
  static Look saved(const ExemplarTrained& trained) {
    LocalModel model;
    model.network = trained.net, model.head = trained.weights;
    model.mean.assign(LocalFeatures::channels, 0), model.spread.assign(LocalFeatures::channels, 1);
    for (int i = 0; i < count; ++i) {
      std::vector<float> f = features_of({}, analyze(scene(i).view()));
      normalize(f, model);
      const std::vector<float> key = photo_key(f);
      model.photos.insert(model.photos.end(), key.begin(), key.end());
    }
    model.key_spread.assign(model.key(), 1.0f);
    Look look = plain();
    look.adapter = std::make_shared<LocalAdapter>(std::move(model));
    const std::string path =
        (std::filesystem::temp_directory_path() / "sfumato_exemplar_trainer_test.safetensors").string();
    write_look(path, look, "");
    Look read = find_look(path);
    std::filesystem::remove(path);
    return read;
  }

  static const Picture rendered(const Look& look, const Picture& in, float strength = 1) {
    const Analysis photo = analyze(in.view());
    Picture out(size, size, Sample::f32);
    render(Plan(LookRecipe{.looks = {look}, .strength = strength}.resolve(&photo).look), in.view(), out.view(),
           {.threads = 1});
    return out;
  }

  std::vector<ExemplarSample> samples_;
  std::vector<const ExemplarSample*> pointers_;
};

double distance(const torch::Tensor& a, const torch::Tensor& b) {
  const torch::Tensor scale = torch::tensor({100.0f, 128.0f, 128.0f}).view({3, 1, 1});
  return ((a - b) * scale).pow(2).sum(0).sqrt().mean().item<double>();
}

TEST_F(ExemplarTraining, TellsPlacesApartByWhatSurroundsThemAndRendersSo) {
  const ExemplarTrained net = trained(60);
  // Half of the pixels are 29.6 off; a transform for the whole picture leaves a quarter of its square.
  EXPECT_LT(net.loss, 0.4 * 0.25 * 29.6 * 29.6);
  const Look look = saved(net);
  const TensorNet direct(net.net, net.weights);
  const auto planes = [](const std::vector<float>& v, int side) { return torch::tensor(v).view({1, 3, side, side}); };
  for (const int i : {1, 4}) {
    const torch::Tensor lab = planes(samples_[i].before, size);
    const torch::Tensor t = direct({{"image", planes(samples_[i].image, image_side)}, {"lab", lab}})
                                .at("transform")
                                .view({1, 3, 10, size, size});
    torch::Tensor start = torch::zeros({1, 3, 10, 1, 1});
    start[0][0][6] = -0.1f;
    const torch::Tensor said = (lab + ((start + t) * quadratic_basis(lab).unsqueeze(1)).sum(2))[0];
    const torch::Tensor got = planes(pixel_colors(analyze(rendered(look, scene(i)).view()).rgb), size)[0];
    const torch::Tensor wanted = planes(samples_[i].after, size)[0];
    // At the border between the two, table nodes hold means of both sides.
    EXPECT_LT(distance(got, said), 0.1 * distance(lab[0], wanted)) << i;
    EXPECT_LT(distance(got, wanted), 0.6 * distance(lab[0], wanted)) << i;
  }
}

TEST_F(ExemplarTraining, IsTheLookForTheWholePictureWithoutSteps) {
  const Look look = saved(trained(0));
  EXPECT_EQ(rendered(look, scene(2)).bytes(), rendered(plain(), scene(2)).bytes());
}

TEST_F(ExemplarTraining, IsDecidedByItsSeedAndDialedByStrength) {
  const ExemplarTrained net = trained(3), again = trained(3);
  EXPECT_EQ(net.weights.get("transform.weight").values, again.weights.get("transform.weight").values);
  EXPECT_NE(0.0f, net.weights.get("transform.weight").values[0]);
  EXPECT_EQ(rendered(saved(net), scene(0), 0).bytes(), rendered(Look{}, scene(0)).bytes());
  // The context was trained, too.
  const ExemplarTrained none = trained(0);
  EXPECT_NE(net.weights.get("features.0.weight").values, none.weights.get("features.0.weight").values);
}

}  // namespace
}  // namespace sfumato
