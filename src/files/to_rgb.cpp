// SPDX-License-Identifier: Apache-2.0
#include "files/to_rgb.h"

#include <fmt/format.h>

#include "files/load_image.h"
#include "files/profile.h"
#include "files/vips.h"
#include "files/vips_metadata.h"

namespace sfumato {
namespace {

class ToRgb {
 public:
  ToRgb(OpenPicture& picture, const std::string& path) : picture_(picture), path_(path), image_(picture.image) {}

  void run() {
    const std::string icc = blob_of(image_.get(), VIPS_META_ICC_NAME);
    const Profile profile = icc.empty() ? Profile{} : read_profile(std::as_bytes(std::span(icc)));
    if (profile.kind == ProfileKind::damaged) drop_profile("the ICC profile is damaged; dropped, treated as sRGB");
    const VipsInterpretation type = vips_image_guess_interpretation(image_.get());
    picture_.was_gray = image_->Bands < 3;
    if (is_engine_matter(profile, type))
      convert_by_profile(type, profile.kind == ProfileKind::other);
    else
      take_profile(profile);
    if (picture_.was_gray) spread_gray();
    drop_further_bands();
    to_known_samples();
  }

 private:
  template <class Operation>
  void change(const Operation& operation) {
    sfumato::change(image_, path_, operation);
  }

  void drop_profile(const std::string& why) {
    vips_image_remove(image_.get(), VIPS_META_ICC_NAME);
    picture_.warnings.push_back(why);
  }

  static bool is_lab(VipsInterpretation type) {
    return type == VIPS_INTERPRETATION_LAB || type == VIPS_INTERPRETATION_LABS || type == VIPS_INTERPRETATION_LABQ ||
           type == VIPS_INTERPRETATION_XYZ;
  }

  bool is_engine_matter(const Profile& profile, VipsInterpretation type) const {
    return type == VIPS_INTERPRETATION_CMYK || is_lab(type) || image_->Coding != VIPS_CODING_NONE ||
           profile.kind == ProfileKind::other;
  }

  // Profiles that are more than curves and a matrix go through the color engine, to sRGB.
  void convert_by_profile(VipsInterpretation type, bool has_profile) {
    const bool is_cmyk = type == VIPS_INTERPRETATION_CMYK;
    VipsImage* out = nullptr;
    if (is_lab(type) || image_->Coding != VIPS_CODING_NONE) {
      change(
          [](VipsImage* in, VipsImage** to) { return vips_colourspace(in, to, VIPS_INTERPRETATION_RGB16, nullptr); });
      drop_profile("Lab converted to sRGB");
      return;
    }
    const int depth = image_->BandFmt == VIPS_FORMAT_UCHAR ? 8 : 16;
    if ((has_profile || is_cmyk) &&
        !vips_icc_transform(image_.get(), &out, "srgb", "embedded", TRUE, "input_profile", is_cmyk ? "cmyk" : "srgb",
                            "depth", depth, "intent", VIPS_INTENT_RELATIVE, nullptr)) {
      image_ = own(out);
      drop_profile(is_cmyk ? "CMYK converted to sRGB" : "converted to sRGB: the ICC profile holds tables");
      return;
    }
    vips_error_text();
    drop_profile("the ICC profile cannot be used; dropped, treated as sRGB");
  }

  void take_profile(const Profile& profile) {
    const bool fits = picture_.was_gray == (profile.kind == ProfileKind::gray) || profile.kind == ProfileKind::srgb;
    if (profile.map && fits) picture_.profile = profile.map;
    if (profile.map && !fits) drop_profile("the ICC profile is for other channels; dropped, treated as sRGB");
    if (profile.kind == ProfileKind::matrix) picture_.out_profile = picture_.profile;
    // A gray profile does not fit three channels.
    if (picture_.was_gray) vips_image_remove(image_.get(), VIPS_META_ICC_NAME);
    const bool is_light = picture_.format == "exr" || picture_.format == "rad";
    if (is_light && !picture_.profile) make_linear();
  }

  void make_linear() {
    constexpr float identity[9]{1, 0, 0, 0, 1, 0, 0, 0, 1};
    picture_.profile = linear_profile(identity);
  }

  void spread_gray() {
    if (image_->Bands >= 3) return;  // the color engine did it
    const bool has_alpha = image_->Bands == 2;
    change([&](VipsImage* in, VipsImage** out) {
      VipsImage *gray = nullptr, *alpha = nullptr;
      int failed = vips_extract_band(in, &gray, 0, nullptr) || (has_alpha && vips_extract_band(in, &alpha, 1, nullptr));
      VipsImage* bands[4]{gray, gray, gray, alpha};
      failed = failed || vips_bandjoin(bands, out, has_alpha ? 4 : 3, nullptr);
      if (gray) g_object_unref(gray);
      if (alpha) g_object_unref(alpha);
      return failed;
    });
  }

  void drop_further_bands() {
    if (image_->Bands <= 4 && (image_->Bands == 3 || vips_image_hasalpha(image_.get()) || picture_.was_gray)) return;
    picture_.warnings.push_back(fmt::format("found {} channels; the first three are rendered", image_->Bands));
    change([](VipsImage* in, VipsImage** out) { return vips_extract_band(in, out, 0, "n", 3, nullptr); });
  }

  void to_known_samples() {
    const VipsBandFormat format = image_->BandFmt;
    if (format == VIPS_FORMAT_UCHAR || format == VIPS_FORMAT_USHORT || format == VIPS_FORMAT_FLOAT) return;
    // Whole numbers of 32 bits fill their range; signed ones start at 0.
    const double scale = format == VIPS_FORMAT_UINT    ? 1.0 / 4294967295.0
                         : format == VIPS_FORMAT_INT   ? 1.0 / 2147483647.0
                         : format == VIPS_FORMAT_SHORT ? 1.0 / 32767.0
                         : format == VIPS_FORMAT_CHAR  ? 1.0 / 127.0
                                                       : 1.0;
    change([&](VipsImage* in, VipsImage** out) {
      if (scale == 1.0) return vips_cast(in, out, VIPS_FORMAT_FLOAT, nullptr);
      return vips_linear1(in, out, scale, 0.0, nullptr);
    });
    // vips computes 32-bit numbers in double.
    if (image_->BandFmt != VIPS_FORMAT_FLOAT)
      change([](VipsImage* in, VipsImage** out) { return vips_cast(in, out, VIPS_FORMAT_FLOAT, nullptr); });
  }

  OpenPicture& picture_;
  const std::string& path_;
  ImagePtr& image_;
};

}  // namespace

void to_rgb(OpenPicture& picture, const std::string& path) { ToRgb(picture, path).run(); }

}  // namespace sfumato
