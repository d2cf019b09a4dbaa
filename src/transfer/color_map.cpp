// SPDX-License-Identifier: Apache-2.0
#include "transfer/color_map.h"

#include <array>
#include <cmath>

#include "base/threads.h"
#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "sfumato/error.h"
#include "transfer/curve_match.h"
#include "transfer/safeguards.h"
#include "transfer/transport.h"

namespace sfumato {
namespace {

constexpr int size = match_table_size, curve_knots = 257;
using Colors = std::vector<Rgb<float>>;

Rgb<float> to_lab(const Rgb<float>& encoded) { return linear_to_oklab(srgb_decode(encoded)); }
Rgb<float> to_encoded(const Rgb<float>& lab) { return srgb_encode(oklab_to_linear(lab)); }

// The places of the table's nodes, red fastest.
Colors node_colors() {
  Colors all;
  auto at = [](int i) { return static_cast<float>(i) / (size - 1); };
  for (int b = 0; b < size; ++b)
    for (int g = 0; g < size; ++g)
      for (int r = 0; r < size; ++r) all.push_back({at(r), at(g), at(b)});
  return all;
}

// change(i) for each color's number, on all processors.
template <class Change>
void change_each(Colors& colors, const Change& change) {
  parallel_parts(colors.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) colors[i] = change(i);
  });
}

template <class Change>
Colors changed(Colors colors, const Change& change) {
  change_each(colors, [&](std::size_t i) { return change(colors[i]); });
  return colors;
}

// The encoded color of one in OKLab, its chroma as far as it fits.
Rgb<float> fitted(const Rgb<float>& lab) {
  // Of what the transfer curve makes of 1e-4 at both ends, so that it need not be computed.
  constexpr float below = 1e-4f / 12.92f, above = 1e-4f * 2.4f / 1.055f;
  auto fits = [](const Rgb<float>& c) {
    return min(min(c.r, c.g), c.b) >= -below && max(max(c.r, c.g), c.b) <= 1.0f + above;
  };
  const Rgb<float> linear = oklab_to_linear(lab);
  if (fits(linear)) return srgb_encode(linear);
  if (lab.r >= 1.0f) return {1, 1, 1};
  if (lab.r <= 0.0f) return {0, 0, 0};
  float inside = 0, outside = 1;
  for (int i = 0; i < 12; ++i) {
    const float share = 0.5f * (inside + outside);
    (fits(oklab_to_linear(Rgb<float>{lab.r, lab.g * share, lab.b * share})) ? inside : outside) = share;
  }
  return to_encoded({lab.r, lab.g * inside, lab.b * inside});
}

// Channel by channel.
void match_channels(const ColorSamples& photo, const ColorSamples& reference, float steepest, Colors& points) {
  static constexpr float Rgb<float>::*channels[3]{&Rgb<float>::r, &Rgb<float>::g, &Rgb<float>::b};
  for (const auto channel : channels) {
    auto values = [&](const ColorSamples& s) {
      std::vector<float> v;
      for (const auto& c : s.lab) v.push_back(c.*channel);
      return v;
    };
    const std::vector<float> from = values(photo), to = values(reference);
    const MatchCurve curve =
        match_distributions({from, photo.weight}, {to, reference.weight}, curve_knots, {1 / steepest, steepest});
    for (auto& p : points) p.*channel = curve(p.*channel);
  }
}

// Where colors of OKLab go.
Colors matched(const ColorSamples& photo, const ColorSamples& reference, const MatchOptions& o, const Colors& points) {
  if (o.method == MatchMethod::mean_std) return changed(points, mean_and_deviation(photo, reference, o.steepest));
  if (o.method == MatchMethod::cdf_rgb) {
    const ColorSamples p{changed(photo.lab, to_encoded), photo.weight},
        r{changed(reference.lab, to_encoded), reference.weight};
    Colors moved = changed(points, to_encoded);
    match_channels(p, r, o.steepest, moved);
    return changed(moved, to_lab);
  }
  Colors moved = points;
  if (o.method == MatchMethod::cdf) {
    match_channels(photo, reference, o.steepest, moved);
    return moved;
  }
  const AffineMap linear = monge_kantorovich(photo, reference);
  moved = changed(points, linear);
  transport_slices({changed(photo.lab, linear), photo.weight}, reference, o, moved);
  return moved;
}

// As black and white pictures are, but for rounding.
bool is_gray(const ColorSamples& s) {
  constexpr double least = 0.002;
  double chroma = 0;
  for (std::size_t i = 0; i < s.lab.size(); ++i) chroma += s.weight[i] * std::hypot(s.lab[i].g, s.lab[i].b);
  return chroma < least * s.total();
}

// [1 2 1] / 4 along each axis of the nodes; the ends stay, so that straight ramps do too.
void smooth(Colors& field) {
  for (const int step : {1, size, size * size}) {
    const Colors before = field;
    for (std::size_t i = 0; i < field.size(); ++i) {
      const int at = static_cast<int>(i) / step % size;
      if (at == 0 || at == size - 1) continue;
      field[i] = before[i] * 0.5f + (before[i - step] + before[i + step]) * 0.25f;
    }
  }
}

}  // namespace

Rgb<float> compress_gamut(const Rgb<float>& encoded) {
  constexpr float slack = 1e-4f;
  if (min(min(encoded.r, encoded.g), encoded.b) >= -slack && max(max(encoded.r, encoded.g), encoded.b) <= 1.0f + slack)
    return encoded;
  return fitted(to_lab(encoded));
}

CubeTable match_colors(const ColorSamples& photo, const ColorSamples& reference, const MatchOptions& o) {
  for (const ColorSamples* s : {&photo, &reference})
    if (!(s->total() > 0))
      throw Error(Code::input, "found no pixels to take colors from: all transparent, outside the mask or not numbers");
  const Colors nodes = node_colors(), from = changed(nodes, to_lab);
  Colors change = matched(photo, reference, o, from);
  const bool to_gray = is_gray(reference);
  change_each(change, [&](std::size_t i) {
    Rgb<float> to = safeguarded(from[i], change[i], o.protection);
    if (to_gray) to.g = to.b = 0;
    if (o.only == MatchOnly::luminance) to.g = from[i].g, to.b = from[i].b;
    if (o.only == MatchOnly::color) to.r = from[i].r;
    return (to - from[i]) * o.strength;
  });
  smooth(change);
  CubeTable table;
  table.size = size;
  for (float& s : table.scale) s = size - 1;
  table.nodes.reserve(4 * change.size());
  change_each(change, [&](std::size_t i) { return fitted(from[i] + change[i]); });
  for (const Rgb<float>& c : change) {
    for (const float v : {c.r, c.g, c.b}) table.nodes.push_back(clamp(v, 0.0f, 1.0f));
    table.nodes.push_back(0.0f);
  }
  return table;
}

}  // namespace sfumato
