// SPDX-License-Identifier: Apache-2.0
#include "train/ranks.h"

// Debian's LibTorch is built with gloo and says so only to itself.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

std::optional<std::string> environment(const char* name) {
  const char* v = std::getenv(name);
  return v && *v ? std::optional<std::string>(v) : std::nullopt;
}

int number(const char* name, const std::string& text, int low, int high) {
  char* end = nullptr;
  const long v = std::strtol(text.c_str(), &end, 10);
  if (*end || v < low || v > high)
    throw Error(Code::usage, fmt::format("found '{}'; expected a number from {} to {}", text, low, high), name);
  return static_cast<int>(v);
}

}  // namespace

struct Ranks::Group {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
};

Ranks::Ranks() = default;
Ranks::~Ranks() = default;
Ranks::Ranks(Ranks&&) = default;

Ranks Ranks::from_environment() {
  Ranks ranks;
  const bool is_slurm = !environment("WORLD_SIZE") && environment("SLURM_NTASKS");
  const char* count_name = is_slurm ? "SLURM_NTASKS" : "WORLD_SIZE";
  const char* rank_name = is_slurm ? "SLURM_PROCID" : "RANK";
  if (const auto count = environment(count_name)) ranks.count_ = number(count_name, *count, 1, 1 << 16);
  if (ranks.count_ == 1) return ranks;

  auto needed = [&](const char* name) {
    const auto v = environment(name);
    if (!v)
      throw Error(
          Code::usage,
          fmt::format("found {} = {} but no {}; set both, or start with torchrun", count_name, ranks.count_, name),
          name);
    return *v;
  };
  ranks.rank_ = number(rank_name, needed(rank_name), 0, ranks.count_ - 1);
  const std::string host =
      environment("MASTER_ADDR")
          .value_or(is_slurm ? environment("SLURM_LAUNCH_NODE_IPADDR").value_or("127.0.0.1") : "127.0.0.1");
  const int port = number("MASTER_PORT", environment("MASTER_PORT").value_or("29500"), 1, 65535);

  try {
    ranks.group_ = std::make_unique<Group>();
    c10d::TCPStoreOptions options;
    options.port = static_cast<std::uint16_t>(port);
    options.isServer = ranks.rank_ == 0;
    options.numWorkers = ranks.count_;
    options.timeout = std::chrono::minutes(5);
    ranks.group_->store = c10::make_intrusive<c10d::TCPStore>(host, options);
    auto gloo = c10d::ProcessGroupGloo::Options::create(std::chrono::minutes(30));
    gloo->threads = 1;
    gloo->devices.push_back(host == "127.0.0.1" || host == "localhost"
                                ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                                : c10d::ProcessGroupGloo::createDefaultDevice());
    ranks.group_->gloo =
        c10::make_intrusive<c10d::ProcessGroupGloo>(ranks.group_->store, ranks.rank_, ranks.count_, gloo);
  } catch (const std::exception& e) {
    throw Error(Code::resource,
                fmt::format("rank {} of {} cannot reach the others: {}", ranks.rank_, ranks.count_, e.what()),
                fmt::format("{}:{}", host, port));
  }
  return ranks;
}

void Ranks::average(std::vector<torch::Tensor>& tensors) const {
  if (count_ == 1) return;
  // One message: its latency is what counts.
  std::vector<torch::Tensor> flat;
  for (const auto& t : tensors) flat.push_back(t.reshape({-1}).cpu());
  std::vector<torch::Tensor> message{torch::cat(flat)};
  group_->gloo->allreduce(message)->wait();
  std::int64_t at = 0;
  for (auto& t : tensors) {
    t.copy_((message[0].narrow(0, at, t.numel()) / count_).view(t.sizes()));
    at += t.numel();
  }
}

}  // namespace sfumato
