// SPDX-License-Identifier: Apache-2.0
// Painting by optimizing a picture until a network sees the photo's forms and the style's textures in it [Gatys2016].
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "net/nets.h"
#include "paint/planes.h"
#include "transfer/regions.h"

namespace sfumato {

// What of a style's features the painting shall have.
enum class StyleDistance {
  gaussian,  // means and covariances, by the Wasserstein distance between normal distributions
  gram,      // Gram matrices over C * H * W, mean squares
  paper,     // Gram matrices with the weights of [Gatys2016]
  sliced,    // whole distributions, by sliced Wasserstein distances [Heitz2021]
  strotss,   // relaxed earth mover's distance, moments and palette [Kolkin2019]; content by self-similarity
};

enum class PaintStart { content, noise };

struct NeuralOptions {
  static constexpr int least_side = 32;  // of pictures: a pixel or two at VGG's fifth block

  std::string weights;  // a VGG file; empty: kernels drawn at random, which know textures but no things
  StyleDistance distance = StyleDistance::gaussian;
  VggPool pool = VggPool::max;
  std::optional<double> content_weight, smoothness;  // empty: what is usual for the distance
  double matting = 0;  // of what no local affine map of the photo's colors can make [Luan2017]; 0: anything goes
  PaintStart start = PaintStart::content;
  bool lbfgs = false;           // instead of Adam
  int largest_whole = 1 << 20;  // pixels; the network sees larger pictures in tiles
  int tile = 640;               // of this side
  int size = 512;  // longer side of the last scale; the first has at most `first_size`, each next 1.41 times more
  int first_size = 128;
  int first_steps = 200, steps = 100;  // of the first scale and of each other
  double rate = 0.02;                  // Adam's
  double average = 0.99;               // of Adam's steps, exponentially weighted, the painting is the mean
  double style_scale = 1;
  std::uint64_t seed = 1;
  int threads = 0;
  std::string device = "auto";  // auto, cpu, cuda
  bool exact = false;           // 32-bit numbers, also where the processor has shorter ones
  std::string checkpoint;       // written after each scale; empty: never
  bool resume = false;          // go on from the checkpoint
};
// Everything that decides what is painted, apart from pictures.
std::string text_of(const NeuralOptions&);

struct NeuralInputs {
  // Pictures as encoded sRGB whose longer side is as asked for.
  using Read = std::function<Planes(int longer)>;
  Read content;
  std::vector<Read> styles;
  std::vector<double> style_weights;  // as many; any sum
  // Where both are given, each region of the photo is painted as the same region of each style, or as the whole style
  // where it has no such region.
  RegionShares regions;
  std::vector<RegionShares> style_regions;
};

struct NeuralStep {
  int scale, scales, step, steps;  // from 1
  int width, height;
  double content, style, smoothness, matting, loss;  // before the step
};

struct NeuralWatch {
  // What the user should know before it starts: layers that the weights lack.
  std::function<void(const std::string&)> warn;
  std::function<bool(const NeuralStep&)> step;  // false: stop; the painting so far is the result
  std::function<void(const Planes&)> scale_done;
};

}  // namespace sfumato
