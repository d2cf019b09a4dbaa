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
    auto& place = slots_[mine];
    if (!place) place = std::make_shared<Slot>();
    const std::shared_ptr<Slot> slot = place;
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
    slot->band = std::move(band);
    changed_.notify_all();
  }
}

std::shared_ptr<const BandPipeline::Band> BandPipeline::get(int i) {
  std::unique_lock lock(mutex_);
  wanted_ = std::max(wanted_, i);
  // Several readers may lag a little behind the first. A reader holds its slot, so forgetting cannot strand it.
  slots_.erase(slots_.begin(), slots_.lower_bound(wanted_ - 2));
  changed_.notify_all();
  auto found = slots_.find(i);
  if (found == slots_.end() && i < next_) {
    lock.unlock();
    return std::make_shared<const Band>(compute_(i));
  }
  if (found == slots_.end()) found = slots_.emplace(i, std::make_shared<Slot>()).first;
  const std::shared_ptr<Slot> slot = found->second;
  changed_.wait(lock, [&] { return failure_ || slot->band; });
  if (failure_) std::rethrow_exception(failure_);
  return slot->band;
}

}  // namespace sfumato
