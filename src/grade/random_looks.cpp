// SPDX-License-Identifier: Apache-2.0
#include "grade/random_looks.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "base/threads.h"
#include "look/values.h"
#include "render/colors.h"

namespace sfumato {
namespace {

class Drawer {
 public:
  // std::normal_distribution differs between standard libraries; the generator does not.
  explicit Drawer(std::uint32_t seed) : random_(seed * 2654435761u + 1), strength_(std::exp(0.6 * normal())) {}

  Look edit() {
    add("exposure", {{"stops", 0, 0.25}});
    curve(0.7);
    matrix(1.0);
    add("saturation", {{"amount", -0.05, 0.2}, {"vibrance", 0, 0.2}});
    hue_bands();
    add("color_chrome", {{"strength", 0, 0.4, true}, {"blue", 0, 0.3, true}});
    split_tone();
    polynomial();
    curve(0.7);
    matrix(0.5);
    return std::move(look_);
  }

  Look film() {
    add("exposure", {{"stops", 0, 0.25}});
    curve(1.0);
    matrix(1.2);
    curve(1.0);
    if (uniform() < 0.5)
      hue_bands();
    else
      polynomial();
    return std::move(look_);
  }

 private:
  struct Draw {
    const char* knob;
    double mean, deviation;
    bool folds = false;  // the size of the deviation
  };

  double uniform() { return (random_() + 0.5) / 4294967296.0; }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

  KnobValue* knob(const char* name) {
    int at = 0;
    const LookStep& step = look_.steps.back();
    for (const Knob& k : step.op->knobs) {
      if (std::string_view(k.name) == name) return look_.steps.back().values.data() + at;
      at += k.count;
    }
    return nullptr;
  }

  void set(const char* name, const std::vector<double>& values) {
    KnobValue* v = knob(name);
    const auto k = std::find_if(look_.steps.back().op->knobs.begin(), look_.steps.back().op->knobs.end(),
                                [&](const Knob& one) { return std::string_view(one.name) == name; });
    for (const double value : values) *v++ = KnobValue::fixed(std::clamp(static_cast<float>(value), k->min, k->max));
  }

  void add(const char* op, const std::vector<Draw>& draws) {
    look_.steps.push_back(initial_step(*find_op(op)));
    for (const Draw& d : draws) {
      const double v = d.deviation * normal() * strength_;
      set(d.knob, {d.mean * strength_ + (d.folds ? std::abs(v) : v)});
    }
  }

  // Values whose neighbors resemble each other within `reach` places; in a circle or in a row.
  std::vector<double> smooth(int count, double deviation, double reach, bool is_circle) {
    const int border = is_circle ? 0 : static_cast<int>(std::ceil(3 * reach));
    std::vector<double> noise(count + 2 * border), result(count);
    for (double& v : noise) v = normal();
    const int size = static_cast<int>(noise.size());
    for (int i = 0; i < count; ++i) {
      double sum = 0, squares = 0;
      for (int j = 0; j < size; ++j) {
        int d = std::abs(i + border - j);
        if (is_circle) d = std::min(d, size - d);
        const double w = std::exp(-d * d / (reach * reach));
        sum += w * noise[j];
        squares += w * w;
      }
      result[i] = deviation * strength_ * sum / std::sqrt(squares);
    }
    return result;
  }

  void curve(double size) {
    add("tone_curve",
        {{"contrast", 0.15 * size, 0.3 * size}, {"highlights", 0, 1.5 * size}, {"shadows", 0, 1.5 * size}});
    set("rgb", smooth(9, 0.05 * size, 3, false));
    for (const char* channel : {"red", "green", "blue"}) set(channel, smooth(9, 0.035 * size, 3, false));
  }

  // Rows that nearly keep gray.
  void matrix(double size) {
    add("color_matrix", {});
    const char* const rows[]{"red", "green", "blue"};
    for (int i = 0; i < 3; ++i) {
      std::vector<double> row(3);
      double off = 0;
      for (int j = 0; j < 3; ++j)
        if (j != i) off += row[j] = 0.07 * size * strength_ * normal();
      row[i] = 0.05 * size * strength_ * normal() - off;
      set(rows[i], row);
    }
  }

  void hue_bands() {
    add("hue_bands", {});
    set("hue", smooth(8, 0.3, 1.2, true));
    set("saturation", smooth(8, 0.2, 1.2, true));
    set("lightness", smooth(8, 0.15, 1.2, true));
  }

  void split_tone() {
    add("split_tone", {{"shadow_strength", 0, 0.25, true}, {"light_strength", 0, 0.25, true}});
    set("shadow_hue", {360 * uniform()});
    set("light_hue", {360 * uniform()});
    set("balance", {1.4 * uniform() - 0.7});
  }

  void polynomial() {
    add("quadratic_lab", {});
    const struct {
      const char* knob;
      double light, color;
    } rows[]{{"light", 0.05, 0.05}, {"green_red", 0.024, 0.08}, {"blue_yellow", 0.024, 0.08}};
    for (const auto& row : rows) {
      std::vector<double> v(10);
      for (int i = 0; i < 6; ++i) v[i] = (i == 0 ? row.light : row.color) * strength_ * normal();
      set(row.knob, v);
    }
  }

  std::mt19937 random_;
  double strength_;
  Look look_;
};

LookSample make_sample() {
  LookSample s;
  constexpr int n = LookSample::nodes_per_axis;
  std::vector<Rgb<float>> nodes;
  for (int i = 0; i < n * n * n; ++i)
    nodes.push_back(
        Rgb<float>{static_cast<float>(i % n), static_cast<float>(i / n % n), static_cast<float>(i / n / n)} *
        (1.0f / (n - 1)));
  s.values.resize(nodes.size() * 3 * s.count);
  s.mean.resize(nodes.size() * 3);
  parallel_for(s.count, 0, [&](int look) {
    const LookKind kind = look < s.edits ? LookKind::edit : LookKind::film;
    const std::vector<Rgb<float>> out = render_colors(Plan(random_look(kind, static_cast<std::uint32_t>(look))), nodes);
    for (std::size_t i = 0; i < out.size(); ++i) {
      float* v = s.values.data() + i * 3 * s.count + look;
      for (const float part : {out[i].r, out[i].g, out[i].b}) *v = clamp(part, 0.0f, 1.0f), v += s.count;
    }
  });
  parallel_for(static_cast<int>(s.mean.size()), 0, [&](int i) {
    float* v = s.values.data() + static_cast<std::size_t>(i) * s.count;
    double sum = 0;
    for (int j = 0; j < s.edits; ++j) sum += v[j];
    s.mean[i] = static_cast<float>(sum / s.edits);
    for (int j = 0; j < s.count; ++j) v[j] -= s.mean[i];
  });
  return s;
}

}  // namespace

Look random_look(LookKind kind, std::uint32_t seed) {
  Drawer drawer(seed);
  return kind == LookKind::edit ? drawer.edit() : drawer.film();
}

const LookSample& look_sample() {
  static const LookSample sample = make_sample();
  return sample;
}

}  // namespace sfumato
