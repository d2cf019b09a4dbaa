// SPDX-License-Identifier: Apache-2.0
#include "net/engine.h"

#include <gmock/gmock.h>

#include "net/nets.h"
#include "net/torch_reference.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using testing::HasSubstr;

// One node, or few, on inputs of these shapes.
NetSpec net_of(std::vector<Node> nodes, std::vector<Shape> inputs = {{2, 8, 13, 11}}) {
  NetSpec spec{.name = std::string(name_of(nodes.back().kind)), .outputs = {nodes.back().name}};
  for (std::size_t i = 0; i < inputs.size(); ++i)
    spec.inputs.push_back({.name = "x" + std::to_string(i), .channels = static_cast<int>(inputs[i].c)});
  spec.nodes = std::move(nodes);
  return spec;
}

class NetEngines : public TorchReference {
 protected:
  void add_nodes(std::vector<Node> nodes, std::vector<Shape> inputs = {{2, 8, 13, 11}}) {
    Shapes shapes;
    for (std::size_t i = 0; i < inputs.size(); ++i) shapes["x" + std::to_string(i)] = inputs[i];
    for (Node& node : nodes)
      if (node.inputs.empty()) node.inputs = {&node == nodes.data() ? "x0" : (&node - 1)->name};
    add(net_of(std::move(nodes), std::move(inputs)), shapes);
  }
  void expect_equal(double exact, double narrow) {
    ASSERT_NO_FATAL_FAILURE(compute_wanted());
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      EXPECT_LT(difference(i, true), exact) << i << " " << net_to_json(cases_[i].spec).substr(0, 600);
      EXPECT_LT(difference(i, false), narrow) << i << " in bfloat16 " << net_to_json(cases_[i].spec).substr(0, 600);
    }
  }
};

TEST_F(NetEngines, ComputeEveryKindAsTorchDoes) {
  using K = NodeKind;
  // Convolutions: strides, dilation, groups, depthwise, both paddings, TensorFlow's, no bias.
  add_nodes({{.name = "c", .kind = K::conv, .channels = 12, .kernel = 3, .pad = 1}});
  add_nodes({{.name = "c", .kind = K::conv, .channels = 16, .kernel = 5, .stride = 2, .pad = 2, .bias = false}});
  add_nodes({{.name = "c", .kind = K::conv, .channels = 16, .kernel = 3, .dilation = 2, .pad = 2, .groups = 2}});
  add_nodes({{.name = "c",
              .kind = K::conv,
              .channels = 8,
              .kernel = 3,
              .stride = 2,
              .pad = 1,
              .pad_mode = PadMode::reflect,
              .groups = 8}});
  add_nodes({{.name = "c", .kind = K::conv, .channels = 3, .kernel = 9, .pad = 4, .pad_mode = PadMode::reflect}});
  add_nodes({{.name = "c", .kind = K::conv, .channels = 16, .kernel = 3, .stride = 2, .same = true}}, {{1, 3, 14, 11}});
  add_nodes({{.name = "c", .kind = K::conv, .channels = 16, .kernel = 4, .same = true}}, {{1, 3, 14, 11}});
  add_nodes(
      {{.name = "t", .kind = K::conv_transposed, .channels = 12, .kernel = 3, .stride = 2, .pad = 1, .output_pad = 1}});
  add_nodes({{.name = "t",
              .kind = K::conv_transposed,
              .channels = 16,
              .kernel = 4,
              .stride = 2,
              .pad = 1,
              .groups = 2,
              .bias = false}});
  add_nodes(
      {{.name = "c", .kind = K::conv, .channels = 3, .kernel = 5, .pad = 2}, {.name = "r", .kind = K::leaky_relu}},
      {{2, 8, 9, 12}});
  add_nodes({{.name = "t", .kind = K::conv_transposed, .channels = 16, .kernel = 3, .stride = 2, .same = true}});
  add_nodes({{.name = "n", .kind = K::batch_norm}});
  add_nodes({{.name = "n", .kind = K::instance_norm, .epsilon = 1e-3f}});
  add_nodes({{.name = "n", .kind = K::instance_norm, .affine = false}, {.name = "r", .kind = K::relu}});
  add_nodes({{.name = "n", .kind = K::group_norm, .groups = 4}});
  add_nodes({{.name = "n", .kind = K::group_norm, .groups = 1, .affine = false}, {.name = "r", .kind = K::relu}});
  add_nodes(
      {{.name = "s", .kind = K::scale_shift, .shift = std::vector<float>(8, -0.5f)}, {.name = "r", .kind = K::relu}});
  add_nodes({{.name = "s", .kind = K::scale_shift, .shift = std::vector<float>(8, -0.5f)},
             {.name = "r", .kind = K::leaky_relu, .slope = 0.2f}});
  add_nodes({{.name = "r", .kind = K::tanh}});
  add_nodes({{.name = "r", .kind = K::sigmoid}});
  add_nodes({{.name = "a", .kind = K::relu}, {.name = "r", .kind = K::sqrt}});
  add_nodes({{.name = "s", .kind = K::scale_shift, .scale = {2, 3}, .shift = {-1, 1}, .order = {7, 0}}});
  add_nodes({{.name = "p", .kind = K::max_pool, .kernel = 3, .stride = 2, .pad = 1}});
  add_nodes({{.name = "p", .kind = K::max_pool, .kernel = 3, .stride = 2, .ceil = true}}, {{1, 8, 12, 14}});
  add_nodes({{.name = "p", .kind = K::max_pool, .kernel = 2, .stride = 3, .pad = 1, .ceil = true}}, {{1, 8, 12, 14}});
  add_nodes({{.name = "p", .kind = K::average_pool, .kernel = 3, .stride = 2, .pad = 1}});
  add_nodes({{.name = "p", .kind = K::average_pool, .kernel = 3, .stride = 2, .pad = 1, .count_pad = false}});
  add_nodes({{.name = "p", .kind = K::average_pool, .kernel = 2, .stride = 2, .ceil = true}});
  add_nodes({{.name = "p", .kind = K::global_average_pool}});
  add_nodes({{.name = "p", .kind = K::global_deviation}});
  add_nodes({{.name = "u", .kind = K::resize, .factor = 2}});
  add_nodes({{.name = "u", .kind = K::resize, .height = 7, .width = 29}});
  add_nodes({{.name = "u", .kind = K::resize, .factor = 2, .mode = ResizeMode::bilinear}});
  add_nodes({{.name = "u", .kind = K::resize, .height = 7, .width = 29, .mode = ResizeMode::bilinear}});
  add_nodes({{.name = "u", .kind = K::resize, .inputs = {"x0", "x1"}, .mode = ResizeMode::bilinear}},
            {{1, 8, 5, 6}, {1, 3, 9, 14}});
  add_nodes({{.name = "a", .kind = K::add, .inputs = {"x0", "x1"}}, {.name = "r", .kind = K::relu}},
            {{2, 8, 5, 6}, {2, 8, 5, 6}});
  add_nodes({{.name = "a", .kind = K::add, .inputs = {"x0", "x1"}}}, {{2, 8, 5, 6}, {2, 8, 1, 1}});
  add_nodes({{.name = "a", .kind = K::mul, .inputs = {"x0", "x1"}}}, {{2, 8, 5, 6}, {2, 8, 5, 6}});
  add_nodes({{.name = "a", .kind = K::mul, .inputs = {"x0", "x1"}}}, {{2, 8, 5, 6}, {2, 8, 1, 1}});
  add_nodes({{.name = "c", .kind = K::concat, .inputs = {"x0", "x1", "x0"}}}, {{2, 8, 5, 6}, {2, 3, 5, 6}});
  add_nodes({{.name = "f", .kind = K::flatten}, {.name = "l", .kind = K::linear, .channels = 10}}, {{3, 4, 5, 6}});
  expect_equal(1e-4, 2e-2);
}

