// SPDX-License-Identifier: Apache-2.0
// A photo that takes over the colors and the light of references.
#pragma once

#include <memory>
#include <vector>

#include "lane/cube.h"
#include "measure/plane.h"
#include "transfer/exchange.h"
#include "transfer/whole_picture.h"

namespace sfumato {

// What becomes of the colors in one part of the picture.
struct MatchRegion {
  std::shared_ptr<const CubeTable> table;
  Plane share;  // stretched over the picture; empty: everywhere
};
// Where shares do not sum to 1 the rest stays as it is.
using Match = std::vector<MatchRegion>;

struct MatchRender {
  bool keeps_edges = true;  // exchange detail; else the tables' colors as they are
  ExchangeOptions exchange;
  bool dither = true;
  int threads = 0;
};

// One picture's rendering.
class MatchedPicture : public WholePicture {
 public:
  // Reads the picture once, from several threads, if edges are kept. Throws Code::resource, and what reading throws.
  MatchedPicture(const Match&, const PictureSource&, const MatchRender&);
  ~MatchedPicture() override;

  long long render_band(const View& rows, int y0, int y1, const MutableView& to) const override;

 private:
  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

// In memory, sRGB in and out.
void render_match(const Match&, const View& in, const MutableView& out, const MatchRender& = {});

}  // namespace sfumato
