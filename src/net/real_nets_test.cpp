// SPDX-License-Identifier: Apache-2.0
// Networks that others trained, on photos; SFUMATO_DATA names their folder.
#include <gmock/gmock.h>
#include <vips/vips.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "files/pth_file.h"
#include "files/vips.h"
#include "net/engine.h"
#include "net/nets.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

class RealNets : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("SFUMATO_DATA");
    if (!data) GTEST_SKIP() << "SFUMATO_DATA names no folder of real weights";
    data_ = data;
    if (!fs::exists(data_ / "weights"))
      GTEST_SKIP() << data_ / "weights"
                   << " is missing";
    init_vips();
  }
  TensorFile weights(const std::string& name) const { return read_weights(data_ / "weights" / name); }

  // 0: as it is; otherwise the center, scaled to this side.
  Tensor photo(const std::string& name, int side = 0) const {
    const std::string path = data_ / name;
    VipsImage *stored = nullptr, *wide = nullptr;
    if (side)
      vips_thumbnail(path.c_str(), &stored, side, "height", side, "crop", VIPS_INTERESTING_CENTRE, nullptr);
    else
      stored = vips_image_new_from_file(path.c_str(), nullptr);
    if (!stored || vips_cast_float(stored, &wide, nullptr)) throw std::runtime_error(vips_error_text());
    std::size_t size = 0;
    const std::unique_ptr<void, decltype(&g_free)> bytes(vips_image_write_to_memory(wide, &size), g_free);
    const auto* pixels = static_cast<const float*>(bytes.get());
    Tensor tensor{{1, 3, wide->Ysize, wide->Xsize}, std::vector<float>(size / sizeof(float))};
    const std::size_t count = tensor.values.size() / 3;
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t c = 0; c < 3; ++c) tensor.values[c * count + i] = pixels[3 * i + c] / 255;
    g_object_unref(wide);
    g_object_unref(stored);
    return tensor;
  }
  static Shapes shapes_of(const NetSpec& spec, const Tensor& image) {
    return input_shapes(spec, static_cast<int>(image.shape[2]), static_cast<int>(image.shape[3]));
  }

  std::string label(std::size_t index) const {
    std::ifstream in(data_ / "weights" / "imagenet_labels" / "synset_words.txt");
    std::string line;
    for (std::size_t i = 0; i <= index; ++i) std::getline(in, line);
    return line;
  }
  std::string class_of(NetEngine& engine, const Tensor& image) const {
    const std::vector<float> classes = engine.run({image}).back().values;
    return label(static_cast<std::size_t>(std::max_element(classes.begin(), classes.end()) - classes.begin()));
  }

  fs::path data_;
};

TEST_F(RealNets, Vgg19HasTheMeanActivationsThatWereMeasuredElsewhere) {
  const NetSpec spec =
      up_to(vgg({.pixels = PixelInput::caffe}), {"relu1_1", "relu1_2", "relu2_1", "relu2_2", "relu3_1", "relu3_4"});
  const Tensor image = photo("photos/kodak/1.png");
  NetEngine engine(spec, weights("vgg19_oxford_to_relu3_4.safetensors"), shapes_of(spec, image), {.threads = 2});
  const double wanted[] = {17.22, 81.10, 110.7, 93.5, 108.3, 371.1};
  const std::vector<Tensor> outputs = engine.run({image});
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const double mean = std::accumulate(outputs[i].values.begin(), outputs[i].values.end(), 0.0) /
                        static_cast<double>(outputs[i].values.size());
    EXPECT_NEAR(mean, wanted[i], wanted[i] * 2e-3) << spec.outputs[i];
  }
}

TEST_F(RealNets, SqueezeNetNamesWhatPhotosShow) {
  const NetSpec spec = squeezenet({.pixels = PixelInput::caffe, .classifier_pad = 1});
  NetEngine engine(spec, weights("squeezenet1_0.safetensors"), input_shapes(spec), {.threads = 2});
  EXPECT_THAT(class_of(engine, photo("photos/cq100/king_penguin.jpg", 227)), testing::HasSubstr("king penguin"));
  EXPECT_THAT(class_of(engine, photo("photos/kodak/23.png", 227)), testing::HasSubstr("macaw"));
}

TEST_F(RealNets, ATransformationNetPaintsAsItsAuthorsDid) {
  const NetSpec spec = johnson(lengstrom_options());
  const TensorFile file = from_lengstrom(weights("fst_udnie.safetensors"));
  const Tensor content = photo("transfer/fst_lengstrom/content/chicago.jpg");
  const Tensor stored = photo("transfer/fst_lengstrom/result/chicago_udnie.jpg");
  const auto decibels = [&](bool exact) {
    NetEngine engine(spec, file, shapes_of(spec, content), {.threads = 2, .exact = exact});
    const Tensor painted = engine.run({content})[0];
    const std::int64_t rows = stored.shape[2], columns = stored.shape[3];
    // 474 rows halve to 119, which doubled are 476. TensorFlow's unequal padding of odd sides moves them by 2.
    EXPECT_EQ(painted.shape, (std::vector<std::int64_t>{1, 3, rows + 2, columns}));
    double squares = 0;
    for (std::int64_t c = 0; c < 3; ++c)
      for (std::int64_t i = 0; i < rows * columns; ++i) {
        const float ours = painted.values[static_cast<std::size_t>((c * (rows + 2) + 2) * columns + i)];
        squares +=
            std::pow(std::clamp(ours, 0.0f, 1.0f) - stored.values[static_cast<std::size_t>(c * rows * columns + i)], 2);
      }
    return -10 * std::log10(squares / static_cast<double>(stored.values.size()));
  };
  // The stored picture is a JPEG; PyTorch's own walk of this net is 42.98 dB from it.
  EXPECT_NEAR(decibels(true), 42.98, 0.05);
  EXPECT_GT(decibels(false), 34);
}

// What is painted has the colors of the style and the edges of the content.
TEST_F(RealNets, MicroAstPaintsAnyContentInAnyStyle) {
  const auto file = [&](const char* part) { return weights(std::string("microast/") + part + "_iter_160000.pth.tar"); };
  const TensorFile all =
      from_micro_ast({file("content_encoder"), file("style_encoder"), file("modulator"), file("decoder")});
  const NetSpec spec = micro_ast();
  const Tensor content = photo("photos/kodak/23.png", 256),
               style = photo("transfer/fst_lengstrom/style/udnie.jpg", 256);
  NetEngine engine(spec, all, input_shapes(spec, 256, 256), {.threads = 2});
  const Tensor painted = engine.run({content, style})[0];
  const auto means = [](const Tensor& picture) {
    std::array<double, 3> means{};
    const std::size_t count = picture.values.size() / 3;
    for (std::size_t i = 0; i < picture.values.size(); ++i)
      means[i / count] += picture.values[i] / static_cast<double>(count);
    return means;
  };
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(means(painted)[c], means(style)[c], 0.1) << c;
}

}  // namespace
}  // namespace sfumato
