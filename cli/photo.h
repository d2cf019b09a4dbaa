// SPDX-License-Identifier: Apache-2.0
// A picture file in memory, as stored and as sRGB.
#pragma once

#include <memory>
#include <string>

#include "color/profile_map.h"
#include "measure/score.h"
#include "sfumato/look.h"

namespace sfumato {

class Photo {
 public:
  // Throws Code::input or Code::resource.
  explicit Photo(const std::string& path);
  // `before` through a look, in 16 bits (float stays float) of its own encoding.
  Photo(const Photo& before, const Look&, int threads);

  // Throws Code::input for the uniform protocol when the file is not 16-bit ProPhoto.
  Scored scored(Protocol) const;
  View srgb() const { return srgb_.width() ? srgb_.view() : stored_.view(); }
  const std::string& path() const { return path_; }
  int width() const { return stored_.width(); }
  int height() const { return stored_.height(); }

 private:
  std::string path_;
  Picture stored_, srgb_;  // srgb_ empty: stored_ is sRGB
  std::shared_ptr<const ProfileMap> profile_, out_profile_;
};

// Throws Code::input.
void check_one_size(const Photo&, const Photo& target);

}  // namespace sfumato
