// SPDX-License-Identifier: Apache-2.0
// Where one shot of a video ends and the next begins.
#pragma once

#include <vector>

#include "sfumato/image.h"

namespace sfumato {

class CutFinder {
 public:
  // Whether this frame, floats of the same size as all before it, begins a shot, as the first frame does. Cuts are
  // found, dissolves are not.
  bool begins_shot(const Picture& frame);

 private:
  std::vector<float> last_;  // means of cells
  float last_change_ = 0;
};

}  // namespace sfumato
