// SPDX-License-Identifier: Apache-2.0
// Training over several processes or machines with LibTorch's own collectives (gloo).
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

namespace sfumato {

class Ranks {
 public:
  // Reads what torchrun (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT) or Slurm (SLURM_PROCID, SLURM_NTASKS,
  // SLURM_LAUNCH_NODE_IPADDR) set; without them there is one rank. Throws Code::usage if they are incomplete,
  // Code::resource if the others cannot be reached.
  static Ranks from_environment();
  Ranks();
  ~Ranks();
  Ranks(Ranks&&);

  int rank() const { return rank_; }
  int count() const { return count_; }
  bool is_first() const { return rank_ == 0; }

  // Each tensor becomes the mean over all ranks.
  void average(std::vector<torch::Tensor>&) const;

 private:
  struct Group;
  int rank_ = 0, count_ = 1;
  std::unique_ptr<Group> group_;
};

}  // namespace sfumato
