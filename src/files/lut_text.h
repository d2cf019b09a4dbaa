// SPDX-License-Identifier: Apache-2.0
// Lines of numbers with their line numbers, for the text LUT formats.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

class LutText {
 public:
  LutText(std::string_view text, const std::string& name);

  // The next line with anything but blanks and comments, split at blanks; false at the end.
  bool next();
  const std::vector<std::string_view>& words() const { return words_; }
  std::string_view line() const { return line_; }

  // Words from `first` on as finite numbers of plausible size, `count` in all.
  std::vector<float> numbers(std::size_t first, std::size_t count) const;
  std::array<float, 3> three(std::size_t first) const;

  // Throws Code::look at this line.
  [[noreturn]] void fail(const std::string& what) const;

 private:
  float number(std::string_view word) const;

  std::string_view rest_, line_;
  const std::string& name_;
  int number_ = 0;
  std::vector<std::string_view> words_;
};

}  // namespace sfumato
