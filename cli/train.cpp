// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "batch.h"
#include "command.h"
#include "files/vips.h"
#include "learner/learner.h"
#include "only_where.h"
#include "paint/painted_picture.h"
#include "paint/patch_painter.h"
#include "progress.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

struct Options {
  NetTrainOptions train;
  UpscaleTrainOptions upscale;
  std::string kind, style, output, trace, similarity = "none", progress = "auto";
  std::vector<std::string> photos;
  float balance = PatchOptions{}.balance;
  std::optional<int> steps, batch, crop;
  std::optional<double> rate;
  int count = 0;
  bool recursive = false, overwrites = false;
};

volatile std::sig_atomic_t stopping = 0;

const std::map<std::string, Similarity> similarities{
    {"none", Similarity::none}, {"luma", Similarity::luma}, {"self", Similarity::self}};

class TrainCommand {
 public:
  explicit TrainCommand(Options o) : o_(std::move(o)), line_(o_.progress, 0) {}

  int run() {
    check();
    NetTrainOptions& train = o_.train;
    take_given(train);
    train.photographic = o_.kind == "photographic";
    if (train.photographic) train.grain = train.most_deviation = 0;
    train.similarity = similarities.at(o_.similarity);
    if (!enlarges()) train.checkpoint = o_.output + ".checkpoint";
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stopping = 1; });
    set_vips_threads(train.threads);
    const NetTrainInputs inputs = read_inputs();
    if (!o_.trace.empty()) trace_.open(o_.trace);
    const NetTrainProgress progress = [&](const NetTrainPoint& p, int steps) {
      show(p, steps);
      return !stopping;
    };
    const NetTrained trained = enlarges() ? learner().train_upscaler(inputs.photos, upscale_options(), progress)
                                          : learner().train_net(inputs, train, progress);
    for (const std::string& note : trained.notes) say("warning: " + note);
    TensorFile file = trained.weights;
    file.metadata = {{"spec", net_to_json(trained.spec)}, {"kind", o_.kind}, {"made_by", command_line()}};
    if (!enlarges())
      for (const auto& [name, number] : {std::pair{"grain", train.grain}, {"most_deviation", train.most_deviation}})
        if (number > 0) file.metadata[name] = fmt::format("{}", number);
    // What paints needs no more digits.
    write_safetensors(o_.output, file, enlarges() ? StoredAs::f32 : StoredAs::bf16);
    if (!train.checkpoint.empty()) fs::remove(train.checkpoint);
    line_.clear();
    print(trained, inputs.photos.size());
    return 0;
  }

 private:
  bool enlarges() const { return o_.kind == "upscale"; }

  UpscaleTrainOptions upscale_options() const {
    UpscaleTrainOptions u = o_.upscale;
    const NetTrainOptions& t = o_.train;
    u.seed = t.seed, u.threads = t.threads, u.device = t.device, u.weights = t.weights;
    take_given(u);
    return u;
  }

  // Each kind of training has defaults of its own.
  template <class TrainingOptions>
  void take_given(TrainingOptions& t) const {
    t.steps = o_.steps.value_or(t.steps), t.batch = o_.batch.value_or(t.batch);
    t.crop = o_.crop.value_or(t.crop), t.rate = o_.rate.value_or(t.rate);
  }

  void check() const {
    if (!enlarges() && o_.style.empty()) throw Error(Code::usage, "found no --style");
    if (fs::path(o_.output).extension() != ".safetensors")
      throw Error(Code::usage, "found another ending; expected .safetensors", o_.output);
    if (!o_.overwrites && fs::exists(o_.output))
      throw Error(Code::output, "exists; choose another name or --overwrite", o_.output);
    if (o_.kind == "photographic" && o_.train.weights.empty())
      throw Error(Code::usage, "photographic training compares features; expected --weights and a VGG");
    if (o_.train.weights.empty() && o_.similarity != "none")
      throw Error(Code::usage, "found --similarity without --weights; without a VGG the net learns from paintings");
  }

  // The shorter side longer than crops.
  Planes read_photo(const std::string& path) const {
    const PictureFile file(path);
    const PictureSource source = file.source();
    // For nets that enlarge as sharp as they are, others half as much again as crops.
    constexpr double room = 1.5;
    constexpr int sharp = 1200;
    const double wanted = enlarges() ? std::max<double>(sharp, upscale_options().crop) : room * o_.train.crop;
    const double shorter = std::min(source.width, source.height);
    const double scale = enlarges() ? std::min(1.0, wanted / shorter) : wanted / shorter;
    return read_resampled(source, std::max(o_.train.crop, static_cast<int>(std::lround(source.width * scale))),
                          std::max(o_.train.crop, static_cast<int>(std::lround(source.height * scale))));
  }

  Planes read_style(int longer) const {
    const PictureFile file(o_.style);
    const PictureSource source = file.source();
    const Size size = fitted(source.width, source.height, longer, NeuralOptions::least_side);
    return read_resampled(source, size.width, size.height);
  }

  NetTrainInputs read_inputs() {
    NetTrainInputs in;
    if (!enlarges()) in.style = read_style(o_.train.style_size);
    std::vector<Found> photos = find_pictures(o_.photos, o_.recursive);
    if (o_.count > 0 && photos.size() > static_cast<std::size_t>(o_.count)) photos.resize(o_.count);
    const bool paints = o_.train.weights.empty() && !enlarges();
    for (std::size_t i = 0; i < photos.size() && !stopping; ++i) {
      line_.show(static_cast<double>(i) / photos.size(), (paints ? "painting " : "reading ") + photos[i].relative);
      try {
        in.photos.push_back(read_photo(photos[i].path));
      } catch (const Error& e) {
        say(fmt::format("warning: left out: {}", e.what()));
        continue;
      }
      if (paints) in.targets.push_back(painted(in.photos.back(), in.style));
    }
    if (stopping) throw Error(Code::stopped, "stopped while reading photos");
    if (in.photos.empty()) throw Error(Code::input, "found no photo to learn from; expected pictures or folders");
    return in;
  }

  Planes painted(const Planes& photo, const Planes& style) const {
    PatchOptions o;
    o.balance = o_.balance;
    o.seed = o_.train.seed;
    Planes last;
    paint_patches(photo, style, o, o_.train.threads, [&](const Planes& p, double) { last = p; });
    return last;
  }

  void show(const NetTrainPoint& p, int steps) {
    line_.show(static_cast<double>(p.step) / steps, fmt::format("step {} of {}, loss {:.4g}", p.step, steps, p.loss));
    if (trace_.is_open())
      trace_ << nlohmann::json{{"step", p.step},
                               {"loss", p.loss},
                               {"content", p.content},
                               {"style", p.style},
                               {"similarity", p.similarity},
                               {"critic", p.critic}}
                    .dump()
             << std::endl;
  }

  // Means of the first and of the last tenth.
  void print(const NetTrained& trained, std::size_t photos) const {
    const auto mean = [&](std::size_t from, std::size_t to, double NetTrainPoint::*part) {
      double sum = 0;
      for (std::size_t i = from; i < to; ++i) sum += trained.history[i].*part;
      return to > from ? sum / static_cast<double>(to - from) : 0.0;
    };
    const std::size_t n = trained.history.size(), tenth = std::max<std::size_t>(n / 10, 1);
    fmt::print("{}: {} steps on {} photos\n", o_.output, trained.history.size(), photos);
    for (const auto& [name, part] :
         {std::pair{"loss", &NetTrainPoint::loss}, std::pair{"content", &NetTrainPoint::content},
          std::pair{"style", &NetTrainPoint::style}, std::pair{"similarity", &NetTrainPoint::similarity},
          std::pair{"critic", &NetTrainPoint::critic}})
      if (n > 0)
        fmt::print("  {:<10} {:.5g} to {:.5g}\n", name, mean(0, std::min(tenth, n), part),
                   mean(n - std::min(tenth, n), n, part));
  }

  void say(const std::string& text) {
    line_.clear();
    fmt::print(stderr, "sfumato: {}\n", text);
  }

  Options o_;
  Progress line_;
  std::ofstream trace_;
};

