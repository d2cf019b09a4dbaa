// SPDX-License-Identifier: Apache-2.0
#include "net/exemplar.h"
#include "net/torch_reference.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

ExemplarOptions small_net(bool direct) {
  return {.context = vgg_context({.channels = {4, 6, 8, 8, 8}, .context = 10, .conv6_kernel = 3}),
          .hidden = 6,
          .features = 2,
          .direct = direct};
}
const Shapes picture{{"image", {1, 3, 64, 48}}, {"lab", {1, 3, 64, 48}}, {"features", {1, 2, 16, 12}}};

TEST(ExemplarNet, GivesTheSameWhetherFeaturesOrTheirProjectionsAreUpsampled) {
  const NetSpec direct = exemplar_fcn(small_net(true)), quick = exemplar_fcn(small_net(false));
  const Shapes shapes = infer_shapes(direct, picture);
  const TensorFile weights = random_weights(direct, shapes);
  const std::vector<Tensor> inputs = random_inputs(direct, shapes);
  const std::vector<Tensor> want = NetEngine(direct, weights, picture, {.threads = 1, .exact = true}).run(inputs);
  const std::vector<Tensor> got =
      NetEngine(quick, split_mix(weights, 10), picture, {.threads = 1, .exact = true}).run(inputs);
  ASSERT_EQ(want[0].shape, (std::vector<std::int64_t>{1, 30, 64, 48}));
  ASSERT_EQ(got[0].shape, want[0].shape);
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < want[0].values.size(); ++i) {
    largest = std::max<double>(largest, std::abs(want[0].values[i]));
    difference = std::max<double>(difference, std::abs(want[0].values[i] - got[0].values[i]));
  }
  EXPECT_GT(largest, 0.01);
  EXPECT_LT(difference, 1e-5 * largest);
}

TEST(ExemplarNet, HasTheLayersOfVgg16AtAnEighth) {
  const NetSpec net = exemplar_fcn();
  const Shapes shapes = infer_shapes(net, {{"image", {1, 3, 224, 224}}, {"lab", {1, 3, 224, 224}}});
  EXPECT_EQ(shapes.at("small.conv7"), (Shape{1, 4096, 28, 28}));
  EXPECT_EQ(shapes.at("large.conv7"), (Shape{1, 4096, 56, 56}));
  std::int64_t count = 0;
  for (const NetParameter& p : parameters_of(net, shapes)) {
    if (!p.name.starts_with("features.") && !p.name.starts_with("classifier.")) continue;
    std::int64_t values = 1;
    for (const std::int64_t side : p.shape) values *= side;
    count += values;
  }
  EXPECT_EQ(count, 138357544 - 4097000);  // torchvision's VGG-16 without fc8; both scales share it
}

Shape context_shape(const ContextNet& c) {
  return infer_shapes(c.net, {{"image", {1, 3, 128, 128}}}).at(c.net.outputs[0]);
}

TEST(ExemplarContext, IsWhatAFileHasOfVggAndFreshBeyond) {
  const NetSpec part = up_to(vgg({.layers = 16}), {"relu3_3"});
  const TensorFile weights = random_weights(part, infer_shapes(part, input_shapes(part, 64, 64)));
  const ContextNet c = context_of(weights, "vgg16.safetensors");
  EXPECT_EQ(c.fresh, (std::vector<std::string>{"conv6", "conv7"}));
  EXPECT_EQ(c.weights.tensors.size(), weights.tensors.size());
  EXPECT_EQ(context_shape(c), (Shape{1, 256, 16, 16}));
}

TEST(ExemplarContext, IsSqueezeNetAtTwoDepths) {
  const NetSpec net = squeezenet({.version = 1, .classifier = false});
  const TensorFile weights = random_weights(net, infer_shapes(net, input_shapes(net)));
  const ContextNet c = context_of(weights, "squeezenet1_1.safetensors");
  EXPECT_TRUE(c.fresh.empty());
  EXPECT_EQ(c.weights.tensors.size(), weights.tensors.size());
  EXPECT_EQ(context_shape(c), (Shape{1, 768, 15, 15}));
}

TEST(ExemplarContext, RefusesOtherWeights) {
  EXPECT_THROW(context_of({}, "empty.safetensors"), Error);
  TensorFile file;
  file.tensors["features.12.expand3x3.weight"] = {{1}, {0}};
  EXPECT_THROW(context_of(file, "squeezed.safetensors"), Error);
}

class ExemplarTorch : public TorchReference {};

TEST_F(ExemplarTorch, ComputesWhatPyTorchDoes) {
  add(exemplar_fcn(small_net(true)), picture);
  add(exemplar_fcn(small_net(false)), picture);
  compute_wanted();
  EXPECT_LT(difference(0, true), 1e-4);
  EXPECT_LT(difference(1, true), 1e-4);
}

}  // namespace
}  // namespace sfumato
