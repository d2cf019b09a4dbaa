// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "batch.h"
#include "checks.h"
#include "command.h"
#include "learner/learn_look.h"
#include "only_where.h"
#include "progress.h"
#include "sfumato/error.h"
#include "side_output.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

struct Options {
  LearnOptions learn;
  std::string before, after, output, report, model = "auto", what = usual_template, title;
  std::string local = "auto", grain = "auto", focus = "auto", vignette = "auto", progress = "auto";
  int local_steps = 0;
  bool overwrites = false, json = false;
};

volatile std::sig_atomic_t stopping = 0;

const std::map<std::string, LearnModel> models{
    {"auto", LearnModel::automatic}, {"closed", LearnModel::closed}, {"network", LearnModel::network}};

class LearnCommand {
 public:
  explicit LearnCommand(Options o) : o_(std::move(o)) {}

  int run() {
    if (fs::path(o_.output).extension() != ".safetensors")
      throw Error(Code::usage,
                  "found another ending; expected .safetensors, which holds tables and weights beside the look",
                  o_.output);
    check_new_output(o_.output, {o_.before, o_.after}, o_.overwrites);
    check_report(o_.report);
    LearnOptions& learn = o_.learn;
    learn.model = models.at(o_.model);
    learn.local.kind = local_kinds().at(o_.local);
    learn.local.train.seed = learn.train.seed, learn.local.train.threads = learn.train.threads;
    learn.local.network.seed = learn.train.seed, learn.local.network.threads = learn.train.threads;
    learn.local.network.device = learn.train.device;
    if (o_.local_steps) learn.local.train.steps = learn.local.network.steps = o_.local_steps;
    wants_local(learn.local, 0);  // so that a mistake shows before pairs are read
    learn.network_look = training_template(o_.what);
    learn.finds_grain = o_.grain == "auto", learn.finds_focus = o_.focus == "auto";
    learn.finds_vignette = o_.vignette == "auto";
    learn.grade.command = command_line();
    if (learn.train.resume && learn.train.checkpoint.empty()) learn.train.checkpoint = o_.output + ".checkpoint";
    if (learn.model == LearnModel::network && learn.train.checkpoint.empty())
      learn.train.checkpoint = o_.output + ".checkpoint";
    check_side_output(learn.train.checkpoint, {o_.before, o_.after, o_.output});
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stopping = 1; });

    const PairSet pairs =
        o_.after.empty() ? read_dataset(o_.before, learn.pairs) : read_pairs(o_.before, o_.after, learn.pairs);
    for (const std::string& w : pairs.warnings) say("warning: " + w);
    for (const RefusedPair& r : pairs.refused) say(fmt::format("{}: refused: {}", r.name, r.reason));

    LearnedLook learned = learn_with_progress(pairs);
    learned.look.id = fs::path(o_.output).stem().string();
    if (!o_.title.empty()) learned.look.title = o_.title;
    write_look(o_.output, learned.look, learned.json());
    if (!o_.report.empty()) write_file_atomically(o_.report, html(report_of(learned, pairs, command_line())));
    if (!learn.train.checkpoint.empty()) fs::remove(learn.train.checkpoint);
    print(learned, pairs);
    return pairs.refused.empty() ? 0 : 3;
  }

 private:
  LearnedLook learn_with_progress(const PairSet& pairs) const {
    Progress line(o_.progress, 0);
    return learn_look(pairs, o_.learn, [&](double share, const std::string& what) {
      line.show(share, what);
      return !stopping;
    });
  }

  static void say(const std::string& text) { fmt::print(stderr, "sfumato: {}\n", printable(text)); }

  void print(const LearnedLook& learned, const PairSet& pairs) const {
    if (o_.json) {
      nlohmann::json all = nlohmann::json::parse(learned.json());
      all["output"] = o_.output;
      for (const RefusedPair& r : pairs.refused) all["refused"].push_back({{"name", r.name}, {"reason", r.reason}});
      fmt::print("{}\n", all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
      return;
    }
    fmt::print("{}: {} from {} pair{}\n", printable(o_.output), learned.grade.chosen, pairs.pairs.size(),
               pairs.pairs.size() == 1 ? "" : "s");
    for (const auto& m : learned.grade.models)
      fmt::print("  {:<9} {} {:<4} {}\n", m.name,
                 m.strength > 0 && (m.mean_error > 0 || m.is_accepted)
                     ? fmt::format("delta E 2000 {:6.3f}", m.mean_error)
                     : fmt::format("{:>19}", "not tried"),
                 m.name == learned.grade.chosen ? "<-" : "", m.reason);
    for (const std::string& note : learned.notes) fmt::print("  {}\n", printable(note));
    for (const std::string& warning : learned.grade.warnings) say("warning: " + warning);
  }

  Options o_;
};

