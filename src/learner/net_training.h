// SPDX-License-Identifier: Apache-2.0
// Training a network that paints photos, or grades them, in one style in one pass [Johnson2016].
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "files/safetensors.h"
#include "net/nets.h"
#include "paint/planes.h"

namespace sfumato {

enum class Similarity {
  none,
  luma,  // mean difference of luma, so that light stays where it is
  self,  // what is like what in a reduced picture, by color and slope [Kolkin2019]
};

struct NetTrainOptions {
  std::string weights;        // a VGG file; empty: the net learns from paintings made by patches
  bool photographic = false;  // content at three layers, so that only color and light change
  JohnsonOptions net{.width = 0.5f};
  int steps = 2000, batch = 4, crop = 256;  // crop: a multiple of 4
  double rate = 1e-3;
  double content_weight = 1, style_weight = 5, smoothness = 1e-6;  // smoothness: of sums of squares of 0..255
  double critic_weight = 0.15;                                     // of a critic's opinion of paintings, see Critic
  float grain = 0.17f;          // of the noise in photos that are painted, see with_grain() in paint/net_picture.h
  float most_deviation = 2.5f;  // of colors in photos that are painted, see ColorLimit in paint/net_picture.h
  Similarity similarity = Similarity::none;
  double similarity_weight = 1e6;  // of differences 0..1, beside features as large as Caffe's
  int style_size = 384;
  std::uint64_t seed = 1;
  int threads = 0;
  std::string device = "auto";
  std::string checkpoint;  // written every `look_every` steps and when stopped; empty: never
  bool resume = false;
  int look_every = 100;
};

struct NetTrainInputs {
  // Pictures, encoded; sides at least `crop`. Where targets are given the net learns to make them of photos.
  std::vector<Planes> photos, targets;
  Planes style;
};

struct NetTrainPoint {
  int step;
  double loss, content, style, similarity;  // colors' and patches' differences where targets are learned
  double critic = 0;                        // the critic's loss: 2 when it cannot tell paintings from the net's
};

// Training a net that enlarges photos (upscaler() in net/nets.h) on the photos' own luma, reduced as by bicubic
// interpolation.
struct UpscaleTrainOptions {
  UpscalerOptions net;
  int steps = 6000, batch = 8, crop = 96;  // crop: of the large picture, a multiple of the factor
  double rate = 2e-3;
  std::string weights;              // a VGG file, whose features are compared too; empty: pixels alone
  double perceptual_weight = 0.05;  // of features' relative mean squares beside pixels' differences 0..1
  std::uint64_t seed = 1;
  int threads = 0;
  std::string device = "auto";
};

struct NetTrained {
  NetSpec spec;
  TensorFile weights;
  std::vector<NetTrainPoint> history;
  std::vector<std::string> notes;  // layers that the weights lack
};

// Returning false stops after a checkpoint.
using NetTrainProgress = std::function<bool(const NetTrainPoint&, int steps)>;

}  // namespace sfumato
