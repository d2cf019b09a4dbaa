// SPDX-License-Identifier: Apache-2.0
#include "train_paintings.h"

#include <algorithm>

namespace sfumato {
namespace {

// Hues turned by thirds of the circle, distance from gray times `chroma`.
Planes recolored(const Planes& photo, int turn, float chroma) {
  const Plane luma = luma_of(photo);
  Planes to = photo;
  for (int c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < luma.values.size(); ++i) {
      const float gray = luma.values[i];
      to[(c + turn) % 3].values[i] = std::clamp(gray + chroma * (photo[c].values[i] - gray), 0.0f, 1.0f);
    }
  return to;
}

Planes painted(const Planes& photo, const Planes& style, const PatchOptions& o, int threads) {
  Planes last;
  paint_patches(photo, style, o, threads, [&](const Planes& p, double) { last = p; });
  return last;
}

}  // namespace

void add_paintings(NetTrainInputs& in, const PatchOptions& o, int threads, const std::function<bool()>& stops) {
  constexpr float chroma = 1.4f;
  const Planes photo = in.photos.back();
  in.targets.push_back(painted(photo, in.style, o, threads));
  for (int turn = 0; turn < 3 && !stops(); ++turn) {
    in.photos.push_back(recolored(photo, turn, chroma));
    in.targets.push_back(painted(in.photos.back(), in.style, o, threads));
  }
}

}  // namespace sfumato
