// SPDX-License-Identifier: Apache-2.0
#include "connection_clock.h"

#include <sys/socket.h>

#include <algorithm>

namespace sfumato {

ConnectionClock::ConnectionClock() : thread_([this] { run(); }) {}

ConnectionClock::~ConnectionClock() {
  {
    std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ConnectionClock::allow(const void* key, int fd, double seconds) {
  const auto deadline =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  {
    std::lock_guard lock(mutex_);
    entries_[key] = {fd, deadline};
  }
  changed_.notify_one();
}

void ConnectionClock::pause(const void* key) {
  std::lock_guard lock(mutex_);
  if (const auto at = entries_.find(key); at != entries_.end()) at->second.deadline = Clock::time_point::max();
}

void ConnectionClock::forget(const void* key) {
  std::lock_guard lock(mutex_);
  entries_.erase(key);
}

void ConnectionClock::run() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    const auto now = Clock::now();
    auto next = now + std::chrono::hours(1);
    for (auto& [key, entry] : entries_) {
      if (entry.deadline <= now) {
        // The server's own thread sees the end of the stream and closes the socket.
        shutdown(entry.fd, SHUT_RDWR);
        entry.deadline = Clock::time_point::max();
      }
      next = std::min(next, entry.deadline);
    }
    changed_.wait_until(lock, next);
  }
}

}  // namespace sfumato
