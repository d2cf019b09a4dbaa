// SPDX-License-Identifier: Apache-2.0
#include "net/net_spec.h"

#include <gmock/gmock.h>

#include "net/nets.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using testing::HasSubstr;

template <class Action>
std::string refusal(const Action& action) {
  try {
    action();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::look) << e.what();
    return e.what();
  }
  return {};
}

std::int64_t trained_values(const NetSpec& spec, const Shapes& shapes) {
  std::int64_t sum = 0;
  for (const NetParameter& p : parameters_of(spec, shapes)) {
    std::int64_t count = p.trained ? 1 : 0;
    for (const std::int64_t side : p.shape) count *= side;
    sum += count;
  }
  return sum;
}

TEST(NetSpecs, ComeBackFromJson) {
  for (const NetSpec& spec : {resnet18(), thumbnail_encoder(), vgg(),
                              vgg({.layers = 16, .pixels = PixelInput::caffe, .pool = VggPool::average}), squeezenet(),
                              squeezenet({.version = 1, .classifier = false}), darknet_tiny(), mlp(9, {8}, 3),
                              johnson(), johnson(lengstrom_options())})
    EXPECT_EQ(net_from_json(net_to_json(spec), "here"), spec) << spec.name;
}

// The published numbers of parameters; without the classifiers of ResNet (513 000) and VGG.
TEST(NetSpecs, HaveAsManyParametersAsPublished) {
  const auto count = [](const NetSpec& spec) {
    return trained_values(spec, infer_shapes(spec, input_shapes(spec, 224, 224)));
  };
  EXPECT_EQ(count(resnet18()), 11'689'512 - 513'000);
  EXPECT_EQ(count(vgg({.layers = 16})), 14'714'688);
  EXPECT_EQ(count(vgg()), 20'024'384);
  EXPECT_EQ(count(squeezenet()), 1'248'424);
  EXPECT_EQ(count(squeezenet({.version = 1})), 1'235'496);
  EXPECT_GT(count(thumbnail_encoder()), 100'000);
  EXPECT_LT(count(thumbnail_encoder()), 300'000);
}

TEST(NetSpecs, KnowTheShapesOfAllValues) {
  const NetSpec spec = squeezenet();
  const Shapes shapes = infer_shapes(spec, input_shapes(spec));
  EXPECT_EQ(shapes.at("features.0"), (Shape{1, 96, 111, 111}));  // table 1 of [Iandola2016]
  EXPECT_EQ(shapes.at("features.2"), (Shape{1, 96, 55, 55}));
  EXPECT_EQ(shapes.at("features.6"), (Shape{1, 256, 27, 27}));
  EXPECT_EQ(shapes.at("features.11"), (Shape{1, 512, 13, 13}));
  EXPECT_EQ(shapes.at("classes"), (Shape{1, 1000, 1, 1}));
}

TEST(NetSpecs, ThatDoNotFitTogetherAreRefusedByTheNameOfTheNode) {
  const auto checked = [](std::vector<Node> nodes, const Shape& in = {1, 4, 8, 8}) {
    return refusal([&] {
      NetSpec spec{
          .name = "n", .inputs = {{.name = "x", .channels = 4}}, .nodes = nodes, .outputs = {nodes.back().name}};
      infer_shapes(spec, {{"x", in}});
    });
  };
  using K = NodeKind;
  EXPECT_EQ(checked({{.name = "c", .kind = K::conv, .inputs = {"x"}, .channels = 8}}), "");
  EXPECT_THAT(checked({{.name = "c", .kind = K::conv, .inputs = {"y"}, .channels = 8}}),
              HasSubstr("node \"c\": found \"y\"; expected an earlier node"));
  EXPECT_THAT(checked({{.name = "c", .kind = K::conv, .inputs = {"c"}, .channels = 8}}), HasSubstr("found \"c\""));
  EXPECT_THAT(checked({{.name = "x", .kind = K::relu, .inputs = {"x"}}}), HasSubstr("a name of its own"));
  EXPECT_THAT(checked({{.name = "c", .kind = K::conv, .inputs = {"x"}}}), HasSubstr("channels = 0"));
  EXPECT_THAT(checked({{.name = "c", .kind = K::conv, .inputs = {"x"}, .channels = 8, .groups = 3}}),
              HasSubstr("multiples of 3 groups"));
  EXPECT_THAT(checked({{.name = "c", .kind = K::conv, .inputs = {"x"}, .channels = 8, .kernel = 9}}),
              HasSubstr("at least 9 pixels"));
  EXPECT_THAT(checked({{.name = "c", .kind = K::conv, .inputs = {"x"}, .channels = 8, .kernel = 0}}),
              HasSubstr("kernel = 0"));
  EXPECT_THAT(checked({{.name = "c",
                        .kind = K::conv,
                        .inputs = {"x"},
                        .channels = 8,
                        .kernel = 17,
                        .pad = 8,
                        .pad_mode = PadMode::reflect}}),
              HasSubstr("reflected"));
  EXPECT_THAT(checked({{.name = "l", .kind = K::linear, .inputs = {"x"}, .channels = 8}}), HasSubstr("h = w = 1"));
  EXPECT_THAT(checked({{.name = "a", .kind = K::add, .inputs = {"x"}}}), HasSubstr("found 1 inputs; expected 2 to 2"));
  EXPECT_THAT(checked({{.name = "p", .kind = K::max_pool, .inputs = {"x"}, .kernel = 2, .stride = 2},
                       {.name = "a", .kind = K::add, .inputs = {"x", "p"}}}),
              HasSubstr("[1, 4, 8, 8] and [1, 4, 4, 4]"));
  EXPECT_THAT(checked({{.name = "r", .kind = K::resize, .inputs = {"x"}}}), HasSubstr("a factor"));
  EXPECT_THAT(checked({{.name = "s", .kind = K::scale_shift, .inputs = {"x"}, .scale = {1, 2}}}),
              HasSubstr("fit 4 channels"));
  EXPECT_THAT(checked({{.name = "r", .kind = K::relu, .inputs = {"x"}}}, {1, 3, 8, 8}),
              HasSubstr("expected 4 channels"));
  std::vector<Node> tower;  // each node sixty-four times wider and higher
  for (int i = 0; i < 12; ++i)
    tower.push_back({.name = "u" + std::to_string(i),
                     .kind = K::resize,
                     .inputs = {i ? "u" + std::to_string(i - 1) : "x"},
                     .factor = 64});
  EXPECT_THAT(checked(tower), HasSubstr("at most"));
}

TEST(NetSpecs, OfJsonWithFaultsAreRefusedByName) {
  const auto read = [](const std::string& text) { return refusal([&] { net_from_json(text, "look.safetensors"); }); };
  const std::string start = R"({"net":1,"name":"n","inputs":[{"name":"x","channels":3}],"outputs":["r"],"nodes":[)";
  EXPECT_EQ(read(start + R"({"name":"r","kind":"relu","inputs":["x"]}]})"), "");
  EXPECT_THAT(read(start + R"({"name":"r","kind":"relo","inputs":["x"]}]})"),
              HasSubstr("look.safetensors: r: found \"relo\"; expected \"relu\""));
  EXPECT_THAT(read(start + R"({"name":"r","kind":"relu","inputs":["x"],"strid":2}]})"),
              HasSubstr("\"strid\"; did you mean \"stride\"?"));
  EXPECT_THAT(read(start + R"({"name":"r","kind":"conv","inputs":["x"],"channels":"8"}]})"),
              HasSubstr("an integer for \"channels\""));
  EXPECT_THAT(read(start + R"({"name":"r","kind":"conv","inputs":["x"],"channels":1e30}]})"),
              HasSubstr("an integer for \"channels\""));
  EXPECT_THAT(read(start + R"({"name":"r","kind":"conv","inputs":["x"],"channels":900000000}]})"),
              HasSubstr("channels = 900000000"));
  EXPECT_THAT(read(start + "[[[[[[[[[[[[[[[["), HasSubstr("nested too deeply"));
  EXPECT_THAT(read(start + "7]}"), HasSubstr("expected an object"));
  EXPECT_THAT(read("{"), HasSubstr("no JSON"));
  EXPECT_THAT(read(R"({"net":2})"), HasSubstr("\"net\": 1"));
}

TEST(NetSpecs, CutToAnOutputKeepOnlyWhatItNeeds) {
  const NetSpec spec = vgg(), part = up_to(spec, {"relu2_1", "relu1_2"});
  EXPECT_EQ(part.nodes.back().name, "relu2_1");
  const auto parameters = parameters_of(part, infer_shapes(part, input_shapes(part, 8, 8)));
  EXPECT_EQ(parameters.size(), 6u);
  EXPECT_EQ(parameters.back().name, "features.5.bias");
  EXPECT_THAT(refusal([&] { up_to(spec, {"relu2_7"}); }),
              HasSubstr("found \"relu2_7\"; expected an earlier node or an input, such as"));
}

}  // namespace
}  // namespace sfumato
