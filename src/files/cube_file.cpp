// SPDX-License-Identifier: Apache-2.0
// .cube: Adobe's specification 1.0, with Resolve's input ranges and 1D + 3D files.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

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
    if (!size_1d_ && !size_3d_) text_.fail("found no LUT_1D_SIZE or LUT_3D_SIZE; expected one before the values");
    check_ranges();
    const std::size_t wanted = size_1d_ + static_cast<std::size_t>(size_3d_) * size_3d_ * size_3d_;
    rows_.reserve(wanted);
    for (; has_line; has_line = text_.next()) {
      if (is_keyword()) text_.fail(fmt::format("found '{}' among the values", printable(text_.words()[0])));
      if (rows_.size() == wanted)
        text_.fail(fmt::format("found more than the {} rows that the header announces", wanted));
      rows_.push_back(text_.three(0));
    }
    if (rows_.size() != wanted)
      text_.fail(fmt::format("found {} rows; expected {}; the file is cut short", rows_.size(), wanted));
    return table();
  }

 private:
  using Three = std::array<float, 3>;
  struct Range {
    Three low, high;
  };

  bool is_keyword() const {
    const std::string_view word = text_.words()[0];
    const char c = word[0];
    if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_')) return false;
    // Not-a-number is a bad value, not a keyword.
    return word != "nan" && word != "NaN" && word != "NAN" && word != "inf" && word != "Inf" && word != "INF";
  }

  int size(int most) {
    if (text_.words().size() != 2)
      text_.fail(fmt::format("found {} values; expected one size", text_.words().size() - 1));
    const auto n = parse_integer(text_.words()[1]);
    if (!n || *n < 2 || *n > most)
      text_.fail(fmt::format("found size '{}'; expected 2 to {}", printable(text_.words()[1].substr(0, 40)), most));
    return static_cast<int>(*n);
  }

  Range input_range() {
    const auto v = text_.numbers(1, 2);
    return {{v[0], v[0], v[0]}, {v[1], v[1], v[1]}};
  }

  void keyword() {
    const std::string_view word = text_.words()[0];
    if (word == "TITLE") return;
    if (std::find(seen_.begin(), seen_.end(), word) != seen_.end())
      text_.fail(fmt::format("found '{}' twice", printable(word)));
    seen_.push_back(word);
    if (word == "LUT_1D_SIZE") {
      size_1d_ = size(longest_curve);
    } else if (word == "LUT_3D_SIZE") {
      size_3d_ = size(CubeTable::most);
    } else if (word == "DOMAIN_MIN") {
      domain_.low = text_.three(1);
    } else if (word == "DOMAIN_MAX") {
      domain_.high = text_.three(1);
    } else if (word == "LUT_3D_INPUT_RANGE") {
      range_3d_ = input_range();
    } else if (word == "LUT_1D_INPUT_RANGE") {
      range_1d_ = input_range();
    } else {
      text_.fail(
          fmt::format("found the keyword '{}'; expected TITLE, LUT_1D_SIZE, LUT_3D_SIZE, DOMAIN_MIN, DOMAIN_MAX, "
                      "LUT_1D_INPUT_RANGE or LUT_3D_INPUT_RANGE",
                      printable(word.substr(0, 40))));
    }
  }

  void check_ranges() const {
    for (const Range& range : {domain_, range_1d_.value_or(domain_), range_3d_.value_or(domain_)})
      for (int c = 0; c < 3; ++c)
        if (!(range.high[c] - range.low[c] > 1e-9f))
          text_.fail(fmt::format("found a domain from {} to {}; expected its end above its beginning",
                                 format_number(range.low[c]), format_number(range.high[c])));
  }

  CubeTable table() const {
    CubeTable t;
    const Range curves = range_1d_.value_or(domain_), cube = range_3d_.value_or(domain_);
    for (int c = 0; c < 3 && size_1d_; ++c) {
      for (int i = 0; i < size_1d_; ++i) t.shaper[c].push_back(rows_[i][c]);
      t.shaper_low[c] = curves.low[c];
      t.shaper_scale[c] = static_cast<float>(size_1d_ - 1) / (curves.high[c] - curves.low[c]);
    }
    if (!size_3d_) {
      pass_through(t);
      return t;
    }
    t.size = size_3d_;
    for (int c = 0; c < 3; ++c) {
      t.low[c] = cube.low[c];
      t.scale[c] = static_cast<float>(size_3d_ - 1) / (cube.high[c] - cube.low[c]);
    }
    t.nodes.reserve((rows_.size() - size_1d_) * 4);
    for (std::size_t i = size_1d_; i < rows_.size(); ++i)
      t.nodes.insert(t.nodes.end(), {rows_[i][0], rows_[i][1], rows_[i][2], 0.0f});
    return t;
  }

  // An identity cube that spans all that the curves give, so that it clamps nothing.
  static void pass_through(CubeTable& t) {
    t.size = 2;
    float low[3], high[3];
    for (int c = 0; c < 3; ++c) {
      low[c] = *std::min_element(t.shaper[c].begin(), t.shaper[c].end());
      high[c] = *std::max_element(t.shaper[c].begin(), t.shaper[c].end());
      // A flat curve still needs a width to divide by.
      high[c] = std::max(high[c], low[c] + 1e-3f * std::max(1.0f, std::abs(low[c])));
      t.low[c] = low[c];
      t.scale[c] = 1.0f / (high[c] - low[c]);
    }
    for (int i = 0; i < 8; ++i)
      t.nodes.insert(t.nodes.end(),
                     {i & 1 ? high[0] : low[0], i & 2 ? high[1] : low[1], i & 4 ? high[2] : low[2], 0.0f});
  }

  LutText text_;
  int size_1d_ = 0, size_3d_ = 0;
  Range domain_{{0, 0, 0}, {1, 1, 1}};
  std::optional<Range> range_1d_, range_3d_;  // Resolve's; they go before the domain
  std::vector<std::string_view> seen_;
  std::vector<Three> rows_;
};

