// SPDX-License-Identifier: Apache-2.0
#include "train_flags.h"

#include <fmt/format.h>

#include "checks.h"
#include "only_where.h"

namespace sfumato {

void TrainFlags::declare(CLI::App& app) {
  NetTrainOptions& t = train;
  app.add_option("kind", kind,
                 "fast: a net that paints; photographic: one that changes color and light and keeps detail; "
                 "upscale: one that enlarges")
      ->check(CLI::IsMember({"fast", "photographic", "upscale"}))
      ->required();
  app.add_option("photos", photos, "Photos to learn on, files or folders")->required();
  app.add_option("-o,--output", output, "The net, a .safetensors file")->required();
  app.add_option("--style", style, "The picture to learn the style of")->type_name("PICTURE");
  app.add_option(
         "--weights", t.weights,
         "A VGG whose features are compared; without it the net learns from paintings made by patches, or to enlarge "
         "by pixels alone")
      ->type_name("FILE");
  app.add_flag("-r,--recursive", recursive, "Folders within folders too");
  app.add_option("--count", count, "So many photos at most; 0: all")->check(within(0, 1000000));
  app.add_flag("--overwrite", overwrites, "Replace the net if it exists");
  app.add_option("--width", t.net.width, "Channels, as a share of the published net's")
      ->check(within(0.125, 2.0))
      ->capture_default_str();
  app.add_flag("--transposed", t.net.transposed, "The published up-convolutions instead of nearest + convolution");
  const UpscaleTrainOptions& u = upscale;
  app.add_option("--by", upscale.net.factor, "How many times larger")
      ->check(CLI::IsMember(UpscalerOptions::factors))
      ->capture_default_str();
  app.add_option("--perceptual-weight", upscale.perceptual_weight, "How much the VGG's features count")
      ->check(within(0.0, 1e6))
      ->capture_default_str();
  app.add_option("--steps", steps, fmt::format("Steps; {}, {} to enlarge", t.steps, u.steps))
      ->check(within(1, 10000000));
  app.add_option("--batch", batch, fmt::format("Crops in a step; {}, {} to enlarge", t.batch, u.batch))
      ->check(within(1, 256));
  app.add_option("--crop", crop,
                 fmt::format("Side of crops in pixels, a multiple of 8; {}, {} to enlarge", t.crop, u.crop))
      ->check(within(32, 2048));
  app.add_option("--rate", rate, fmt::format("Learning rate; {}, {} to enlarge", t.rate, u.rate))
      ->check(within(1e-7, 1.0));
  app.add_option("--content-weight", t.content_weight, "How much the photo counts, or the painting's pixels")
      ->check(within(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--style-weight", t.style_weight, "How much the style counts, or the painting's patches")
      ->check(within(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--critic-weight", t.critic_weight,
                 "How much the opinion counts of a critic that learns to tell the net's paintings from others")
      ->check(within(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--grain", t.grain, "Noise in photos, where strokes begin in smooth parts")
      ->check(within(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--smoothness", t.smoothness, "How much neighbors shall be alike")
      ->check(within(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--similarity", similarity, "luma: light stays where it is; self: what is alike stays alike")
      ->check(CLI::IsMember({"none", "luma", "self"}))
      ->capture_default_str();
  app.add_option("--similarity-weight", t.similarity_weight, "How much similarity counts")
      ->check(within(0.0, 1e9))
      ->capture_default_str();
  app.add_option("--style-size", t.style_size, "Longer side of the style in pixels")
      ->check(within(32, 4096))
      ->capture_default_str();
  app.add_option("--balance", balance, "Of the paintings to learn from: 0: the style's forms; 1: the photo's")
      ->check(within(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--seed", t.seed, "The same seed gives the same net")->capture_default_str();
  app.add_option("--threads", t.threads, "Threads; 0: one per processor")->check(within(0, 1024));
  app.add_option("--device", t.device, "Where LibTorch computes")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  app.add_flag("--resume", t.resume, "Go on from the checkpoint beside the output");
  app.add_option("--trace", trace, "Write every step's losses into this file, a line of JSON each");
  app.add_option("--progress", progress, "auto: a bar on terminals; bar; none")
      ->check(CLI::IsMember({"auto", "bar", "none"}))
      ->capture_default_str();
  only_where(app, "kind", {"fast"}, {"--grain", "--critic-weight", "--balance"});
  only_where(app, "kind", {"fast", "photographic"},
             {"--style", "--width", "--transposed", "--content-weight", "--style-weight", "--smoothness",
              "--similarity", "--similarity-weight", "--style-size", "--resume"});
  only_where(app, "kind", {"upscale"}, {"--by", "--perceptual-weight"});
}

}  // namespace sfumato
