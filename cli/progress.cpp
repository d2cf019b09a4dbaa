// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"

namespace sfumato {

Progress::Progress(const std::string& mode, int total)
    : is_on_(mode == "bar" || (mode == "auto" && total > 1 && isatty(STDERR_FILENO))), total_(total) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (is_on_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::step(const std::string& name) {
  std::lock_guard lock(mutex_);
  ++done_;
  if (!is_on_) return;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  constexpr int width = 24;
  const int full = width * done_ / total_;
  fmt::print(stderr, "\r\x1b[K[{:#<{}}{:.<{}}] {}/{}  {:.0f} s left  {}", "", full, "", width - full, done_, total_,
             seconds / done_ * (total_ - done_), printable(name));
  std::fflush(stderr);
}

}  // namespace sfumato
