// SPDX-License-Identifier: Apache-2.0
#include "base/threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace sfumato {
namespace {

thread_local bool is_working = false;

}  // namespace

bool is_in_parallel_for() { return is_working; }

int thread_count(int threads) {
  return threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallel_for(int count, int threads, const std::function<void(int)>& work) {
  threads = std::clamp(thread_count(threads), 1, std::max(1, count));

  std::atomic<int> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  auto run = [&] {
    const bool was_working = is_working;
    is_working = was_working || threads > 1;
    try {
      for (int i = next++; i < count; i = next++) work(i);
    } catch (...) {
      std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = count;
    }
    is_working = was_working;
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

void parallel_parts(std::size_t count, const std::function<void(std::size_t, std::size_t)>& work) {
  constexpr std::size_t part = 4096;
  parallel_for(static_cast<int>((count + part - 1) / part), 0,
               [&](int i) { work(i * part, std::min(count, (i + 1) * part)); });
}

}  // namespace sfumato
