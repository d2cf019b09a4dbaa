// SPDX-License-Identifier: Apache-2.0
// .cube: Adobe's specification 1.0, with Resolve's input ranges and 1D + 3D files.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "files/lut_file.h"
#include "files/lut_text.h"

namespace sfumato {
namespace {

constexpr int longest_curve = 65536;

class CubeReader {
 public:
  CubeReader(std::string_view text, const std::string& name) : text_(text, name) {}

  CubeTable read() {
    bool has_line = text_.next();
    for (; has_line && is_keyword(); has_line = text_.next()) keyword();
    if (!size_1d_ && !size_3d_) text_.fail("found no LUT_1D_SIZE or LUT_3D_SIZE");
    const std::size_t wanted = size_1d_ + static_cast<std::size_t>(size_3d_) * size_3d_ * size_3d_;
    rows_.reserve(wanted);
    for (; has_line; has_line = text_.next()) {
      if (is_keyword()) text_.fail(fmt::format("found '{}' among the values", printable(text_.words()[0])));
      if (rows_.size() == wanted) text_.fail(fmt::format("found more than the {} rows that the header announces", wanted));
      const auto v = text_.numbers(0, 3);
      rows_.push_back({v[0], v[1], v[2]});
    }
    if (rows_.size() != wanted) text_.fail(fmt::format("found {} rows; expected {}; the file is cut short", rows_.size(), wanted));
    return table();
  }

 private:
  bool is_keyword() const {
    const char c = text_.words()[0][0];
    return (c >= 'A' && c <= 'Z') || c == '_';
  }

  int size(int most) {
    if (text_.words().size() != 2) text_.fail("expected one number");
    const auto n = parse_integer(text_.words()[1]);
    if (!n || *n < 2 || *n > most) text_.fail(fmt::format("found size '{}'; expected 2 to {}", printable(text_.words()[1]), most));
    return static_cast<int>(*n);
  }

  void keyword() {
    const std::string_view word = text_.words()[0];
    auto copy = [&](const std::vector<float>& from, std::array<float, 3>& to) { std::copy(from.begin(), from.end(), to.begin()); };
    auto range = [&](std::array<float, 3>& low, std::array<float, 3>& high) {
      const auto v = text_.numbers(1, 2);
      low.fill(v[0]);
      high.fill(v[1]);
    };
    if (word == "TITLE") return;
    if (word == "LUT_1D_SIZE") {
      size_1d_ = size(longest_curve);
    } else if (word == "LUT_3D_SIZE") {
      size_3d_ = size(CubeTable::most);
    } else if (word == "DOMAIN_MIN") {
      copy(text_.numbers(1, 3), low_);
      low_1d_ = low_;
    } else if (word == "DOMAIN_MAX") {
      copy(text_.numbers(1, 3), high_);
      high_1d_ = high_;
    } else if (word == "LUT_3D_INPUT_RANGE") {
      range(low_, high_);
    } else if (word == "LUT_1D_INPUT_RANGE") {
      range(low_1d_, high_1d_);
    } else {
      text_.fail(fmt::format("found the keyword '{}'; expected TITLE, LUT_1D_SIZE, LUT_3D_SIZE, DOMAIN_MIN, DOMAIN_MAX or an input range", printable(word)));
    }
    for (int c = 0; c < 3; ++c)
      if ((word == "DOMAIN_MAX" || word.ends_with("RANGE")) && (!(low_[c] < high_[c]) || !(low_1d_[c] < high_1d_[c])))
        text_.fail("expected the domain's end above its beginning");
  }