constexpr const char* network_group = "Network";

void declare_training(CLI::App& app, TrainOptions& t) {
  const char* group = network_group;
  app.add_option("--steps", t.steps, "Steps of training")
      ->check(within(1, 10000000))
      ->capture_default_str()
      ->group(group);
  app.add_option("--batch", t.batch, "Pairs in a step; each rank takes so many")
      ->check(within(1, 4096))
      ->capture_default_str()
      ->group(group);
  app.add_option("--pixels", t.pixels, "Pixels of each pair in a step")
      ->check(within(16, 1 << 20))
      ->capture_default_str()
      ->group(group);
  app.add_option("--rate", t.rate, "Learning rate")->check(within(1e-7, 1.0))->capture_default_str()->group(group);
  app.add_option("--seed", t.seed, "The same seed gives the same weights")->capture_default_str();
  app.add_option("--held-out", t.held_out, "Share of pairs kept out of training, by which it stops")
      ->check(within(0.0, 0.9))
      ->capture_default_str()
      ->group(group);
  app.add_option("--patience", t.patience, "Looks at the held-out pairs without gain before training stops; 0: never")
      ->check(within(0, 100000))
      ->capture_default_str()
      ->group(group);
  app.add_option("--device", t.device, "auto: CUDA when LibTorch has it")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  app.add_flag("--bf16", t.bf16, "The network computes in bfloat16")->group(group);
  app.add_option("--encoder", t.encoder, "What reads the photo")
      ->check(CLI::IsMember({"compact", "resnet18"}))
      ->capture_default_str()
      ->group(group);
  app.add_option("--encoder-weights", t.encoder_weights,
                 "Its pretrained weights: .pth or .safetensors with torchvision's names")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--perceptual", t.perceptual_weights,
                 "VGG-16 or VGG-19 weights for the perceptual loss. Default: seeded features")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--l1", t.l1_weight, "Weight of the pixel loss")
      ->check(within(0.0, 1000.0))
      ->capture_default_str()
      ->group(group);
  app.add_option("--cdf", t.cdf_weight, "Weight of the loss of tone distributions")
      ->check(within(0.0, 1000.0))
      ->capture_default_str()
      ->group(group);
  app.add_option("--perceptual-weight", t.perceptual_weight, "Weight of the perceptual loss")
      ->check(within(0.0, 1000.0))
      ->capture_default_str()
      ->group(group);
  app.add_option("--checkpoint", t.checkpoint, "Where training is kept. Default: beside the output")
      ->type_name("FILE")
      ->group(group);
  app.add_flag("--resume", t.resume, "Go on from the checkpoint, bit for bit")->group(group);
}

