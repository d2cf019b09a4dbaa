// SPDX-License-Identifier: Apache-2.0
// Computes bands of rows ahead of a reader that goes from top to bottom, in bounded memory.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace sfumato {

class BandPipeline {
 public:
  using Band = std::vector<std::byte>;
  // compute(i) makes band i; called from `threads` threads.
  BandPipeline(int bands, int threads, std::function<Band(int)> compute);
  ~BandPipeline();

  // Waits for band i. Bands well before the latest asked for are forgotten and made again when asked for late.
  // Rethrows what compute threw.
  std::shared_ptr<const Band> get(int i);

 private:
  struct Slot {
    std::shared_ptr<const Band> band;  // null while it is being made
  };
  void work();

  const int bands_, ahead_;
  const std::function<Band(int)> compute_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, std::shared_ptr<Slot>> slots_;
  std::exception_ptr failure_;
  int next_ = 0, wanted_ = 0;
  bool is_stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace sfumato
