// SPDX-License-Identifier: Apache-2.0
#include "paint/patch_painter.h"

#include <algorithm>
#include <cmath>

#include "paint/patch_scale.h"

namespace sfumato {
namespace {

Planes halved(const Planes& p) {
  Planes half;
  for (const Plane& plane : p) half.push_back(sfumato::halved(plane));
  return half;
}

int shorter(const Planes& p) { return std::min(p[0].width, p[0].height); }

// Finest first.
std::vector<PatchPictures> pictures_of(const Planes& photo, const Planes& style, const PatchOptions& o, int threads) {
  const Guides guides = make_guides(colored_as(photo, style), style, o.guides, threads);
  std::vector<PatchPictures> scales{{style, guides.photo, guides.style}};
  const int least = 2 * o.patch.side + 1;
  for (;;) {
    const PatchPictures& p = scales.back();
    PatchPictures half{halved(p.style), halved(p.photo_guides), halved(p.style_guides)};
    if (shorter(half.style) < least || shorter(half.photo_guides) < least) return scales;
    scales.push_back(std::move(half));
  }
}

// Nodes lie closer where there are few.
int stride_at(const PatchPictures& p) { return shorter(p.photo_guides) < 100 ? 1 : 2; }

}  // namespace

Painting paint_patches(const Planes& photo, const Planes& style, const PatchOptions& o, int threads,
                       const ScaleDone& done) {
  const std::vector<PatchPictures> scales = pictures_of(photo, style, o, threads);
  PatchField field;
  Planes picture;
  for (int k = static_cast<int>(scales.size()) - 1; k >= 0; --k) {
    const PatchPictures& p = scales[k];
    const bool is_first = field.at.empty();
    const Plane &here = p.photo_guides[0], &there = p.style[0];
    field = is_first ? PatchField(here.width, here.height, there.width, there.height, o.patch.side, stride_at(p))
                     : doubled(field, here.width, here.height, there.width, there.height, stride_at(p));
    PatchScale scale(p, o, std::move(field), is_first, threads);
    for (int round = 0; round < o.rounds; ++round) scale.search_and_vote(round);
    field = scale.field();
    picture = scale.picture();
    if (done) done(picture, std::pow(0.25, k));
  }
  // Of colors the lightness only: near black, small steps of chroma would become spots.
  Planes corrected =
      with_bands_of(scales[0].style, colored_as(picture, scales[0].style, MatchOnly::luminance), o.bands);
  corrected = polished(corrected, scales[0].style, o.polish, threads);
  // Against what rows vote for at this size.
  Painting painting{std::move(field), std::move(corrected)};
  parallel_for(picture[0].height, threads, [&](int y) {
    const std::size_t width = static_cast<std::size_t>(picture[0].width);
    std::vector<float> row(3 * width);
    float* const rgb[3]{row.data(), row.data() + width, row.data() + 2 * width};
    vote_row(painting.field, scales[0].style, picture[0].width, picture[0].height, y, rgb);
    for (int c = 0; c < 3; ++c)
      for (std::size_t x = 0; x < width; ++x) painting.correction[c].row(y)[x] -= rgb[c][x];
  });
  return painting;
}

}  // namespace sfumato
