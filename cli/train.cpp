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
#include "paint/painted_picture.h"
#include "paint/patch_painter.h"
#include "progress.h"
#include "sfumato/error.h"
#include "side_output.h"
#include "train_flags.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

volatile std::sig_atomic_t stopping = 0;

const std::map<std::string, Similarity> similarities{
    {"none", Similarity::none}, {"luma", Similarity::luma}, {"self", Similarity::self}};

class TrainCommand {
 public:
  explicit TrainCommand(TrainFlags o) : o_(std::move(o)), line_(o_.progress, 0) {}

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
    if (!o_.trace.empty()) trace_.open(o_.trace, train.resume ? std::ios::app : std::ios::trunc);
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
    return refused_ ? 3 : 0;
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
    std::vector<std::string> read = o_.photos;
    read.insert(read.end(), {o_.style, o_.train.weights});
    check_new_output(o_.output, read, o_.overwrites);
    read.push_back(o_.output);
    check_side_output(o_.trace, read);
    if (o_.crop.value_or(8) % 8 != 0)
      throw Error(Code::usage, fmt::format("found --crop {}; expected a multiple of 8", *o_.crop));
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
    std::vector<Found> photos = find_files(o_.photos, o_.recursive);
    if (o_.count > 0 && photos.size() > static_cast<std::size_t>(o_.count)) photos.resize(o_.count);
    const bool paints = o_.train.weights.empty() && !enlarges();
    for (std::size_t i = 0; i < photos.size() && !stopping; ++i) {
      line_.show(static_cast<double>(i) / photos.size(), (paints ? "painting " : "reading ") + photos[i].relative);
      try {
        in.photos.push_back(read_photo(photos[i].path));
      } catch (const Error& e) {
        say(fmt::format("refused: {}", e.what()));
        ++refused_;
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

  TrainFlags o_;
  Progress line_;
  std::ofstream trace_;
  int refused_ = 0;
};

const Registered train_command(
    {"train", "Train a network that paints or grades photos in one style",
     "  sfumato train fast photos/ --style painting.jpg -o painter.safetensors\n"
     "  sfumato train fast photos/ --style painting.jpg --weights vgg16.safetensors -o painter.safetensors\n"
     "  sfumato train photographic photos/ --style sunset.jpg --weights vgg19.safetensors --similarity self "
     "-o sunset.safetensors\n"
     "  sfumato train upscale photos/ --by 2 -o twice.safetensors",
     [](CLI::App& app) {
       auto o = std::make_shared<TrainFlags>();
       o->declare(app);
       return [o] { return TrainCommand(*o).run(); };
     }});

}  // namespace
}  // namespace sfumato
