// SPDX-License-Identifier: Apache-2.0
#include "report/published.h"

#include <fmt/format.h>

namespace sfumato {

const std::vector<PublishedStyle>& published_styles() {
  static const std::vector<PublishedStyle> all{{"pop-out", "Foreground Pop-out", 13.86, 7.08, 7.10},
                                               {"local-xpro", "Local Xpro", 19.71, 7.43, 6.98},
                                               {"watercolor", "Watercolor", 15.30, 7.20, 6.88},
                                               {"cold", "Cold", 16.95, 0, 1.98},
                                               {"spring", "Spring", 18.56, 0, 3.56}};
  return all;
}

std::string published_table(const std::string& title, double input, double error) {
  std::string text = fmt::format("{:<24} {:>8} {:>8} {:>8}\n", "mean L2 in Lab", "input", "error", "ratio");
  const auto row = [&](const std::string& name, double from, double to) {
    text += fmt::format("{:<24} {:8.2f} {:8.2f} {:8.2f}\n", name, from, to, from > 0 ? to / from : 0.0);
  };
  row(title, input, error);
  for (const PublishedStyle& s : published_styles()) {
    if (s.yan2016 > 0) row("Yan2016 " + s.title, s.input, s.yan2016);
    row("Zhu2017 " + s.title, s.input, s.zhu2017);
  }
  return text;
}

}  // namespace sfumato
