// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <map>

#include "base/file.h"
#include "base/text.h"
#include "files/block_mean.h"
#include "files/coded_color.h"
#include "files/damage_guard.h"
#include "files/decode_ahead.h"
#include "files/iptc.h"
#include "files/jxl_boxes.h"
#include "files/load_image.h"
#include "files/metadata.h"
#include "files/picture_file.h"
#include "files/raw_file.h"
#include "files/to_rgb.h"
#include "files/vips.h"
#include "files/vips_metadata.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// The format that a name announces; empty for an unknown one.
std::string format_by_name(const std::string& path) {
  static const std::map<std::string, std::string> names{
      {"jpg", "jpeg"},  {"jpeg", "jpeg"}, {"jpe", "jpeg"},  {"png", "png"},   {"tif", "tiff"},
      {"tiff", "tiff"}, {"webp", "webp"}, {"avif", "heif"}, {"heic", "heif"}, {"heif", "heif"},
      {"jxl", "jxl"},   {"exr", "exr"},   {"gif", "gif"}};
  const auto named = names.find(extension_of(path));
  return named == names.end() ? std::string() : named->second;
}

int shrink_of(const VipsImage& image, int least_side) {
  int shrink = 1;
  while (least_side > 0 && shrink < 8 && std::min(image.Xsize, image.Ysize) >= 2 * shrink * least_side) shrink *= 2;
  return shrink;
}

class Opener {
 public:
  Opener(const std::string& path, const OpenOptions& options) : path_(path), options_(options) {}

  OpenPicture open() {
    load();
    check_header();
    // A turned picture is read in another order than it is stored in.
    if (vips_image_get_orientation(image_.get()) > 1) make_random_access(image_, path_);
    if (picture_.format == "tiff") divide_float_by_alpha();
    make_upright();
    read_further_metadata();
    check_metadata();
    give_coded_profile();
    to_rgb(picture_, path_);
    return std::move(picture_);
  }

 private:
  void load() {
    LoadedImage loaded = load_image(path_, options_.accept_truncated);
    // Which fraction is known once the size is.
    if (const int shrink = loaded.format == "jpeg" ? shrink_of(*loaded.image, options_.reduced_to) : 1; shrink > 1) {
      check_size(*loaded.image);
      loaded = load_image(path_, options_.accept_truncated, shrink);
    }
    image_ = std::move(loaded.image);
    picture_.format = std::move(loaded.format);
    if (!options_.accept_truncated) guard(image_, path_);
  }

  void check_size(const VipsImage& image) const {
    const long long pixels = static_cast<long long>(image.Xsize) * image.Ysize;
    if (pixels > options_.max_pixels)
      throw Error(Code::resource,
                  fmt::format("found {} x {} pixels; expected at most {}; raise --max-pixels", image.Xsize, image.Ysize,
                              options_.max_pixels),
                  path_);
  }

  void check_header() {
    check_size(*image_);
    if (image_->Bands > 100)
      throw Error(Code::input, fmt::format("found {} channels; expected a photo", image_->Bands), path_);
    // JPEG 2000 calls its resolutions pages, and a TIFF may hold smaller copies as such.
    const int pages = vips_image_get_n_pages(image_.get());
    if (pages > 1 && picture_.format != "jp2k")
      picture_.warnings.push_back(
          fmt::format("found {} pages{}; the first is rendered", pages, picture_.format == "tiff" ? " or sizes" : ""));
    if (options_.accept_truncated)
      picture_.warnings.push_back("damage in the file, if any, is rendered as it was read");
    warn_of_extension();
  }

  void warn_of_extension() {
    const std::string named = format_by_name(path_);
    if (!named.empty() && named != picture_.format)
      picture_.warnings.push_back(
          fmt::format("wrong extension: the name says {}, the content is {}", named, picture_.format));
  }

  // vips divides floats by an associated alpha as if it went to 255.
  void divide_float_by_alpha() {
    if (image_->BandFmt != VIPS_FORMAT_FLOAT || image_->Bands != 4) return;
    const int fd = open_regular_file(path_);
    const ExifField extra = read_tiff_field(ByteSource(fd), tiff_extra_samples);
    close(fd);
    if (extra.bytes.empty() || extra.bytes[0] != 1) return;
    change(image_, path_, [](VipsImage* in, VipsImage** out) {
      const double scale[4]{1 / 255.0, 1 / 255.0, 1 / 255.0, 1}, offset[4]{};
      return vips_linear(in, out, scale, offset, 4, nullptr);
    });
  }

