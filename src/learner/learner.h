// SPDX-License-Identifier: Apache-2.0
// The door to learning with LibTorch. The module behind it is opened on first use.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "files/safetensors.h"
#include "lane/cube.h"
#include "learner/net_training.h"
#include "learner/neural_paint.h"
#include "net/exemplar.h"
#include "pairs/pair.h"
#include "sfumato/look.h"

namespace sfumato {

struct TrainOptions {
  // Steps of `batch` pairs each, of which the loss sees `pixels` pixels. Several ranks share a batch of batch * ranks.
  int steps = 600, batch = 8, pixels = 4096;
  double rate = 2e-3, decay = 1e-2;
  std::uint64_t seed = 1;
  int threads = 0;              // 0: one per processor
  std::string device = "auto";  // auto, cpu, cuda
  bool bf16 = false;            // networks compute in bfloat16
  double held_out = 0.15;       // share of pairs kept out of training; their loss stops it and picks the weights
  int patience = 8;             // looks at the held-out pairs without a better loss before training stops; 0: never
  int look_every = 25;          // steps between looks at the held-out pairs

  std::string encoder = "compact";  // compact, resnet18
  std::string encoder_weights;      // a file with torchvision's names; empty: none
  std::string perceptual_weights;   // a VGG file; empty: seeded features
  double l1_weight = 1.0, cdf_weight = 0.1, perceptual_weight = 0.05;

  std::string checkpoint;  // written after every look at the held-out pairs; empty: never
  bool resume = false;     // go on from the checkpoint
};

struct TrainPoint {
  int step;
  double loss, held_out;  // held_out is NaN between looks
};

struct Trained {
  Look look;  // with an adapter that predicts its ranges
  std::vector<TrainPoint> history;
  int best_step = 0;
  std::vector<std::string> held_out;  // names of those pairs
  std::string device;
};

// Photos as cells: what is known of each, its color, and the color it should become.
struct LocalSample {
  std::vector<float> features;       // channels x cells, of mean 0 and deviation 1 over the set
  std::vector<float> before, after;  // 3 x cells, encoded sRGB
};

struct LocalTrainOptions {
  LocalNet net = LocalNet::cells;
  int steps = 1600, batch = 8, hidden = 32;
  double rate = 4e-3, decay = 0.3;
  double dropout = 0.5, features_dropout = 0.3;
  CubeTable start;  // what each table would be if one did for the whole picture; two nodes at least per axis
  std::uint64_t seed = 1;
  int threads = 0;
};

// Three maps that share each cell among three tables of color (see local_head in net/nets.h).
struct LocalTrained {
  TensorFile head;
  std::vector<CubeTable> tables;  // in the frame of `start`; each applies to what the one before made
  std::vector<float> guide;       // of a grid, see LocalModel
  double loss = 0;                // mean distance in Lab over the last tenth of the steps
};

// A photo as a network sees it that predicts a transform for each pixel.
struct ExemplarSample {
  std::vector<float> image;                        // RGB 0..1, square
  std::vector<float> features, mirrored_features;  // channels x LocalFeatures::cells, as in LocalSample
  std::vector<float> before, after;                // Lab / (100, 128, 128) of the analysis image's pixels
};

struct ExemplarTrainOptions {
  int steps = 250, batch = 4, hidden = 64;
  int image = 128;  // side of the picture that the network sees, and of a second one twice as large
  double rate = 1e-3, decay = 0.1, dropout = 0.3;
  bool is_squared = false;  // the loss is the square of the distance in Lab [Zhu2017], which few far colors rule
  double fresh_share = 0.25, known_share = 0.05;  // of the rate, for a context without and with pretrained weights
  std::vector<float> start;                       // the 30 coefficients that all pixels share; empty: zero
  std::uint64_t seed = 1;
  int threads = 0;
  std::string device = "auto";
};

struct ExemplarTrained {
  NetSpec net;  // exemplar_fcn, for images of that side
  TensorFile weights;
  double loss = 0;  // mean over the last tenth of the steps
};

// Called after each step; returning false stops training after a checkpoint.
using TrainProgress = std::function<bool(const TrainPoint&, int steps)>;

class Learner {
 public:
  virtual ~Learner() = default;

  // Trains a network that predicts every ranged knob of `look` from the photo. Throws Code::usage,
  // Code::look (weights), Code::resource, and Code::stopped when progress ended it.
  virtual Trained train(const Look& look, const std::vector<Pair>&, const TrainOptions&, const TrainProgress&) = 0;

  // Trains maps for `side` x `side` cells; several may be trained at a time. progress: share done; returning false
  // throws Code::stopped.
  virtual LocalTrained train_local(const std::vector<const LocalSample*>&, int side, const LocalTrainOptions&,
                                   const std::function<bool(double)>& progress) = 0;

  // Trains a network that predicts what is added to `start` for each pixel, the context included; several may be
  // trained at a time. Without steps it predicts zero. progress as above.
  virtual ExemplarTrained train_exemplar(const std::vector<const ExemplarSample*>&, const ContextNet&,
                                         const ExemplarTrainOptions&, const std::function<bool(double)>& progress) = 0;

  // The painting at its last scale, or when watch.step ended it. Throws Code::look (weights), Code::resource.
  virtual Planes paint(const NeuralInputs&, const NeuralOptions&, const NeuralWatch&) = 0;

  // Throws Code::look (weights), Code::usage, Code::resource, and Code::stopped when progress ended it.
  virtual NetTrained train_net(const NetTrainInputs&, const NetTrainOptions&, const NetTrainProgress&) = 0;

  // photos: encoded, sides at least `crop`. history: mean absolute differences as content, features' as style. Throws
  // Code::look (weights).
  virtual NetTrained train_upscaler(const std::vector<Planes>& photos, const UpscaleTrainOptions&,
                                    const NetTrainProgress&) = 0;

  // Versions and devices, for `doctor`.
  virtual std::string describe() = 0;
};

// Throws Code::resource with what to do when the program was built without the module or it cannot be opened.
Learner& learner();

}  // namespace sfumato
