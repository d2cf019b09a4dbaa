// SPDX-License-Identifier: Apache-2.0
// What a plan holds: stages of point steps with a canvas operation between each two.
#pragma once

#include <memory>
#include <vector>

#include "color/profile_map.h"
#include "lane/cube.h"
#include "lane/mask_plane.h"
#include "sfumato/render.h"

namespace sfumato {

struct PointStep {
  enum class Kind { apply, convert, decode_profile, encode_profile } kind;
  int op = -1;  // apply: place in the catalog
  std::vector<float> coeffs;
  std::shared_ptr<const CubeTable> table;
  Space from{}, to{};             // convert
  int weight = -1;                // apply: row of the weights that mix the result with what came in; -1: all of it
  std::vector<int> offsets = {};  // apply: rows of what is added to each coefficient; empty: nothing
};

struct CanvasStep {
  int op;
  std::vector<float> coeffs;
  float sigma_low, sigma_high;  // in the units of Site
  int weight = -1;              // as of a PointStep
};

// Where the rows of weights come from: a plane makes one, a table three.
struct WeightSource {
  std::shared_ptr<const MaskPlane> plane;
  std::shared_ptr<const CubeTable> table;
  int rows() const { return plane ? 1 : 3; }
};

struct Plan::Steps {
  std::vector<std::vector<PointStep>> stages;  // one more than canvases
  std::vector<CanvasStep> canvases;
  std::shared_ptr<const ProfileMap> in, out;  // null: sRGB
  std::vector<WeightSource> weights;
  int weight_rows = 0;
  bool is_local = false;
};

}  // namespace sfumato