const Registered learn_command(
    {"learn", "Learn a look from photos before and after an edit",
     "  sfumato learn before/ after/ -o mine.safetensors --report mine.html\n"
     "  sfumato learn photo.jpg edited.jpg -o mine.safetensors\n"
     "  sfumato learn before/ after/ -o mine.safetensors --model network --template camera\n"
     "  sfumato render holiday/ --look mine.safetensors -o styled/",
     [](CLI::App& app) {
       auto o = std::make_shared<Options>();
       app.add_option(
              "before", o->before,
              "Photos before the edit: a folder or a file. Alone: the root of a data set such as MIT-Adobe FiveK")
           ->required();
       app.add_option("after", o->after, "The same after it; matched by name, else by content");
       app.add_option("--output,-o", o->output, "The look to write (.safetensors)")->required();
       app.add_option("--report", o->report,
                      "Write a verification report (.html): pictures, errors, how the model was chosen");
       app.add_option("--title", o->title, "Title of the look");
       app.add_option("--model", o->model,
                      "auto: what pairs left out show to be best; closed: without a network; network: only that")
           ->check(CLI::IsMember({"auto", "closed", "network"}))
           ->capture_default_str();
       app.add_option("--template", o->what,
                      "What a network may change: general, camera, tilt-shift, or any look with ranges")
           ->type_name("LOOK")
           ->capture_default_str();
       app.add_option(
              "--local", o->local,
              "Edits that depend on the place: maps: from the photo's own colors, texture and places; unet: also from "
              "what "
              "is around; exemplar: also from --local-encoder; grid: a bilateral grid; network: a transform for each "
              "pixel by a network that sees two scales, trained end to end from --local-encoder or afresh (takes "
              "minutes); auto: maps or exemplar or grid, from 15 pairs on, where pairs left out gain by it")
           ->check(CLI::IsMember(&local_kinds()))
           ->capture_default_str();
       app.add_option("--local-encoder", o->learn.local.encoder_weights,
                      "Pretrained weights that help to tell places apart: SqueezeNet 1.1, VGG-16 or VGG-19")
           ->type_name("FILE");
       app.add_option("--local-steps", o->local_steps,
                      fmt::format("Steps of training what --local learns. Default: {}, and {} of a network",
                                  LocalTrainOptions().steps, ExemplarTrainOptions().steps))
           ->check(within(1, 1000000));
       app.add_flag("--local-squared", o->learn.local.network.is_squared,
                    "--local network minimizes squared distances in Lab, as published, instead of distances");
       app.add_option("--local-size", o->learn.local.network.image,
                      "Side of the picture that --local network sees, and half that of a second one; a multiple of 8")
           ->check(within(64, 512))
           ->capture_default_str();
       const auto add_search = [&](const char* name, std::string& value, const char* about) {
         app.add_option(name, value, about)->check(CLI::IsMember({"auto", "off"}))->capture_default_str();
       };
       add_search("--vignette", o->vignette, "auto: a vignette is found where it explains the pairs");
       add_search("--focus", o->focus, "auto: a focus band is found where it explains the pairs");
       add_search("--grain", o->grain, "auto: measured in files near full size");
       app.add_flag("--recursive,-r", o->learn.pairs.recursive, "Look into folders within folders");
       app.add_option("--long-edge", o->learn.pairs.long_edge, "Pictures are reduced to this for learning")
           ->check(within(64, 8192))
           ->capture_default_str();
       app.add_option("--expert", o->learn.pairs.expert, "Whose edits to learn of a data set with several")
           ->capture_default_str();
       app.add_option("--threads", o->learn.train.threads, "0: one per processor")
           ->check(within(0, 256))
           ->capture_default_str();
       app.add_flag("--overwrite", o->overwrites, "Replace the output if it exists");
       app.add_flag("--json", o->json, "The result as JSON");
       app.add_option("--progress", o->progress,
                      "auto: a line on terminals; lines: JSON on standard error, for programs")
           ->check(CLI::IsMember({"auto", "bar", "lines", "none"}))
           ->capture_default_str();
       declare_training(app, o->learn.train);
       only_where(app, "--model", {"auto", "network"}, network_group);
       only_where(app, "--local", {"auto", "exemplar", "grid", "unet", "network"}, {"--local-encoder"});
       only_where(app, "--local", {"network"}, {"--local-squared", "--local-size"});
       return [o] { return LearnCommand(*o).run(); };
     }});

}  // namespace
}  // namespace sfumato
