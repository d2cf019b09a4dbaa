// SPDX-License-Identifier: Apache-2.0
#include "look/locate.h"

#include <algorithm>

namespace sfumato {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::size_t find(const std::vector<std::string>& path) {
    skip_space();
    for (const std::string& part : path)
      if (!enter(part)) break;
    return at_;
  }

 private:
  // Moves to the start of a member's value; stays where it is when there is none.
  bool enter(const std::string& part) {
    const std::size_t start = at_;
    if (peek() == '{' || peek() == '[') {
      const bool is_object = peek() == '{';
      ++at_;
      for (std::size_t i = 0;; ++i) {
        skip_space();
        if (at_ >= text_.size() || peek() == '}' || peek() == ']') break;
        std::string key = std::to_string(i);
        if (is_object) {
          key = read_string();
          skip_space();
          ++at_;  // ':'
          skip_space();
        }
        if (key == part) return true;
        skip_value();
        skip_space();
        if (peek() == ',') ++at_;
      }
    }
    at_ = start;
    return false;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size()) {
      if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        at_ = std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2;
      } else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  std::string read_string() {
    std::string s;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
      if (at_ < text_.size()) s += text_[at_];
    }
    ++at_;
    return s;
  }

  void skip_value() {
    if (peek() != '{' && peek() != '[' && peek() != '"') {
      at_ = std::min(text_.find_first_of(",]} \t\r\n/", at_), text_.size());
      return;
    }
    int depth = 0;
    do {
      skip_space();
      const char c = peek();
      if (c == '"') {
        read_string();
        continue;
      }
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      ++at_;
    } while (depth > 0 && at_ < text_.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string line_and_column(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto line = 1 + std::count(text.begin(), text.begin() + offset, '\n');
  const std::size_t start = text.substr(0, offset).rfind('\n');
  const std::size_t column = start == std::string_view::npos ? offset + 1 : offset - start;
  return std::to_string(line) + ":" + std::to_string(column);
}

std::string locate_json(std::string_view text, const std::vector<std::string>& path) {
  return line_and_column(text, Scanner(text).find(path));
}

}  // namespace sfumato
