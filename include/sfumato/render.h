// SPDX-License-Identifier: Apache-2.0
// Rendering: a look is planned once, then drawn on any number of pictures.
#pragma once

#include <memory>

#include "sfumato/image.h"
#include "sfumato/look.h"

namespace sfumato {

struct ProfileMap;

// The proof that a look can be rendered. Cheap to copy; immutable.
class Plan {
 public:
  // Steps at neutral are dropped. `in` and `out` say how the pixels before and after are encoded; null is sRGB.
  // Throws Code::look: a look that still waits for its photo (see for_photo), a step without its operation, values or
  // table, a value out of its knob's range.
  explicit Plan(const Look&, std::shared_ptr<const ProfileMap> in = nullptr,
                std::shared_ptr<const ProfileMap> out = nullptr);

  bool is_identity() const;  // output samples are the input samples
  bool is_point() const;     // needs no neighbors: can stream row by row
  bool is_local() const;     // depends on position: a LUT cannot carry all of it

  struct Steps;
  const Steps& steps() const { return *steps_; }

 private:
  std::shared_ptr<const Steps> steps_;
};

struct RenderOptions {
  int threads = 0;     // 0: as many as processors
  bool dither = true;  // triangular noise of one step when the output is 8-bit
};

// Renders a whole picture of 3 or 4 bands. `out` has the size and bands of `in`, any sample type; alpha is copied. A
// plan that is_point() may render in place: the same pixels in and out.
// Returns the number of input samples that were not finite. The result does not depend on `threads` by one bit.
// Throws Code::usage, before a pixel is written: pictures that do not fit each other or the plan.
long long render(const Plan&, const View& in, const MutableView& out, const RenderOptions& = {});

// The same as a new picture of such samples.
Picture rendered(const Plan&, const View& in, Sample = Sample::f32, const RenderOptions& = {});

}  // namespace sfumato