void declare_train(CLI::App& app, Options& o) {
  NetTrainOptions& t = o.train;
  app.add_option("kind", o.kind,
                 "fast: a net that paints; photographic: one that changes color and light and keeps detail; "
                 "upscale: one that enlarges")
      ->check(CLI::IsMember({"fast", "photographic", "upscale"}))
      ->required();
  app.add_option("photos", o.photos, "Photos to learn on, files or folders")->required();
  app.add_option("-o,--output", o.output, "The net, a .safetensors file")->required();
  app.add_option("--style", o.style, "The picture to learn the style of")->type_name("PICTURE");
  app.add_option(
         "--weights", t.weights,
         "A VGG whose features are compared; without it the net learns from paintings made by patches, or to enlarge "
         "by pixels alone")
      ->type_name("FILE");
  app.add_flag("-r,--recursive", o.recursive, "Folders within folders too");
  app.add_option("--count", o.count, "So many photos at most; 0: all")->check(CLI::Range(0, 1000000));
  app.add_flag("--overwrite", o.overwrites, "Replace the net if it exists");
  app.add_option("--width", t.net.width, "Channels, as a share of the published net's")
      ->check(CLI::Range(0.125, 2.0))
      ->capture_default_str();
  app.add_flag("--transposed", t.net.transposed, "The published up-convolutions instead of nearest + convolution");
  const UpscaleTrainOptions& u = o.upscale;
  app.add_option("--by", o.upscale.net.factor, "How many times larger")
      ->check(CLI::IsMember(UpscalerOptions::factors))
      ->capture_default_str();
  app.add_option("--perceptual-weight", o.upscale.perceptual_weight, "How much the VGG's features count")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  app.add_option("--steps", o.steps, fmt::format("Steps; {}, {} to enlarge", t.steps, u.steps))
      ->check(CLI::Range(1, 10000000));
  app.add_option("--batch", o.batch, fmt::format("Crops in a step; {}, {} to enlarge", t.batch, u.batch))
      ->check(CLI::Range(1, 256));
  app.add_option("--crop", o.crop,
                 fmt::format("Side of crops in pixels, a multiple of 8; {}, {} to enlarge", t.crop, u.crop))
      ->check(CLI::Range(32, 2048));
  app.add_option("--rate", o.rate, fmt::format("Learning rate; {}, {} to enlarge", t.rate, u.rate))
      ->check(CLI::Range(1e-7, 1.0));
  app.add_option("--content-weight", t.content_weight, "How much the photo counts, or the painting's pixels")
      ->check(CLI::Range(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--style-weight", t.style_weight, "How much the style counts, or the painting's patches")
      ->check(CLI::Range(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--critic-weight", t.critic_weight,
                 "How much the opinion counts of a critic that learns to tell the net's paintings from others")
      ->check(CLI::Range(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--grain", t.grain, "Noise in photos, where strokes begin in smooth parts")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--smoothness", t.smoothness, "How much neighbors shall be alike")
      ->check(CLI::Range(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--similarity", o.similarity, "luma: light stays where it is; self: what is alike stays alike")
      ->check(CLI::IsMember({"none", "luma", "self"}))
      ->capture_default_str();
  app.add_option("--similarity-weight", t.similarity_weight, "How much similarity counts")
      ->check(CLI::Range(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--style-size", t.style_size, "Longer side of the style in pixels")
      ->check(CLI::Range(32, 4096))
      ->capture_default_str();
  app.add_option("--balance", o.balance, "Of the paintings to learn from: 0: the style's forms; 1: the photo's")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--seed", t.seed, "The same seed gives the same net")->capture_default_str();
  app.add_option("--threads", t.threads, "Threads; 0: one per processor")->check(CLI::Range(0, 1024));
  app.add_option("--device", t.device, "Where LibTorch computes")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  app.add_flag("--resume", t.resume, "Go on from the checkpoint beside the output");
  app.add_option("--trace", o.trace, "Write every step's losses into this file, a line of JSON each");
  app.add_option("--progress", o.progress, "auto: a bar on terminals; bar; none")
      ->check(CLI::IsMember({"auto", "bar", "none"}))
      ->capture_default_str();
  only_where(app, "kind", {"fast"}, {"--grain", "--critic-weight", "--balance"});
  only_where(app, "kind", {"fast", "photographic"},
             {"--style", "--width", "--transposed", "--content-weight", "--style-weight", "--smoothness",
              "--similarity", "--similarity-weight", "--style-size", "--resume"});
  only_where(app, "kind", {"upscale"}, {"--by", "--perceptual-weight"});
}

const Registered train_command(
    {"train", "Train a network that paints or grades photos in one style",
     "  sfumato train fast photos/ --style painting.jpg -o painter.safetensors\n"
     "  sfumato train fast photos/ --style painting.jpg --weights vgg16.safetensors -o painter.safetensors\n"
     "  sfumato train photographic photos/ --style sunset.jpg --weights vgg19.safetensors --similarity self "
     "-o sunset.safetensors\n"
     "  sfumato train upscale photos/ --by 2 -o twice.safetensors",
     [](CLI::App& app) {
       auto o = std::make_shared<Options>();
       declare_train(app, *o);
       return [o] { return TrainCommand(*o).run(); };
     }});

}  // namespace
}  // namespace sfumato
