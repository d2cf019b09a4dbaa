// SPDX-License-Identifier: Apache-2.0
#include "photo.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "files/read_pixels.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

// ProPhoto's primaries as a matrix to linear sRGB, Bradford-adapted [Lindbloom].
bool is_prophoto(const ProfileMap* profile) {
  constexpr float matrix[9]{2.0343f, -0.7275f, -0.3067f, -0.2288f, 1.2317f, -0.0029f, -0.0086f, -0.1533f, 1.1619f};
  if (!profile) return false;
  for (int i = 0; i < 9; ++i)
    if (std::abs(profile->to_srgb[i] - matrix[i]) > 0.02f) return false;
  return true;
}

}  // namespace

Photo::Photo(const std::string& path) : path_(path) {
  const OpenPicture opened = open_picture(path);
  stored_ = read_pixels(opened, path);
  profile_ = opened.profile;
  out_profile_ = opened.out_profile;
  if (profile_) srgb_ = rendered(Plan({}, profile_), stored_.view());
}

Photo::Photo(const Photo& before, const Look& look, int threads)
    : path_(before.path_), profile_(before.out_profile_), out_profile_(before.out_profile_) {
  // 16 bits clip what a file would clip, and round nothing that shows.
  stored_ = rendered(Plan(look, before.profile_, profile_), before.stored_.view(),
                     before.stored_.sample() == Sample::f32 ? Sample::f32 : Sample::u16, {.threads = threads});
  if (profile_) srgb_ = rendered(Plan({}, profile_), stored_.view(), Sample::f32, {.threads = threads});
}

Scored Photo::scored(Protocol protocol) const {
  if (protocol == Protocol::uniform && (stored_.sample() != Sample::u16 || !is_prophoto(profile_.get())))
    throw Error(Code::input,
                fmt::format("found {} pixels {}; the uniform protocol expects 16 bits and a ProPhoto profile; "
                            "--protocol plain takes any picture",
                            stored_.sample() == Sample::u8    ? "8-bit"
                            : stored_.sample() == Sample::u16 ? "16-bit"
                                                              : "float",
                            is_prophoto(profile_.get()) ? "of ProPhoto"
                            : profile_                  ? "of another profile"
                                                        : "of sRGB"),
                path_);
  return {srgb_.width() ? srgb_.view() : stored_.view(), stored_.view()};
}

void check_one_size(const Photo& photo, const Photo& target) {
  if (photo.width() == target.width() && photo.height() == target.height()) return;
  throw Error(Code::input,
              fmt::format("found {} x {} pixels, and {} x {} in {}; expected one size", photo.width(), photo.height(),
                          target.width(), target.height(), printable(target.path())),
              photo.path());
}

}  // namespace sfumato
