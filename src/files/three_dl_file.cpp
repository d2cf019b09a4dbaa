// SPDX-License-Identifier: Apache-2.0
// .3dl: a line of input positions, then rows of whole numbers, blue fastest.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "files/lut_file.h"
#include "files/lut_text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

std::vector<int> whole_numbers(const LutText& text) {
  std::vector<int> values;
  for (const auto word : text.words()) {
    const auto v = parse_integer(word);
    if (!v || *v < 0 || *v > 65535)
      text.fail(fmt::format("found '{}'; expected a whole number from 0 to 65535", printable(word.substr(0, 40))));
    values.push_back(static_cast<int>(*v));
  }
  return values;
}

// The full scale of numbers whose largest is `most`: 10, 12 or 16 bits. Some programs overshoot a little.
float full_scale(int most) { return most <= 1023 + 128 ? 1023.0f : most <= 4095 + 512 ? 4095.0f : 65535.0f; }

// Uneven positions become a curve from value to position, exact at every position.
void set_positions(CubeTable& t, const std::vector<int>& positions) {
  const int top = positions.back();
  const float last = static_cast<float>(positions.size() - 1);
  bool is_even = true;
  for (std::size_t i = 0; i < positions.size(); ++i)
    is_even = is_even && std::abs(static_cast<float>(positions[i]) -
                                  static_cast<float>(top) * static_cast<float>(i) / last) <= 1.0f;
  for (float& s : t.scale) s = last;
  if (is_even) return;
  std::vector<float> curve;
  for (std::size_t k = 0, v = 0; static_cast<int>(v) <= top; ++v) {
    while (k + 2 < positions.size() && positions[k + 1] <= static_cast<int>(v)) ++k;
    const float along = (static_cast<float>(v) - static_cast<float>(positions[k])) /
                        static_cast<float>(positions[k + 1] - positions[k]);
    curve.push_back((static_cast<float>(k) + along) / last);
  }
  for (int c = 0; c < 3; ++c) {
    t.shaper[c] = curve;
    t.shaper_scale[c] = static_cast<float>(top);
  }
}

class ThreeDlReader {
 public:
  ThreeDlReader(std::string_view bytes, const std::string& name) : text_(bytes, name) {}

  CubeTable read() {
    header();
    t_.size = static_cast<int>(positions_.size());
    set_positions(t_, positions_);
    rows();
    const float top = output_bits_ ? static_cast<float>((1 << output_bits_) - 1) : full_scale(most_);
    for (float& v : t_.nodes) v /= top;
    return std::move(t_);
  }

 private:
  void header() {
    while (positions_.empty()) {
      if (!text_.next()) text_.fail("found no line of input positions; expected one before the values");
      if (text_.words()[0] == "3DMESH") continue;
      if (text_.words()[0] == "Mesh") {
        mesh();
      } else {
        positions_ = whole_numbers(text_);
      }
    }
    const int size = static_cast<int>(positions_.size());
    if (size < 2 || size > CubeTable::most)
      text_.fail(fmt::format("found {} input positions; expected 2 to {}", size, CubeTable::most));
    if (mesh_size_ && size != mesh_size_)
      text_.fail(fmt::format("found {} input positions; expected {} as the line Mesh says", size, mesh_size_));
    if (!std::is_sorted(positions_.begin(), positions_.end(), std::less_equal<>()))
      text_.fail("found input positions that do not rise; expected each above the one before");
  }

  void mesh() {
    const auto& words = text_.words();
    const auto in = words.size() == 3 ? parse_integer(words[1]) : std::nullopt,
               out = words.size() == 3 ? parse_integer(words[2]) : std::nullopt;
    if (!in || !out || *in < 1 || *in > 7 || *out < 8 || *out > 16)
      text_.fail(fmt::format("found '{}'; expected Mesh, the mesh's bits (1 to 7) and the output's bits (8 to 16)",
                             printable(text_.line().substr(0, 60))));
    mesh_size_ = (1 << *in) + 1;
    output_bits_ = static_cast<int>(*out);
  }

  void rows() {
    const std::size_t size = positions_.size(), wanted = size * size * size;
    t_.nodes.resize(wanted * 4);
    std::size_t row = 0;
    while (text_.next()) {
      // Lustre closes with these.
      if (text_.words()[0] == "LUT8" || text_.words()[0] == "gamma") continue;
      const auto v = whole_numbers(text_);
      if (v.size() != 3) text_.fail(fmt::format("found {} values; expected 3", v.size()));
      if (row == wanted) text_.fail(fmt::format("found more than the {} rows of {} positions per axis", wanted, size));
      // Blue runs fastest here, red in CubeTable.
      const std::size_t b = row % size, g = row / size % size, r = row / size / size;
      for (int c = 0; c < 3; ++c) t_.nodes[((b * size + g) * size + r) * 4 + c] = static_cast<float>(v[c]);
      most_ = std::max({most_, v[0], v[1], v[2]});
      ++row;
    }
    if (row != wanted) text_.fail(fmt::format("found {} rows; expected {}; the file is cut short", row, wanted));
  }

  LutText text_;
  CubeTable t_;
  std::vector<int> positions_;
  int mesh_size_ = 0, output_bits_ = 0, most_ = 0;
};

}  // namespace

CubeTable parse_3dl(std::string_view bytes, const std::string& name) { return ThreeDlReader(bytes, name).read(); }

std::string print_3dl(const CubeTable& t) {
  if (!spans_unit_cube(t))
    throw Error(
        Code::usage,
        "found a table with curves or a domain other than 0..1; expected none for .3dl; write .cube, or resample",
        ".3dl");
  constexpr float top = 4095.0f;
  auto level = [](float v) { return static_cast<int>(std::lround(std::clamp(v, 0.0f, 1.0f) * top)); };
  int most = 0;
  for (const float v : t.nodes) most = std::max(most, level(v));

  std::string text;
  // Readers infer the bits from the largest value: a dark table has to say them, where a Mesh line can.
  const int mesh_bits = static_cast<int>(std::lround(std::log2(t.size - 1)));
  if (most < 2048 && (1 << mesh_bits) + 1 == t.size && mesh_bits > 0)
    text += fmt::format("3DMESH\nMesh {} 12\n", mesh_bits);
  // Positions of 10 bits, values of 12: what the format's programs agree on.
  for (int i = 0; i < t.size; ++i) text += fmt::format("{}{}", i ? " " : "", std::lround(1023.0 * i / (t.size - 1)));
  text += "\n";
  for (int r = 0; r < t.size; ++r)
    for (int g = 0; g < t.size; ++g)
      for (int b = 0; b < t.size; ++b) {
        const float* v = &t.nodes[((static_cast<std::size_t>(b) * t.size + g) * t.size + r) * 4];
        text += fmt::format("{} {} {}\n", level(v[0]), level(v[1]), level(v[2]));
      }
  return text;
}

}  // namespace sfumato
