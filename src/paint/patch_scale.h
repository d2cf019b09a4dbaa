// SPDX-License-Identifier: Apache-2.0
// The work at one scale: nodes look for the patches of the style that fit best, pixels become the mean of patches.
#pragma once

#include <cstdint>

#include "paint/patch_field.h"
#include "paint/patch_index.h"
#include "paint/patch_painter.h"

namespace sfumato {

// A photo and a style at one scale, with their guides; 0..1.
struct PatchPictures {
  Planes style;  // red, green, blue
  Planes photo_guides, style_guides;
};

class PatchScale {
 public:
  // `field`: where patches come from so far. Without one (`is_first`) the guides alone decide at first.
  PatchScale(const PatchPictures&, const PatchOptions&, PatchField field, bool is_first, int threads);

  void search_and_vote(int round);
  const PatchField& field() const { return field_; }
  const Planes& picture() const { return picture_; }

 private:
  void choose(int batch, int round, const std::vector<float>& queries, const PatchField& before);
  void penalize();
  int point_of(const StylePoint& p) const { return p.y * across_ + p.x; }
  PatchIndex::Found best_of_neighbors(int i, int j, const float* query, const PatchField& before) const;

  const PatchPictures& pictures_;
  const PatchOptions& o_;
  PatchField field_;
  Planes picture_;
  int across_, threads_;  // patches across the style
  PatchSpace space_;
  PatchIndex index_;
  std::vector<int> uses_;  // of each patch
  bool has_field_;
};

}  // namespace sfumato
