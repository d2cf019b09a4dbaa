// SPDX-License-Identifier: Apache-2.0
#include "files/lut_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {

LutText::LutText(std::string_view text, const std::string& name) : rest_(text), name_(name) {
  if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
}

bool LutText::next() {
  while (!rest_.empty()) {
    const auto end = rest_.find('\n');
    line_ = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    ++number_;
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    words_.clear();
    for (std::size_t i = 0; i < line_.size();) {
      const auto begin = line_.find_first_not_of(" \t", i);
      if (begin == std::string_view::npos || line_[begin] == '#') break;
      i = std::min(line_.find_first_of(" \t", begin), line_.size());
      words_.push_back(line_.substr(begin, i - begin));
    }
    if (!words_.empty()) return true;
  }
  return false;
}

float LutText::number(std::string_view word) const {
  // Beyond it, differences of values overflow.
  constexpr float largest = 1e9f;
  const auto v = parse_float(word);
  if (v && std::abs(*v) <= largest) return *v;
  const std::string found = printable(word.substr(0, 40));
  if (word.find(',') != std::string_view::npos)
    fail(fmt::format("found '{}'; expected a decimal point, not a comma", found));
  fail(fmt::format("found '{}'; expected a finite number", found));
}

std::vector<float> LutText::numbers(std::size_t first, std::size_t count) const {
  if (words_.size() != first + count)
    fail(fmt::format("found {} values; expected {}", words_.size() - std::min(words_.size(), first), count));
  std::vector<float> values;
  for (std::size_t i = first; i < first + count; ++i) values.push_back(number(words_[i]));
  return values;
}

std::array<float, 3> LutText::three(std::size_t first) const {
  if (words_.size() != first + 3) {
    for (const auto word : words_)
      if (word.find(',') != std::string_view::npos)
        fail(fmt::format("found '{}'; expected three numbers with decimal points, apart by blanks",
                         printable(line_.substr(0, 80))));
    fail(fmt::format("found {} values; expected 3", words_.size() - std::min(words_.size(), first)));
  }
  return {number(words_[first]), number(words_[first + 1]), number(words_[first + 2])};
}

void LutText::fail(const std::string& what) const {
  throw Error(Code::look, what, fmt::format("{}:{}", name_, number_));
}

}  // namespace sfumato
