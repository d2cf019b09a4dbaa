// SPDX-License-Identifier: Apache-2.0
// What reference files make of photo files.
#pragma once

#include <string>
#include <vector>

#include "files/picture_file.h"
#include "transfer/color_map.h"
#include "transfer/match.h"
#include "transfer/regions.h"

namespace sfumato {

struct MatchPlan {
  std::vector<std::string> references;
  std::vector<std::string> reference_masks;  // none, or one for each reference
  int regions = 0;                           // found by themselves; 0: the pictures as wholes
  MatchOptions options;
  MatchRender render;
};

// The regions of a mask, of a picture that is `aspect` times as wide as high. Throws Code::input.
RegionShares read_regions(const std::string& mask, double aspect, const OpenOptions& = {});

// References, read once, and what they make of photos.
class Matcher {
 public:
  // Throws Code::input for what cannot be read, Code::usage for masks that do not go with the references.
  explicit Matcher(MatchPlan, const OpenOptions& = {});

  // For one photo; `mask` may be empty. Throws Code::input and Code::usage.
  Match match(const std::string& photo, const std::string& mask) const;
  // One table for a series of photos, from all their colors. Photos that cannot be read do not count.
  Match match_series(const std::vector<std::string>& photos) const;
  Match match_series(const ColorSamples& of_all) const;

  // Identifies outputs, apart from the photo, its mask or the series: references, masks and options.
  std::string key() const { return key_; }
  const MatchPlan& plan() const { return plan_; }

 private:
  ColorSamples samples_of_references(const std::vector<RegionShares>& shares, std::size_t region) const;

  MatchPlan plan_;
  OpenOptions open_;
  std::vector<Picture> references_;   // reduced, sRGB
  std::vector<RegionShares> shares_;  // of reference masks
  ColorSamples whole_;                // of all references
  std::string key_;
};

}  // namespace sfumato