// The domain's end: an integer or a short decimal where rounding hid one.
float end_of(float low, float scale, int size) {
  const double end = low + (size - 1) / static_cast<double>(scale);
  return static_cast<float>(std::round(end * 1e6) / 1e6);
}

std::string range(const float* low, const float* scale, int size) {
  return fmt::format("{} {}\n", format_number(low[0]), format_number(end_of(low[0], scale[0], size)));
}

std::string domain(const float* low, const float* scale, int size) {
  auto end = [&](int c) { return format_number(end_of(low[c], scale[c], size)); };
  return fmt::format("DOMAIN_MIN {} {} {}\n", format_number(low[0]), format_number(low[1]), format_number(low[2])) +
         fmt::format("DOMAIN_MAX {} {} {}\n", end(0), end(1), end(2));
}

// Whether the three channels have the same range.
bool has_one(const float* low, const float* scale) {
  return low[0] == low[1] && low[1] == low[2] && scale[0] == scale[1] && scale[1] == scale[2];
}

// Whether the curves do all the work.
bool passes_through(const CubeTable& t) {
  if (t.size != 2) return false;
  for (int c = 0; c < 3; ++c) {
    const float low = t.low[c], high = low + 1.0f / t.scale[c],
                slack = 1e-6f * std::max({1.0f, std::abs(low), std::abs(high)});
    for (const float v : t.shaper[c])
      if (v < low - slack || v > high + slack) return false;
    for (int i = 0; i < 8; ++i)
      if (std::abs(t.nodes[i * 4 + c] - (i >> c & 1 ? high : low)) > slack) return false;
  }
  return true;
}

// Moves the cube's ranges into the curves: every channel then spans 0..1.
void normalize(CubeTable& t) {
  for (int c = 0; c < 3; ++c) {
    const float unit = t.scale[c] / static_cast<float>(t.size - 1);
    for (float& v : t.shaper[c]) v = (v - t.low[c]) * unit;
    t.low[c] = 0.0f;
    t.scale[c] = static_cast<float>(t.size - 1);
  }
}

}  // namespace

CubeTable parse_cube(std::string_view text, const std::string& name) { return CubeReader(text, name).read(); }

std::string print_cube(const CubeTable& table, const std::string& title) {
  CubeTable t = table;
  std::string text = "TITLE \"";
  for (const char c : title)
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != 0x7f) text += c;
  text += "\"\n";
  const int n = static_cast<int>(t.shaper[0].size());
  if (!n) {
    text += fmt::format("LUT_3D_SIZE {}\n", t.size) + domain(t.low, t.scale, t.size);
  } else if (passes_through(t)) {
    text += fmt::format("LUT_1D_SIZE {}\n", n) + domain(t.shaper_low, t.shaper_scale, n);
    t.nodes.clear();
  } else {
    // Resolve's names of the ranges: the two tables differ in theirs.
    text += fmt::format("LUT_1D_SIZE {}\n", n);
    text += has_one(t.shaper_low, t.shaper_scale) ? "LUT_1D_INPUT_RANGE " + range(t.shaper_low, t.shaper_scale, n)
                                                  : domain(t.shaper_low, t.shaper_scale, n);
    if (!has_one(t.low, t.scale)) normalize(t);
    text += fmt::format("LUT_3D_SIZE {}\nLUT_3D_INPUT_RANGE ", t.size) + range(t.low, t.scale, t.size);
  }
  for (int i = 0; i < n; ++i)
    text += fmt::format("{:.7f} {:.7f} {:.7f}\n", t.shaper[0][i], t.shaper[1][i], t.shaper[2][i]);
  for (std::size_t i = 0; i < t.nodes.size(); i += 4)
    text += fmt::format("{:.7f} {:.7f} {:.7f}\n", t.nodes[i], t.nodes[i + 1], t.nodes[i + 2]);
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
        t.nodes.insert(t.nodes.end(), {static_cast<float>(r) / last, static_cast<float>(g) / last,
                                       static_cast<float>(b) / last, 0.0f});
  return t;
}

bool spans_unit_cube(const CubeTable& t) {
  for (int c = 0; c < 3; ++c)
    if (t.low[c] != 0.0f || t.scale[c] != static_cast<float>(t.size - 1)) return false;
  return !t.has_shaper();
}

}  // namespace sfumato
