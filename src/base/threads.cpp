// SPDX-License-Identifier: Apache-2.0
#include "base/threads.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>

namespace sfumato {
namespace {

thread_local bool is_working = false;

// Those that this process may use, which may be fewer than the machine has.
int processors() {
  static const int count = [] {
    cpu_set_t usable;
    const int found = sched_getaffinity(0, sizeof usable, &usable) == 0
                          ? CPU_COUNT(&usable)
                          : static_cast<int>(std::thread::hardware_concurrency());
    return std::max(1, found);
  }();
  return count;
}

// Threads that wait for the next call, because starting them takes longer than many a call's work.
class Helpers {
 public:
  // Never deleted: work may go on while the program exits.
  static Helpers& all() {
    static Helpers& helpers = *new Helpers;
    return helpers;
  }

  // Runs `job` here and on as many helpers as are free, up to `most`. None is waited for that did not begin, so that
  // calls may be made within calls. `job` throws nothing.
  void run(int most, const std::function<void()>& job) {
    Call call{&job, most};
    {
      std::lock_guard lock(mutex_);
      start(most);
      waiting_.push_back(&call);
    }
    for (int i = 0; i < most; ++i) wake_.notify_one();
    job();
    std::unique_lock lock(mutex_);
    waiting_.remove(&call);
    call.ended.wait(lock, [&] { return call.running == 0; });
  }

 private:
  struct Call {
    const std::function<void()>* job;
    int wanted, running = 0;
    std::condition_variable ended = {};
  };

  void start(int count) {
    try {
      for (; count_ < count; ++count_) std::thread([this] { help(); }).detach();
    } catch (const std::system_error&) {  // fewer do
    }
  }

  void help() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return !waiting_.empty(); });
      Call& call = *waiting_.front();
      if (--call.wanted == 0) waiting_.pop_front();
      ++call.running;
      lock.unlock();
      (*call.job)();
      lock.lock();
      if (--call.running == 0) call.ended.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<Call*> waiting_;
  int count_ = 0;
};

}  // namespace

bool is_in_parallel_for() { return is_working; }

int thread_count(int threads) { return threads > 0 ? threads : processors(); }

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
  if (threads == 1)
    run();
  else
    Helpers::all().run(threads - 1, run);
  if (failure) std::rethrow_exception(failure);
}

void parallel_parts(std::size_t count, const std::function<void(std::size_t, std::size_t)>& work) {
  constexpr std::size_t part = 4096;
  parallel_for(static_cast<int>((count + part - 1) / part), 0,
               [&](int i) { work(i * part, std::min(count, (i + 1) * part)); });
}

}  // namespace sfumato
