// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace sfumato {

Progress::Progress(const std::string& mode, int total)
    : is_bar_(mode == "bar" || (mode == "auto" && total != 1 && isatty(STDERR_FILENO))),
      is_lines_(mode == "lines"),
      total_(total) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (is_bar_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::step(const std::string& name) {
  std::lock_guard lock(mutex_);
  ++done_;
  draw(static_cast<double>(done_) / total_, fmt::format("{}/{}", done_, total_), name);
}

void Progress::show(double share, const std::string& what) {
  std::lock_guard lock(mutex_);
  draw(share, fmt::format("{:.0f} %", 100 * share), what);
}

void Progress::draw(double share, const std::string& done, const std::string& what) const {
  if (is_lines_) {
    const nlohmann::json line{{"progress", share}, {"done", done}, {"what", what}};
    fmt::print(stderr, "{}\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (!is_bar_) return;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  constexpr int width = 24;
  const int full = static_cast<int>(width * share);
  const std::string left = share > 0.01 ? fmt::format("  {:.0f} s left", seconds / share * (1 - share)) : "";
  fmt::print(stderr, "\r\x1b[K[{:#<{}}{:.<{}}] {}{}  {}", "", full, "", width - full, done, left, printable(what));
  std::fflush(stderr);
}

}  // namespace sfumato
