// SPDX-License-Identifier: Apache-2.0
// A photo that takes over the colors and the light of references.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "color/profile_map.h"
#include "lane/cube.h"
#include "measure/plane.h"
#include "sfumato/image.h"
#include "transfer/exchange.h"

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

// One picture's rendering. `in` and `out` say how pixels are encoded before and after; null is sRGB.
class MatchedPicture {
 public:
  using Use = std::function<void(const View&)>;
  using Fetch = std::function<void(int y0, int y1, const Use& use)>;

  // Reads the picture once, from several threads, if edges are kept. Throws Code::resource, and what `fetch` throws.
  MatchedPicture(const Match&, int width, int height, std::shared_ptr<const ProfileMap> in,
                 std::shared_ptr<const ProfileMap> out, const MatchRender&, const Fetch& fetch);
  ~MatchedPicture();

  // Rows y0..y1-1 of the picture into `to`, of any sample type; alpha passes. Returns how many samples were not finite.
  long long render_band(const View& rows, int y0, int y1, const MutableView& to) const;

 private:
  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

// In memory, sRGB in and out.
void render_match(const Match&, const View& in, const MutableView& out, const MatchRender& = {});

}  // namespace sfumato
