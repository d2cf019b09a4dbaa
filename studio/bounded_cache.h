// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace sfumato {

// Results that are dear to make, by name: what was used longest ago goes first. Two that ask for the same at once wait
// for one that makes it.
template <class Value>
class BoundedCache {
 public:
  using Pointer = std::shared_ptr<const Value>;
  BoundedCache(std::size_t most_bytes, std::function<std::size_t(const Value&)> bytes_of)
      : most_(most_bytes), bytes_of_(std::move(bytes_of)) {}

  // make() may throw; nothing is kept then.
  Pointer get(const std::string& key, const std::function<Value()>& make) {
    std::promise<Pointer> promise;
    std::shared_future<Pointer> future;
    {
      std::lock_guard lock(mutex_);
      if (const auto at = entries_.find(key); at != entries_.end()) {
        uses_.splice(uses_.begin(), uses_, at->second.use);
        future = at->second.future;
      } else {
        uses_.push_front(key);
        entries_[key] = {promise.get_future().share(), uses_.begin(), 0};
      }
    }
    if (future.valid()) return future.get();
    try {
      const Pointer made = std::make_shared<const Value>(make());
      promise.set_value(made);
      keep(key, bytes_of_(*made));
      return made;
    } catch (...) {
      promise.set_exception(std::current_exception());
      std::lock_guard lock(mutex_);
      drop(key);
      throw;
    }
  }

  // All whose names begin so.
  void forget(const std::string& prefix) {
    std::lock_guard lock(mutex_);
    for (auto at = entries_.lower_bound(prefix); at != entries_.end() && at->first.starts_with(prefix);)
      drop((at++)->first);
  }

 private:
  struct Entry {
    std::shared_future<Pointer> future;
    std::list<std::string>::iterator use;
    std::size_t bytes = 0;  // 0 while it is made
  };

  void keep(const std::string& key, std::size_t bytes) {
    std::lock_guard lock(mutex_);
    const auto at = entries_.find(key);
    if (at == entries_.end()) return;
    total_ += bytes - at->second.bytes;
    at->second.bytes = bytes;
    while (total_ > most_ && !uses_.empty()) {
      // The oldest that is ready.
      auto oldest = uses_.end();
      while (oldest != uses_.begin() && entries_[*std::prev(oldest)].bytes == 0) --oldest;
      if (oldest == uses_.begin()) return;
      drop(std::string(*std::prev(oldest)));
    }
  }

  void drop(const std::string& key) {
    const auto at = entries_.find(key);
    if (at == entries_.end()) return;
    total_ -= at->second.bytes;
    uses_.erase(at->second.use);
    entries_.erase(at);
  }

  const std::size_t most_;
  const std::function<std::size_t(const Value&)> bytes_of_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::list<std::string> uses_;  // the latest first
  std::size_t total_ = 0;
};

}  // namespace sfumato
