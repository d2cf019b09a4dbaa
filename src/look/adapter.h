// SPDX-License-Identifier: Apache-2.0
// What makes a learned look adapt to each photo: numbers predicted from its analysis image.
#pragma once

#include <cstdint>

#include "measure/analysis.h"
#include "sfumato/look.h"

namespace sfumato {

class Adapter {
 public:
  virtual ~Adapter() = default;

  // The look for one photo: plain, without an adapter. confidence: 1 where the photo resembles those that were
  // learned from, toward 0 where not (the look then falls back to the one for all photos).
  struct Adapted {
    Look look;
    float confidence;
  };
  virtual Adapted adapt(const Look&, const Analysis&) const = 0;

  // Of all numbers that the adaptation depends on and the look does not show.
  virtual std::uint64_t hash() const = 0;
};

}  // namespace sfumato
