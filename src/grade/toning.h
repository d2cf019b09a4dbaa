// SPDX-License-Identifier: Apache-2.0
// Black and white, toned or not: edits all of whose colors lie on one curve.
#pragma once

#include <optional>
#include <vector>

#include "grade/samples.h"

namespace sfumato {

// A color for each luma, as the edited pictures have them.
class Toning {
 public:
  // None where the edit leaves more color than rounding does, or the pictures had none to lose.
  static std::optional<Toning> of(const Samples&);

  // The curve's color of the same luma.
  Color operator()(const Color&) const;

 private:
  explicit Toning(std::vector<Color> colors) : colors_(std::move(colors)) {}

  std::vector<Color> colors_;  // of lumas evenly from 0 to 1
};

}  // namespace sfumato
