// SPDX-License-Identifier: Apache-2.0
#include "render/band_pipeline.h"

#include <algorithm>

namespace sfumato {

BandPipeline::BandPipeline(int bands, int threads, std::function<Band(int)> compute)
    : bands_(bands), ahead_(2 * threads), compute_(std::move(compute)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

BandPipeline::~BandPipeline() {
  {
    std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
}

void BandPipeline::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return is_stopping_ || failure_ || next_ >= bands_ || next_ <= wanted_ + ahead_; });
    if (is_stopping_ || failure_ || next_ >= bands_) return;
    const int mine = next_++;
    lock.unlock();
    std::shared_ptr<const Band> band;
    std::exception_ptr failure;
    try {
      band = std::make_shared<const Band>(compute_(mine));
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) failure_ = failure;
    ready_[mine] = std::move(band);
    changed_.notify_all();
  }
}

std::shared_ptr<const BandPipeline::Band> BandPipeline::get(int i) {
  std::unique_lock lock(mutex_);
  wanted_ = std::max(wanted_, i);
  // Several readers may lag a little behind the first.
  ready_.erase(ready_.begin(), ready_.lower_bound(wanted_ - 2));
  changed_.notify_all();
  if (i < wanted_ - 2) {
    lock.unlock();
    return std::make_shared<const Band>(compute_(i));
  }
  changed_.wait(lock, [&] { return failure_ || ready_.count(i); });
  if (failure_) std::rethrow_exception(failure_);
  return ready_[i];
}

}  // namespace sfumato
