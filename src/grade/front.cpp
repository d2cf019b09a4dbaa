// SPDX-License-Identifier: Apache-2.0
#include "grade/front.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "color/transfer.h"
#include "lane/scalar.h"
#include "look/values.h"
#include "render/colors.h"

namespace sfumato {
namespace {

constexpr float least_slope = 0.15f;  // of a curve, so that it can be inverted without magnifying noise

float& part(Color& c, int channel) { return channel == 0 ? c.r : channel == 1 ? c.g : c.b; }

Eigen::Vector3d vector_of(const Color& c) { return {c.r, c.g, c.b}; }

}  // namespace

Front::Front(const CubeTable& table, const Samples& samples) : matrix_{1, 0, 0, 0, 1, 0, 0, 0, 1}, inverse_(matrix_) {
  for (int round = 0; round < 3; ++round) {
    fit_curves(table);
    fit_matrix(table, samples);
  }
  fit_curves(table);
}

void Front::fit_curves(const CubeTable& table) {
  for (int i = 0; i < knots; ++i) {
    const float tone = static_cast<float>(i) / (knots - 1);
    const Color wanted = srgb_encode(times(inverse_.data(), srgb_decode(table3(&table, Color{tone, tone, tone}))));
    for (int channel = 0; channel < 3; ++channel) {
      float v = clamp(part(wanted, channel), tone - 0.5f, tone + 0.5f);
      if (i > 0) v = std::max(v, curve_[channel][i - 1] + least_slope / (knots - 1));
      curve_[channel][i] = std::min(v, tone + 0.5f);
    }
  }
  set_steps();
}

void Front::fit_matrix(const CubeTable& table, const Samples& samples) {
  std::vector<Color> curved;
  for (const Color& c : samples.before) {
    Color v;
    for (int channel = 0; channel < 3; ++channel) {
      const float p = clamp(part(c, channel), 0.0f, 1.0f) * fine;
      const int i = std::min(static_cast<int>(p), fine - 1);
      const auto& s = curve_samples_[channel];
      part(v, channel) = s[i] + (s[i + 1] - s[i]) * (p - static_cast<float>(i));
    }
    curved.push_back(srgb_decode(v));
  }
  // Toward the identity: what the samples do not tell must not turn colors.
  const double loyalty = 0.02;
  double all = 0;
  Eigen::Matrix3d squares = Eigen::Matrix3d::Zero(), cross = Eigen::Matrix3d::Zero();
  for (std::size_t i = 0; i < curved.size(); ++i) {
    const double w = std::min(samples.count[i], 50.0f);
    const Eigen::Vector3d x = vector_of(curved[i]), y = vector_of(srgb_decode(table3(&table, samples.before[i])));
    squares += w * x * x.transpose();
    cross += w * y * x.transpose();
    all += w;
  }
  const Eigen::Matrix3d ridge = Eigen::Matrix3d::Identity() * loyalty * all;
  Eigen::Matrix3d m = (cross + ridge) * (squares + ridge).inverse();
  // A matrix near a singular one (a look in black and white) is blended with the identity until it can be inverted.
  for (int i = 0; i < 20 && Eigen::JacobiSVD<Eigen::Matrix3d>(m).singularValues()(2) < 0.3; ++i)
    m = 0.8 * m + 0.2 * Eigen::Matrix3d::Identity();
  const Eigen::Matrix3d inverse = m.inverse();
  for (int i = 0; i < 9; ++i) {
    matrix_[i] = static_cast<float>(m(i / 3, i % 3));
    inverse_[i] = static_cast<float>(inverse(i / 3, i % 3));
  }
}

void Front::set_steps() {
  steps_ = {initial_step(*find_op("tone_curve")), initial_step(*find_op("color_matrix"))};
  for (int channel = 0; channel < 3; ++channel)
    for (int i = 0; i < knots; ++i)  // after contrast, highlights, shadows and rgb
      steps_[0].values[12 + channel * knots + i] =
          KnobValue::fixed(clamp(curve_[channel][i] - static_cast<float>(i) / (knots - 1), -0.5f, 0.5f));
  for (int i = 0; i < 9; ++i) {
    const float v = clamp(matrix_[i] - (i % 4 == 0 ? 1.0f : 0.0f), -2.0f, 2.0f);
    steps_[1].values[i] = KnobValue::fixed(v);
  }

  std::vector<Color> grays;
  for (int i = 0; i <= fine; ++i) grays.push_back(Color{1, 1, 1} * (static_cast<float>(i) / fine));
  Look curves;
  curves.steps = {steps_[0]};
  grays = render_colors(Plan(curves), grays);
  for (int channel = 0; channel < 3; ++channel)
    for (int i = 0; i <= fine; ++i) curve_samples_[channel][i] = part(grays[i], channel);
}

std::vector<Color> Front::apply(const std::vector<Color>& colors) const {
  Look look;
  look.steps = steps_;
  return render_colors(Plan(look), colors);
}

Color Front::invert(const Color& c) const {
  Color v = srgb_encode(times(inverse_.data(), srgb_decode(c)));
  for (int channel = 0; channel < 3; ++channel) {
    const auto& s = curve_samples_[channel];
    float& p = part(v, channel);
    const int i = std::clamp(static_cast<int>(std::upper_bound(s.begin(), s.end(), p) - s.begin()) - 1, 0, fine - 1);
    p = (static_cast<float>(i) + (p - s[i]) / std::max(s[i + 1] - s[i], 1e-6f)) / fine;
  }
  return v;
}

}  // namespace sfumato
