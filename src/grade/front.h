// SPDX-License-Identifier: Apache-2.0
// The part of a look that a person would edit: curves and a matrix that carry as much of a table as they can.
#pragma once

#include <array>

#include "grade/samples.h"
#include "lane/cube.h"
#include "sfumato/look.h"

namespace sfumato {

// The steps tone_curve and color_matrix, and their inverse.
class Front {
 public:
  // Curves from the table's grays, matrix from the samples' colors, in turn. Both can be inverted.
  Front(const CubeTable& table, const Samples&);

  const std::vector<LookStep>& steps() const { return steps_; }
  std::vector<Color> apply(const std::vector<Color>&) const;
  // The color that apply() takes to `c`.
  Color invert(const Color& c) const;

 private:
  void set_steps();
  void fit_curves(const CubeTable&);
  void fit_matrix(const CubeTable&, const Samples&);

  static constexpr int knots = 9, fine = 512;
  std::array<std::array<float, knots>, 3> curve_;
  std::array<float, 9> matrix_, inverse_;
  std::array<std::array<float, fine + 1>, 3> curve_samples_;  // the tone_curve operation itself, at i / fine
  std::vector<LookStep> steps_;
};

}  // namespace sfumato
