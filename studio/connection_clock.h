// SPDX-License-Identifier: Apache-2.0
// Closes connections that take too long in all, however often they send a byte.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace sfumato {

class ConnectionClock {
 public:
  ConnectionClock();
  ~ConnectionClock();

  // The connection `key` on socket `fd` has this long for what it is about to send.
  void allow(const void* key, int fd, double seconds);
  // It is the server's turn: no deadline.
  void pause(const void* key);
  void forget(const void* key);

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    int fd;
    Clock::time_point deadline;
  };
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<const void*, Entry> entries_;
  bool is_ending_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace sfumato
