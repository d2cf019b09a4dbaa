// SPDX-License-Identifier: Apache-2.0
// .3dl: a line of input positions, then rows of whole numbers, blue fastest.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "files/lut_file.h"
#include "files/lut_text.h"

namespace sfumato {
namespace {

std::vector<long long> whole_numbers(const LutText& text) {
  std::vector<long long> values;
  for (const auto word : text.words()) {
    const auto v = parse_integer(word);
    if (!v || *v < 0 || *v > 65535) text.fail(fmt::format("found '{}'; expected a whole number from 0 to 65535", printable(word.substr(0, 40))));
    values.push_back(*v);
  }
  return values;
}

// The full scale of numbers whose largest is `most`: 10, 12 or 16 bits; files leave a little headroom unused.
float full_scale(long long most) { return most <= 1023 ? 1023.0f : most <= 4095 ? 4095.0f : 65535.0f; }

// Uneven positions become a curve from value to position.
void set_positions(CubeTable& t, const std::vector<long long>& positions) {
  const float last = static_cast<float>(positions.size() - 1), top = static_cast<float>(positions.back());
  bool is_even = true;
  for (std::size_t i = 0; i < positions.size(); ++i)
    is_even = is_even && std::abs(static_cast<float>(positions[i]) - top * static_cast<float>(i) / last) <= 1.0f;
  for (float& s : t.scale) s = last;
  if (is_even) return;
  constexpr int n = 1024;
  std::vector<float> curve(n + 1);
  std::size_t k = 0;
  for (int i = 0; i <= n; ++i) {
    const float v = top * static_cast<float>(i) / n;
    while (k + 2 < positions.size() && static_cast<float>(positions[k + 1]) <= v) ++k;
    const float width = static_cast<float>(positions[k + 1] - positions[k]);
    curve[i] = (static_cast<float>(k) + (v - static_cast<float>(positions[k])) / width) / last;
  }
  for (int c = 0; c < 3; ++c) {
    t.shaper[c] = curve;
    t.shaper_scale[c] = n;
  }
}

}  // namespace

CubeTable parse_3dl(std::string_view bytes, const std::string& name) {
  LutText text(bytes, name);
  std::vector<long long> positions;
  long long announced_bits = 0;
  while (positions.empty()) {
    if (!text.next()) text.fail("found no line of input positions; expected one before the values");
    const auto word = text.words()[0];
    if (word == "3DMESH") continue;
    if (word == "Mesh") {
      if (text.words().size() != 3) text.fail("expected Mesh INPUT_BITS OUTPUT_BITS");
      announced_bits = parse_integer(text.words()[2]).value_or(0);
      continue;
    }
    positions = whole_numbers(text);
  }
  const int size = static_cast<int>(positions.size());
  if (size < 2 || size > CubeTable::most) text.fail(fmt::format("found {} input positions; expected 2 to {}", size, CubeTable::most));
  if (!std::is_sorted(positions.begin(), positions.end(), std::less_equal<>())) text.fail("expected input positions that rise");

  CubeTable t;
  t.size = size;
  set_positions(t, positions);
  const std::size_t wanted = static_cast<std::size_t>(size) * size * size;
  t.nodes.resize(wanted * 4);
  std::size_t row = 0;
  long long most = 0;
  while (text.next()) {
    // Lustre closes with these.
    if (text.words()[0] == "LUT8" || text.words()[0] == "gamma") continue;
    const auto v = whole_numbers(text);
    if (v.size() != 3) text.fail(fmt::format("found {} values; expected 3", v.size()));
    if (row == wanted) text.fail(fmt::format("found more than the {} rows of {} positions per axis", wanted, size));
    // Blue runs fastest here, red in CubeTable.
    const std::size_t b = row % size, g = row / size % size, r = row / size / size;
    for (int c = 0; c < 3; ++c) {
      t.nodes[((b * size + g) * size + r) * 4 + c] = static_cast<float>(v[c]);
      most = std::max(most, v[c]);
    }
    ++row;
  }
  if (row != wanted) text.fail(fmt::format("found {} rows; expected {}; the file is cut short", row, wanted));
  const float top = announced_bits > 0 && announced_bits <= 16 ? static_cast<float>((1 << announced_bits) - 1) : full_scale(most);
  for (float& v : t.nodes) v /= top;
  return t;
}

std::string print_3dl(const CubeTable& t) {
  constexpr float top = 4095.0f;
  std::string text;
  auto level = [](float v) { return static_cast<int>(std::lround(std::clamp(v, 0.0f, 1.0f) * top)); };
  // Positions of 10 bits, values of 12: what the formats' programs agree on.
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
