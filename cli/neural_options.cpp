// SPDX-License-Identifier: Apache-2.0
#include "neural_options.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "checks.h"
namespace sfumato {
namespace {

const std::map<std::string, StyleDistance> distances{{"gaussian", StyleDistance::gaussian},
                                                     {"gram", StyleDistance::gram},
                                                     {"paper", StyleDistance::paper},
                                                     {"sliced", StyleDistance::sliced},
                                                     {"strotss", StyleDistance::strotss}};
const std::map<std::string, VggPool> pools{{"max", VggPool::max},
                                           {"average", VggPool::average},
                                           {"doubled-average", VggPool::doubled_average},
                                           {"l2", VggPool::l2}};
const std::map<std::string, PaintStart> starts{{"content", PaintStart::content}, {"noise", PaintStart::noise}};
const std::map<std::string, bool> optimizers{{"adam", false}, {"lbfgs", true}};

// One of a few words for a value, with the default's word in the help.
template <class Value>
void add_choice(CLI::App& app, const std::string& flag, Value& value, const std::map<std::string, Value>& words,
                const std::string& help) {
  std::vector<std::string> names;
  std::string preset;
  for (const auto& [name, v] : words) {
    names.push_back(name);
    if (v == value) preset = name;
  }
  app.add_option_function<std::string>(
         flag, [&value, &words](const std::string& name) { value = words.at(name); }, help)
      ->check(CLI::IsMember(names))
      ->default_str(preset)
      ->group(NeuralFlags::group);
}

}  // namespace

void NeuralFlags::declare(CLI::App& app) {
  NeuralOptions& o = paint.options;
  app.add_option("--weights", o.weights, "A VGG-16 or VGG-19 (safetensors or PyTorch); without it kernels are random")
      ->type_name("FILE")
      ->group(group);
  add_choice(app, "--distance", o.distance, distances, "What of the style's features the painting shall have");
  app.add_option("--content-weight", o.content_weight, "How much the photo's forms count; default: the distance's own")
      ->check(within(0.0, 1e9))
      ->group(group);
  app.add_option("--smoothness", o.smoothness, "How much neighbors shall be alike; default: the distance's own")
      ->check(within(0.0, 1e9))
      ->group(group);
  app.add_option("--matting", o.matting,
                 "How much the photo's edges count: of a photorealistic painting, local affine maps make its colors of "
                 "the photo's; 0: not at all")
      ->check(within(0.0, 1e12))
      ->capture_default_str()
      ->group(group);
  add_choice(app, "--pool", o.pool, pools, "How the network reduces its pictures");
  add_choice(app, "--optimizer", o.lbfgs, optimizers, "How steps are taken");
  add_choice(app, "--start", o.start, starts, "The first picture");
  app.add_option("--first-size", o.first_size, "Longer side of the first scale; each next is 1.41 times larger")
      ->check(within(32, 4096))
      ->capture_default_str()
      ->group(group);
  app.add_option("--first-steps", o.first_steps, "Steps of the first scale")
      ->check(within(1, 1000000))
      ->capture_default_str()
      ->group(group);
  app.add_option("--steps", o.steps, "Steps of each other scale")
      ->check(within(1, 1000000))
      ->capture_default_str()
      ->group(group);
  app.add_option("--rate", o.rate, "Adam's rate")->check(within(1e-6, 1.0))->capture_default_str()->group(group);
  app.add_option("--device", o.device, "Where LibTorch computes")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str()
      ->group(group);
  app.add_option("--mask", mask,
                 "Regions of the photo: a gray picture (white and black are two regions), or one of flat colors; each "
                 "is painted as the same region in --style-mask")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--style-mask", style_masks, "Regions of the style; one for each")
      ->type_name("FILE")
      ->expected(1)
      ->take_all()
      ->group(group);
  app.add_option("--trace", trace, "Write every step's losses into this file, a line of JSON each")->group(group);
}

std::string NeuralFlags::trace_line(const NeuralStep& s) {
  return nlohmann::json{{"scale", s.scale},           {"step", s.step},       {"width", s.width},
                        {"height", s.height},         {"content", s.content}, {"style", s.style},
                        {"smoothness", s.smoothness}, {"matting", s.matting}, {"loss", s.loss}}
             .dump() +
         "\n";
}

}  // namespace sfumato