  void make_upright() {
    const int orientation = vips_image_get_orientation(image_.get());
    if (orientation > 1 && orientation <= 8)
      change(image_, path_, [](VipsImage* in, VipsImage** out) { return vips_autorot(in, out, nullptr); });
    change(image_, path_, [](VipsImage* in, VipsImage** out) { return vips_copy(in, out, nullptr); });
    // The tag is 1 in every place that has one.
    if (vips_image_get_typeof(image_.get(), VIPS_META_ORIENTATION))
      vips_image_set_int(image_.get(), VIPS_META_ORIENTATION, 1);
    if (vips_image_get_typeof(image_.get(), "exif-ifd0-Orientation"))
      vips_image_set_string(image_.get(), "exif-ifd0-Orientation", "1 (Top-left, Short, 1 components, 2 bytes)");
    remove_thumbnail(image_.get());
  }

  // Blocks that vips leaves in the file, or under another name.
  void read_further_metadata() {
    if (picture_.format == "heif") take_heif_xmp(image_.get());
    if (picture_.format == "heif" || picture_.format == "webp")
      take_resolution(blob_of(image_.get(), VIPS_META_EXIF_NAME));
    if (picture_.format != "tiff" && picture_.format != "jxl") return;
    const int fd = open_regular_file(path_);
    const ByteSource file(fd);
    if (picture_.format == "tiff") {
      set_exif(image_.get(), read_exif(file));
      set_blob(image_.get(), VIPS_META_IPTC_NAME, read_tiff_field(file, tiff_iptc).bytes);
    } else {
      const JxlBoxes boxes = read_jxl_boxes(file);
      if (boxes.has_compressed) picture_.warnings.push_back("compressed metadata of JPEG XL is not read");
      set_exif(image_.get(), read_exif(ByteSource(boxes.exif)));
      take_resolution(boxes.exif);
      set_blob(image_.get(), VIPS_META_XMP_NAME, boxes.xmp);
    }
    close(fd);
  }

  void take_resolution(const std::string& exif) {
    const Resolution r = read_resolution(ByteSource(exif));
    if (r.x > 0 && r.y > 0) image_->Xres = r.x, image_->Yres = r.y;
  }

  void check_metadata() {
    std::string xmp = blob_of(image_.get(), VIPS_META_XMP_NAME);
    // Containers differ in whether they count a final zero.
    while (!xmp.empty() && xmp.back() == '\0') xmp.pop_back();
    if (!xmp.empty() && !is_xmp(xmp)) {
      picture_.warnings.push_back("the XMP packet is damaged; dropped");
      xmp.clear();
    }
    set_blob(image_.get(), VIPS_META_XMP_NAME, sfumato::make_upright(xmp));
    const std::string iptc = blob_of(image_.get(), VIPS_META_IPTC_NAME);
    if (!iptc.empty() && !iptc.starts_with("Photoshop") && iim_of(iptc).empty())
      vips_image_remove(image_.get(), VIPS_META_IPTC_NAME);
  }

  // The profile rules where there is one.
  void give_coded_profile() {
    if (picture_.format != "png" && picture_.format != "heif") return;
    if (vips_image_get_typeof(image_.get(), VIPS_META_ICC_NAME)) return;
    const auto color = coded_color(read_start(path_, 1 << 16));
    if (!color || color->is_srgb()) return;
    if (const std::string profile = color->profile(); !profile.empty())
      vips_image_set_blob_copy(image_.get(), VIPS_META_ICC_NAME, profile.data(), profile.size());
    else
      picture_.warnings.push_back(
          fmt::format("found color primaries {} and transfer {} by number, which no profile stands for; read as sRGB",
                      color->primaries, color->transfer));
  }

  const std::string& path_;
  const OpenOptions& options_;
  OpenPicture picture_;
  ImagePtr& image_ = picture_.image;
};

}  // namespace

Sample OpenPicture::sample() const {
  return image->BandFmt == VIPS_FORMAT_UCHAR    ? Sample::u8
         : image->BandFmt == VIPS_FORMAT_USHORT ? Sample::u16
                                                : Sample::f32;
}

std::string read_xmp(const std::string& path) noexcept {
  try {
    return blob_of(open_picture(path).image.get(), VIPS_META_XMP_NAME);
  } catch (const std::exception&) {
    return {};
  }
}

bool is_picture_name(const std::string& path) { return is_raw_name(path) || !format_by_name(path).empty(); }

void allow_random_access(OpenPicture& picture, const std::string& path) {
  if (vips_image_is_sequential(picture.image.get())) make_random_access(picture.image, path);
}

bool decode_ahead(OpenPicture& picture, const std::string& path) {
  if (!vips_image_is_sequential(picture.image.get())) return true;
  if (!fits_in_memory(picture.image.get())) return false;
  decode_ahead(picture.image, path);
  return true;
}

void reduce(OpenPicture& picture, int least_side, const std::string& path) {
  const int shrink = shrink_of(*picture.image, least_side);
  if (shrink > 1) block_mean(picture.image, shrink, path);
}

OpenPicture open_picture(const std::string& path, const OpenOptions& options) {
  init_vips();
  if (is_raw_name(path)) return open_raw(path, options);
  return Opener(path, options).open();
}

}  // namespace sfumato
