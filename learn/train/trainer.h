// SPDX-License-Identifier: Apache-2.0
// Trains the style net of a look on pairs.
#pragma once

#include "learner/learner.h"
#include "look/head.h"
#include "losses/perceptual.h"
#include "tensor/net.h"
#include "train/batches.h"
#include "train/ranks.h"

namespace sfumato {

class Trainer {
 public:
  Trainer(const Look&, const std::vector<Pair>&, const TrainOptions&);
  Trained run(const TrainProgress&);

 private:
  void load_checkpoint();
  void save_checkpoint() const;
  double train_step();
  double look_at_held_out() const;
  using Items = std::vector<const TrainItem*>;
  // [B, V] numbers of all knobs, and the loss of looks with them.
  torch::Tensor values(const Items&) const;
  torch::Tensor loss(const Items&, const Draw&) const;
  torch::Tensor pixel_loss(const Items&, const torch::Tensor& values, const Draw&) const;
  torch::Tensor picture_loss(const Items&, const torch::Tensor& values) const;
  std::string fingerprint() const;

  TrainOptions options_;
  Ranks ranks_;
  torch::Device device_;
  TensorLook look_;
  std::vector<HeadOutput> outputs_;
  TensorNet net_;
  Adam adam_;
  PerceptualLoss perceptual_;
  std::vector<TrainItem> items_;
  std::vector<const TrainItem*> training_, held_out_;

  std::int64_t step_ = 0;
  std::vector<TrainPoint> history_;
  NamedTensors best_;
  double best_loss_;
  std::int64_t best_step_ = 0;
};

}  // namespace sfumato