  CubeTable table() const {
    CubeTable t;
    for (int c = 0; c < 3 && size_1d_; ++c) {
      for (int i = 0; i < size_1d_; ++i) t.shaper[c].push_back(rows_[i][c]);
      t.shaper_low[c] = low_1d_[c];
      t.shaper_scale[c] = static_cast<float>(size_1d_ - 1) / (high_1d_[c] - low_1d_[c]);
    }
    if (!size_3d_) {
      pass_through(t);
      return t;
    }
    t.size = size_3d_;
    for (int c = 0; c < 3; ++c) {
      t.low[c] = low_[c];
      t.scale[c] = static_cast<float>(size_3d_ - 1) / (high_[c] - low_[c]);
    }
    for (std::size_t i = size_1d_; i < rows_.size(); ++i) t.nodes.insert(t.nodes.end(), {rows_[i][0], rows_[i][1], rows_[i][2], 0.0f});
    return t;
  }

  // An identity cube that spans all that the curves give.
  static void pass_through(CubeTable& t) {
    t.size = 2;
    float low[3], high[3];
    for (int c = 0; c < 3; ++c) {
      low[c] = *std::min_element(t.shaper[c].begin(), t.shaper[c].end());
      high[c] = std::max(*std::max_element(t.shaper[c].begin(), t.shaper[c].end()), low[c] + 1e-6f);
      t.low[c] = low[c];
      t.scale[c] = 1.0f / (high[c] - low[c]);
    }
    for (int i = 0; i < 8; ++i)
      t.nodes.insert(t.nodes.end(), {i & 1 ? high[0] : low[0], i & 2 ? high[1] : low[1], i & 4 ? high[2] : low[2], 0.0f});
  }

  LutText text_;
  int size_1d_ = 0, size_3d_ = 0;
  std::array<float, 3> low_{0, 0, 0}, high_{1, 1, 1}, low_1d_{0, 0, 0}, high_1d_{1, 1, 1};
  std::vector<std::array<float, 3>> rows_;
};

}  // namespace

CubeTable parse_cube(std::string_view text, const std::string& name) { return CubeReader(text, name).read(); }

std::string print_cube(const CubeTable& t, const std::string& title) {
  std::string clean;
  for (const char c : title)
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"') clean += c;
  std::string text = fmt::format("TITLE \"{}\"\n", clean);
  const int n1 = static_cast<int>(t.shaper[0].size());
  // Resolve's names of the ranges: the two tables may differ in theirs.
  if (n1) text += fmt::format("LUT_1D_SIZE {}\nLUT_1D_INPUT_RANGE {} {}\n", n1, format_number(t.shaper_low[0]), format_number(t.shaper_low[0] + static_cast<float>(n1 - 1) / t.shaper_scale[0]));
  text += fmt::format("LUT_3D_SIZE {}\n", t.size);
  auto high = [&](int c) { return t.low[c] + static_cast<float>(t.size - 1) / t.scale[c]; };
  if (n1) {
    text += fmt::format("LUT_3D_INPUT_RANGE {} {}\n", format_number(t.low[0]), format_number(high(0)));
  } else {
    text += fmt::format("DOMAIN_MIN {} {} {}\n", format_number(t.low[0]), format_number(t.low[1]), format_number(t.low[2]));
    text += fmt::format("DOMAIN_MAX {} {} {}\n", format_number(high(0)), format_number(high(1)), format_number(high(2)));
  }
  for (int i = 0; i < n1; ++i) text += fmt::format("{:.7f} {:.7f} {:.7f}\n", t.shaper[0][i], t.shaper[1][i], t.shaper[2][i]);
  for (std::size_t i = 0; i < t.nodes.size(); i += 4) text += fmt::format("{:.7f} {:.7f} {:.7f}\n", t.nodes[i], t.nodes[i + 1], t.nodes[i + 2]);
  return text;
}

CubeTable identity_cube(int size) {
  CubeTable t;
  t.size = size;
  const float last = static_cast<float>(size - 1);
  for (float& s : t.scale) s = last;
  for (int b = 0; b < size; ++b)
    for (int g = 0; g < size; ++g)
      for (int r = 0; r < size; ++r)
        t.nodes.insert(t.nodes.end(), {static_cast<float>(r) / last, static_cast<float>(g) / last, static_cast<float>(b) / last, 0.0f});
  return t;
}

}  // namespace sfumato
