// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <map>

#include <fmt/format.h>
#include <unistd.h>

#include "base/file.h"
#include "files/metadata.h"
#include "files/picture_file.h"
#include "files/profile.h"
#include "files/raw_file.h"
#include "files/vips.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Image = std::shared_ptr<VipsImage>;

Image own(VipsImage* image) { return {image, g_object_unref}; }

class Opener {
 public:
  Opener(const std::string& path, const OpenOptions& options) : path_(path), options_(options) {}

  OpenPicture open() {
    image_ = load(options_.needs_random_access);
    check_header();
    // A turned picture is read in another order than it is stored in.
    if (!options_.needs_random_access && vips_image_get_orientation(image_.get()) > 1) image_ = load(true);
    make_upright();
    to_rgb();
    to_known_samples();
    picture_.image = image_;
    return std::move(picture_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what, Code code = Code::input) const { throw Error(code, what, path_); }

  // Runs one vips operation on the picture.
  template <class Operation>
  void change(const Operation& operation) {
    VipsImage* out = nullptr;
    if (operation(image_.get(), &out)) refuse("cannot be read: " + vips_error_text());
    image_ = own(out);
  }

  Image load(bool random_access) {
    const int fd = open_regular_file(path_);
    std::unique_ptr<VipsSource, void (*)(void*)> source(vips_source_new_from_descriptor(fd), g_object_unref);
    close(fd);
    const char* loader = source ? vips_foreign_find_load_source(source.get()) : nullptr;
    const bool by_name = !loader;
    // Some loaders (OpenEXR) only take names.
    if (!loader) loader = vips_foreign_find_load(path_.c_str());
    if (!loader) {
      vips_error_text();
      refuse("found no picture format that is known; expected JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG XL, EXR or RAW");
    }
    picture_.format = format_of(loader);
    const VipsAccess access = random_access ? VIPS_ACCESS_RANDOM : VIPS_ACCESS_SEQUENTIAL;
    VipsImage* out = by_name ? load_by_name(loader, access)
                             : vips_image_new_from_source(source.get(), "", "access", access, "fail_on", fail_on(), nullptr);
    if (!out) refuse("cannot be read: " + vips_error_text());
    return own(out);
  }

  VipsImage* load_by_name(const char* loader, VipsAccess access) const {
    VipsImage* out = nullptr;
    if (std::string_view(loader) == "VipsForeignLoadOpenexr") vips_openexrload(path_.c_str(), &out, "access", access, "fail_on", fail_on(), nullptr);
    return out;
  }

  // libjpeg and libpng call damage a warning; libtiff warns of every private tag.
  VipsFailOn fail_on() const {
    if (options_.accept_truncated) return VIPS_FAIL_ON_NONE;
    return picture_.format == "jpeg" || picture_.format == "png" ? VIPS_FAIL_ON_WARNING : VIPS_FAIL_ON_ERROR;
  }

  static std::string format_of(std::string loader) {
    for (char& c : loader) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    loader = loader.substr(std::string_view("vipsforeignload").size());
    for (const char* known : {"jpeg", "png", "tiff", "webp", "heif", "jxl", "openexr", "gif", "ppm", "svg", "pdf"})
      if (loader.starts_with(known)) return known == std::string_view("openexr") ? "exr" : known;
    return loader;
  }

  void check_header() {
    const long long pixels = static_cast<long long>(image_->Xsize) * image_->Ysize;
    if (pixels > options_.max_pixels)
      refuse(fmt::format("found {} x {} pixels; expected at most {}; raise --max-pixels", image_->Xsize, image_->Ysize, options_.max_pixels), Code::resource);
    if (vips_image_get_n_pages(image_.get()) > 1)
      picture_.warnings.push_back(fmt::format("found {} pages; the first is rendered", vips_image_get_n_pages(image_.get())));
    if (options_.accept_truncated) picture_.warnings.push_back("damage in the file, if any, is rendered as it was read");
    warn_of_extension();
  }

  void warn_of_extension() {
    static const std::map<std::string, std::string> names{{"jpg", "jpeg"}, {"jpeg", "jpeg"}, {"png", "png"}, {"tif", "tiff"}, {"tiff", "tiff"},
                                                          {"webp", "webp"}, {"avif", "heif"}, {"heic", "heif"}, {"heif", "heif"}, {"jxl", "jxl"}, {"exr", "exr"}};
    const auto dot = path_.rfind('.');
    std::string extension = dot == std::string::npos ? "" : path_.substr(dot + 1);
    for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const auto named = names.find(extension);
    if (named != names.end() && named->second != picture_.format)
      picture_.warnings.push_back(fmt::format("the name says {}, the content is {}", named->second, picture_.format));
  }

  void make_upright() {
    const int orientation = vips_image_get_orientation(image_.get());
    if (orientation > 1 && orientation <= 8) change([](VipsImage* in, VipsImage** out) { return vips_autorot(in, out, nullptr); });
    change([](VipsImage* in, VipsImage** out) { return vips_copy(in, out, nullptr); });
    // The tag is 1 in every place that has one.
    if (vips_image_get_typeof(image_.get(), VIPS_META_ORIENTATION)) vips_image_set_int(image_.get(), VIPS_META_ORIENTATION, 1);
    if (vips_image_get_typeof(image_.get(), "exif-ifd0-Orientation"))
      vips_image_set_string(image_.get(), "exif-ifd0-Orientation", "1 (Top-left, Short, 1 components, 2 bytes)");
    const void* xmp = nullptr;
    std::size_t size = 0;
    if (vips_image_get_typeof(image_.get(), VIPS_META_XMP_NAME) && !vips_image_get_blob(image_.get(), VIPS_META_XMP_NAME, &xmp, &size)) {
      const std::string upright = sfumato::make_upright({static_cast<const char*>(xmp), size});
      vips_image_set_blob_copy(image_.get(), VIPS_META_XMP_NAME, upright.data(), upright.size());
    }
  }

  Profile profile() const {
    const void* icc = nullptr;
    std::size_t size = 0;
    if (!vips_image_get_typeof(image_.get(), VIPS_META_ICC_NAME) || vips_image_get_blob(image_.get(), VIPS_META_ICC_NAME, &icc, &size))
      return {};
    return read_profile({static_cast<const std::byte*>(icc), size});
  }

  void drop_profile(const std::string& why) {
    vips_image_remove(image_.get(), VIPS_META_ICC_NAME);
    if (!why.empty()) picture_.warnings.push_back(why);
  }

  bool has_alpha() const { return vips_image_hasalpha(image_.get()); }

  void to_rgb() {
    const Profile icc = profile();
    const VipsInterpretation type = vips_image_guess_interpretation(image_.get());
    const bool is_gray = image_->Bands < 3;
    if (icc.kind == ProfileKind::damaged) drop_profile("the ICC profile is damaged; treated as sRGB");

    if (type == VIPS_INTERPRETATION_CMYK || (icc.kind == ProfileKind::other && !is_gray)) {
      convert_by_profile(type);
    } else if (is_gray) {
      if (icc.kind == ProfileKind::other) convert_by_profile(type);
    } else if (icc.kind == ProfileKind::matrix) {
      picture_.profile = picture_.out_profile = icc.map;
    } else if (type == VIPS_INTERPRETATION_LAB || type == VIPS_INTERPRETATION_LABS || type == VIPS_INTERPRETATION_XYZ || image_->Coding != VIPS_CODING_NONE) {
      drop_profile("");
      change([](VipsImage* in, VipsImage** out) { return vips_colourspace(in, out, VIPS_INTERPRETATION_RGB16, nullptr); });
    }
    if (picture_.format == "exr" && !picture_.profile) {
      constexpr float identity[9]{1, 0, 0, 0, 1, 0, 0, 0, 1};
      picture_.profile = linear_profile(identity);
    }
    to_three_or_four_bands();
  }

  // Profiles that are more than curves and a matrix go through the color engine, to sRGB.
  void convert_by_profile(VipsInterpretation type) {
    const bool is_cmyk = type == VIPS_INTERPRETATION_CMYK;
    const int depth = image_->BandFmt == VIPS_FORMAT_UCHAR ? 8 : 16;
    VipsImage* out = nullptr;
    if (vips_icc_transform(image_.get(), &out, "srgb", "embedded", TRUE, "input_profile", is_cmyk ? "cmyk" : "srgb", "depth", depth,
                           "intent", VIPS_INTENT_RELATIVE, nullptr)) {
      vips_error_text();
      drop_profile("the ICC profile cannot be used; treated as sRGB");
      return;
    }
    image_ = own(out);
    drop_profile(is_cmyk ? "CMYK converted to sRGB" : "converted to sRGB: the ICC profile holds tables");
  }

  void to_three_or_four_bands() {
    if (image_->Bands < 3) {
      change([](VipsImage* in, VipsImage** out) {
        VipsImage *gray = nullptr, *rgb = nullptr;
        if (vips_extract_band(in, &gray, 0, nullptr)) return -1;
        VipsImage* three[3]{gray, gray, gray};
        int failed = vips_bandjoin(three, &rgb, 3, nullptr);
        if (!failed && in->Bands == 2) {
          VipsImage* alpha = nullptr;
          failed = vips_extract_band(in, &alpha, 1, nullptr);
          VipsImage* both[2]{rgb, alpha};
          failed = failed || vips_bandjoin(both, out, 2, nullptr);
          if (alpha) g_object_unref(alpha);
        } else if (!failed) {
          *out = static_cast<VipsImage*>(g_object_ref(rgb));
        }
        g_object_unref(gray);
        if (rgb) g_object_unref(rgb);
        return failed;
      });
      // A gray profile does not fit three channels.
      vips_image_remove(image_.get(), VIPS_META_ICC_NAME);
    } else if (image_->Bands > 4 || (image_->Bands == 4 && !has_alpha())) {
      picture_.warnings.push_back(fmt::format("found {} channels; the first three are rendered", image_->Bands));
      change([](VipsImage* in, VipsImage** out) { return vips_extract_band(in, out, 0, "n", 3, nullptr); });
    }
  }

  void to_known_samples() {
    const VipsBandFormat format = image_->BandFmt;
    if (format == VIPS_FORMAT_UCHAR || format == VIPS_FORMAT_USHORT) return;
    // Whole numbers of 32 bits fill their range; signed ones start at 0.
    const double scale = format == VIPS_FORMAT_UINT ? 1.0 / 4294967295.0 : format == VIPS_FORMAT_INT ? 1.0 / 2147483647.0
                         : format == VIPS_FORMAT_SHORT ? 1.0 / 32767.0 : format == VIPS_FORMAT_CHAR ? 1.0 / 127.0 : 1.0;
    change([&](VipsImage* in, VipsImage** out) {
      if (scale == 1.0) return vips_cast(in, out, VIPS_FORMAT_FLOAT, nullptr);
      return vips_linear1(in, out, scale, 0.0, nullptr);
    });
  }

  const std::string& path_;
  const OpenOptions& options_;
  OpenPicture picture_;
  Image image_;
};

}  // namespace

Sample OpenPicture::sample() const {
  return image->BandFmt == VIPS_FORMAT_UCHAR ? Sample::u8 : image->BandFmt == VIPS_FORMAT_USHORT ? Sample::u16 : Sample::f32;
}

std::string read_xmp(const std::string& path) noexcept {
  try {
    const OpenPicture picture = open_picture(path);
    const void* xmp = nullptr;
    std::size_t size = 0;
    if (!vips_image_get_typeof(picture.image.get(), VIPS_META_XMP_NAME) || vips_image_get_blob(picture.image.get(), VIPS_META_XMP_NAME, &xmp, &size)) return {};
    return {static_cast<const char*>(xmp), size};
  } catch (const std::exception&) {
    return {};
  }
}

OpenPicture open_picture(const std::string& path, const OpenOptions& options) {
  init_vips();
  if (is_raw_name(path)) return open_raw(path, options);
  return Opener(path, options).open();
}

}  // namespace sfumato
