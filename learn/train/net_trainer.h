// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "learner/net_training.h"
#include "losses/style_loss.h"
#include "train/adam.h"
#include "train/critic.h"

namespace sfumato {

class NetTrainer {
 public:
  // Throws Code::look (weights), Code::usage.
  NetTrainer(const NetTrainInputs&, const NetTrainOptions&);
  NetTrained run(const NetTrainProgress&);

 private:
  struct Batch {
    torch::Tensor photos, grainy, targets;  // [B, 3, crop, crop]; targets undefined where there are none
  };
  struct Parts {
    torch::Tensor content, style, similarity, smoothness, critic;
    double critic_loss = 0;
  };
  void take_features(const NetTrainInputs&);
  Features seen(const torch::Tensor& pictures) const;
  Batch draw(std::int64_t step) const;
  Parts perceptual(const torch::Tensor& made, const Batch&) const;
  Parts distilled(const torch::Tensor& made, const Batch&, std::int64_t step, double rate_share);
  NetTrainPoint train_step();
  std::string fingerprint() const;
  void save_checkpoint() const;
  void load_checkpoint();

  const NetTrainOptions options_;
  const torch::Device device_;
  const torch::Dtype compute_;
  TensorNet net_;
  Adam adam_;
  std::unique_ptr<TensorNet> features_;  // or
  std::unique_ptr<Critic> critic_;
  double magnitude_ = 1;
  std::vector<std::string> content_layers_, notes_;
  std::vector<std::pair<std::string, LayerDistance>> styles_;
  std::vector<torch::Tensor> photos_, targets_;  // bytes [3, H, W]
  std::vector<NetTrainPoint> history_;
  std::int64_t step_ = 0;
};

}  // namespace sfumato