// Whatever the compiler takes together must give what the nodes give one by one.
TEST_F(NetEngines, FuseWithoutChangingWhatIsComputed) {
  using K = NodeKind;
  const Node conv{.name = "c", .kind = K::conv, .inputs = {"x0"}, .channels = 8, .kernel = 3, .pad = 1};
  const Node norm{.name = "n", .kind = K::batch_norm, .inputs = {"c"}};
  add_nodes({conv, norm, {.name = "r", .kind = K::leaky_relu, .slope = 0.1f}});
  add_nodes({conv, norm, {.name = "t", .kind = K::tanh}, {.name = "s", .kind = K::sigmoid}});
  add_nodes(
      {{.name = "c", .kind = K::conv_transposed, .channels = 8, .kernel = 3, .stride = 2, .pad = 1, .output_pad = 1},
       norm,
       {.name = "r", .kind = K::relu}});
  add_nodes({{.name = "c", .kind = K::conv_transposed, .channels = 8, .kernel = 3, .groups = 2}, norm});
  // Residuals: the addend dies here; it is read again later; it is an input; both sides are convolutions; it is itself.
  const Node first{.name = "f", .kind = K::relu, .inputs = {"x0"}};
  const Node second{.name = "c", .kind = K::conv, .inputs = {"f"}, .channels = 8, .kernel = 3, .pad = 1};
  add_nodes({first, second, norm, {.name = "a", .kind = K::add, .inputs = {"n", "f"}}, {.name = "r", .kind = K::relu}});
  add_nodes({first,
             second,
             {.name = "a", .kind = K::add, .inputs = {"f", "c"}},
             {.name = "m", .kind = K::mul, .inputs = {"a", "f"}}});
  add_nodes({conv,
             {.name = "a", .kind = K::add, .inputs = {"x0", "c"}},
             {.name = "b", .kind = K::add, .inputs = {"a", "x0"}}});
  add_nodes({first,
             second,
             {.name = "d", .kind = K::conv, .inputs = {"f"}, .channels = 8},
             {.name = "a", .kind = K::add, .inputs = {"c", "d"}},
             {.name = "r", .kind = K::relu}});
  add_nodes({conv, {.name = "a", .kind = K::add, .inputs = {"c", "c"}}});
  // A conv reads the addend at the same time as it is added to.
  add_nodes({first,
             second,
             {.name = "a", .kind = K::add, .inputs = {"c", "f"}},
             {.name = "c2", .kind = K::conv, .inputs = {"a"}, .channels = 8},
             {.name = "a2", .kind = K::add, .inputs = {"a", "c2"}}});
  // Shared weights.
  add_nodes({conv, {.name = "again", .kind = K::conv, .parameters = "c", .channels = 8, .kernel = 3, .pad = 1}});
  NetSpec both = cases_[0].spec;  // what is fused away elsewhere may be an output too
  both.outputs = {"c", "n", "r", "x0"};
  add(both, {{"x0", {2, 8, 13, 11}}});
  expect_equal(1e-4, 3e-2);
}

