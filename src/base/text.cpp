// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

namespace sfumato {
namespace {

template <class T>
std::optional<T> parse_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Two neighbors that changed places are one edit, as typing errors are.
int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before_last, last, row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = std::exchange(last, row);
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j - 1] + (a[i - 1] != b[j - 1]), last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::optional<float> parse_float(std::string_view text) {
  auto v = parse_number<float>(text);
  // Smaller than any float is zero, not an error.
  if (const auto wide = v ? std::nullopt : parse_number<double>(text); wide && std::abs(*wide) < 1.0)
    v = static_cast<float>(*wide);
  return v && std::isfinite(*v) ? v : std::nullopt;
}

std::optional<long long> parse_integer(std::string_view text) { return parse_number<long long>(text); }

std::string format_number(float value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

std::string nearest_name(std::string_view name, std::span<const std::string> known) {
  const int allowed = std::max(1, static_cast<int>(name.size()) / 3);
  std::string best;
  int distance = allowed + 1;
  for (const std::string& k : known) {
    // Also keeps a name of megabytes from costing minutes.
    if (std::max(name.size(), k.size()) - std::min(name.size(), k.size()) > static_cast<std::size_t>(allowed)) continue;
    if (const int d = edit_distance(name, k); d < distance) {
      distance = d;
      best = k;
    }
  }
  return best;
}

std::vector<std::string_view> split_words(std::string_view text, char separator) {
  std::vector<std::string_view> words;
  for (;;) {
    const auto end = text.find(separator);
    std::string_view word = text.substr(0, end);
    while (!word.empty() && (word.front() == ' ' || word.front() == '\t')) word.remove_prefix(1);
    while (!word.empty() && (word.back() == ' ' || word.back() == '\t')) word.remove_suffix(1);
    words.push_back(word);
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end + 1);
  }
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::string extension_of(std::string_view path) {
  const auto slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string() : lower_case(name.substr(dot + 1));
}

std::string printable(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto b = static_cast<unsigned char>(c);
    if (b >= 0x20 && b != 0x7f) {
      text += c;
    } else {
      text += {'\\', 'x', digits[b >> 4], digits[b & 15]};
    }
  }
  return text;
}

std::string shell_quoted(std::string_view word) {
  const bool is_plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return c > 127 || std::isalnum(c) || std::strchr("_-+=.,/:@%", c);
  });
  if (is_plain) return std::string(word);
  std::string quoted;
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return "'" + quoted + "'";
}

}  // namespace sfumato
