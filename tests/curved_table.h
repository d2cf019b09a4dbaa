// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <memory>

#include "lane/cube.h"

namespace sfumato {

// So that interpolation matters.
inline const std::shared_ptr<const CubeTable>& curved_table() {
  static const std::shared_ptr<const CubeTable> t = [] {
    auto cube = std::make_shared<CubeTable>();
    cube->size = 9;
    for (float& s : cube->scale) s = 8.0f;
    for (int b = 0; b < 9; ++b)
      for (int g = 0; g < 9; ++g)
        for (int r = 0; r < 9; ++r)
          for (float v : {std::sqrt(r / 8.0f), g / 8.0f * (1.0f - b / 20.0f), b / 8.0f * b / 8.0f, 0.0f})
            cube->nodes.push_back(v);
    return cube;
  }();
  return t;
}

}  // namespace sfumato