TEST_F(NetEngines, ComputeWholeNetsAsTorchDoes) {
  add(resnet18(), {{"image", {1, 3, 96, 64}}});
  add(thumbnail_encoder(), {{"image", {2, 3, 64, 64}}});
  add(thumbnail_encoder({.channels = {8, 16}, .groups = 0}), {{"image", {1, 3, 33, 40}}});
  add(up_to(vgg({.layers = 19}), {"relu1_1", "relu3_1", "conv4_1"}), {{"image", {1, 3, 48, 40}}});
  add(up_to(vgg({.layers = 16, .pixels = PixelInput::caffe, .pool = VggPool::average}), {"pool3"}),
      {{"image", {1, 3, 32, 32}}});
  for (const VggPool pool : {VggPool::doubled_average, VggPool::l2})
    add(up_to(vgg({.pool = pool, .first_pad = PadMode::reflect}), {"relu3_1"}), {{"image", {1, 3, 32, 24}}});
  add(squeezenet(), {{"image", {1, 3, 67, 67}}});
  add(squeezenet({.version = 1, .classifier_pad = 1}), {{"image", {1, 3, 64, 70}}});
  add(darknet_tiny(), {{"image", {1, 3, 64, 64}}});
  add(mlp(20, {32, 16}, 5), {{"features", {3, 20, 1, 1}}});
  add(johnson({.width = 0.5f}), {{"image", {1, 3, 40, 36}}});
  // Before its tanh: random statistics let values grow to where it is a step.
  add(up_to(johnson({.width = 0.25f, .batch_norm = true, .transposed = true, .last_norm = true}), {"out.norm"}),
      {{"image", {1, 3, 40, 36}}});
  JohnsonOptions lengstrom = lengstrom_options();
  lengstrom.width = 0.5f;
  add(johnson(lengstrom), {{"image", {1, 3, 41, 38}}});
  add(up_to(micro_ast(), {"decoder.dec2"}), {{"content", {1, 3, 24, 32}}, {"style", {1, 3, 28, 20}}});
  expect_equal(2e-4, 8e-2);
}

TEST(NetEngine, GivesTheSameForAnyNumberOfThreads) {
  const NetSpec spec = thumbnail_encoder();
  const Shapes shapes = infer_shapes(spec, input_shapes(spec));
  const TensorFile weights = random_weights(spec, shapes);
  const std::vector<Tensor> inputs = random_inputs(spec, shapes);
  NetEngine one(spec, weights, shapes, {.threads = 1, .exact = true}),
      two(spec, weights, shapes, {.threads = 2, .exact = true});
  EXPECT_EQ(one.run(inputs)[0].values, two.run(inputs)[0].values);
}

TEST(NetEngine, NamesTheWeightsThatAFileLacks) {
  const NetSpec spec = vgg();
  const Shapes shapes = infer_shapes(spec, input_shapes(spec, 32, 32));
  TensorFile weights = random_weights(up_to(spec, {"relu3_4"}), shapes);
  const auto refusal = [&](const NetSpec& net) -> std::string {
    try {
      NetEngine(net, weights, shapes);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::look);
      return e.what();
    }
    return {};
  };
  EXPECT_EQ(refusal(up_to(spec, {"relu3_4"})), "");
  EXPECT_THAT(refusal(spec),
              HasSubstr("lack 16 tensors: \"features.19.weight\" [512, 256, 3, 3], \"features.19.bias\" [512]"));
  weights.tensors["features.0.weight"].shape = {64, 27};
  EXPECT_THAT(refusal(up_to(spec, {"relu1_1"})), HasSubstr("\"features.0.weight\" [64, 3, 3, 3] (found [64, 27])"));
}

}  // namespace
}  // namespace sfumato
