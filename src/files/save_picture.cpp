// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include "base/file.h"
#include "base/fnv.h"
#include "base/text.h"
#include "files/damage_guard.h"
#include "files/file_target.h"
#include "files/iptc.h"
#include "files/jxl_boxes.h"
#include "files/metadata.h"
#include "files/picture_file.h"
#include "files/vips.h"
#include "files/vips_metadata.h"
#include "sfumato/error.h"
#include "sfumato/version.h"

namespace sfumato {
namespace {

using Image = std::unique_ptr<VipsImage, void (*)(void*)>;

struct Format {
  Sample deepest;
  int longest_side;
  const char* savers;  // how vips names its parts that write it, in errors
};

const std::map<std::string, Format>& formats() {
  static const std::map<std::string, Format> all{{"jpg", {Sample::u8, 65500, "jpegsave vips2jpeg VipsJpeg"}},
                                                 {"png", {Sample::u16, 0x7fffffff, "pngsave vips2png vipspng"}},
                                                 {"tif", {Sample::f32, 0x7fffffff, "tiffsave vips2tiff"}},
                                                 {"webp", {Sample::u8, 16383, "webpsave vips2webp"}},
                                                 {"avif", {Sample::u16, 16384, "heifsave"}},
                                                 {"heic", {Sample::u16, 16384, "heifsave"}},
                                                 {"jxl", {Sample::u16, 1 << 30, "jxlsave"}}};
  return all;
}

std::string short_name(const std::string& extension) {
  static const std::map<std::string, std::string> others{
      {"jpeg", "jpg"}, {"jpe", "jpg"}, {"tiff", "tif"}, {"heif", "heic"}};
  const auto other = others.find(extension);
  return other == others.end() ? extension : other->second;
}

constexpr std::size_t jpeg_segment = 65'000;  // one segment, without what marks it

class Saver {
 public:
  Saver(const std::string& path, const SaveOptions& options, const std::string& input_name)
      : path_(path), input_name_(input_name), format_(output_format(options, path)), options_(options) {}

  std::vector<std::string> save(VipsImage* picture) {
    change(picture, [](VipsImage* in, VipsImage** out) { return vips_copy(in, out, nullptr); });
    check_size();
    to_writable_samples();
    drop_alpha();
    set_metadata();
    if (format_ == "jxl" || format_ == "avif" || format_ == "heic") load_vips_modules();
    AtomicFile file(path_);
    FileTarget target(file.fd());
    if (encode(target.get()) || target.error() || met_damage(image_.get())) fail(target.error());
    finish(file.fd());
    file.commit();
    return std::move(warnings_);
  }

 private:
  template <class Operation>
  void change(VipsImage* in, const Operation& operation) {
    VipsImage* out = nullptr;
    if (operation(in, &out)) throw Error(Code::input, vips_error_text(), input_name_);
    image_ = Image(out, g_object_unref);
  }

  void check_size() const {
    const int most = formats().at(format_).longest_side;
    if (image_->Xsize > most || image_->Ysize > most)
      throw Error(Code::output,
                  fmt::format("found {} x {} pixels; {} holds at most {} a side; choose tif, png or jxl", image_->Xsize,
                              image_->Ysize, format_, most),
                  path_);
  }

  // The renderer makes the right samples; a picture saved as it was read may have others.
  void to_writable_samples() {
    const bool is_float = image_->BandFmt == VIPS_FORMAT_FLOAT, is_deep = image_->BandFmt == VIPS_FORMAT_USHORT;
    const Sample most = formats().at(format_).deepest;
    if (is_float && most != Sample::f32) {
      const double scale = most == Sample::u16 ? 65535.0 : 255.0;
      const auto format = most == Sample::u16 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR;
      change(image_.get(), [&](VipsImage* in, VipsImage** out) { return vips_linear1(in, out, scale, 0.5, nullptr); });
      change(image_.get(), [&](VipsImage* in, VipsImage** out) { return vips_cast(in, out, format, nullptr); });
    } else if (is_deep && most == Sample::u8) {
      change(image_.get(), [](VipsImage* in, VipsImage** out) {
        return vips_linear1(in, out, 255.0 / 65535.0, 0.5, "uchar", TRUE, nullptr);
      });
    }
    // Not scRGB for floats: vips would write them as linear light.
    image_->Type = image_->BandFmt == VIPS_FORMAT_USHORT ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
  }

  void drop_alpha() {
    if (format_ != "jpg" || image_->Bands != 4) return;
    warnings_.push_back("JPEG has no transparency: laid on white");
    change(image_.get(), [](VipsImage* in, VipsImage** out) {
      VipsArrayDouble* white = vips_array_double_newv(3, 255.0, 255.0, 255.0);
      const int failed = vips_flatten(in, out, "background", white, nullptr);
      vips_area_unref(VIPS_AREA(white));
      return failed;
    });
  }

  void set_metadata() {
    // These would make a single picture a page of several.
    for (const char* name : {VIPS_META_N_PAGES, VIPS_META_PAGE_HEIGHT, "delay", "loop"})
      vips_image_remove(image_.get(), name);
    if (options_.converts_to_srgb) {
      vips_image_remove(image_.get(), VIPS_META_ICC_NAME);
      if (vips_image_get_typeof(image_.get(), "exif-ifd2-ColorSpace"))
        vips_image_set_string(image_.get(), "exif-ifd2-ColorSpace", "1");
    }
    const std::string iim = iim_of(blob_of(image_.get(), VIPS_META_IPTC_NAME));
    set_iptc(iim);
    std::string xmp = blob_of(image_.get(), VIPS_META_XMP_NAME);
    if (!xmp.empty() && !is_xmp(xmp)) {
      warnings_.push_back("the XMP packet is damaged; dropped");
      xmp.clear();
    }
    // JPEG and TIFF have a block for IPTC; the others keep it in XMP.
    if (format_ != "jpg" && format_ != "tif") xmp = add_iptc(xmp, iim);
    const std::string recorded =
        options_.look_name.empty()
            ? xmp
            : record_look(xmp, {options_.look_name, options_.look_text, options_.key, version()});
    if (format_ != "jpg" || recorded.size() <= jpeg_segment) {
      xmp = recorded;
    } else {
      warnings_.push_back(xmp.size() <= jpeg_segment ? "the look is too long to be recorded in a JPEG"
                                                     : "the XMP packet is too long for a JPEG; dropped");
      if (xmp.size() > jpeg_segment) xmp.clear();
    }
    set_blob(image_.get(), VIPS_META_XMP_NAME, xmp);
  }

  // Photoshop's other resources go along in JPEG.
  void set_iptc(std::string iim) {
    const std::string block = blob_of(image_.get(), VIPS_META_IPTC_NAME);
    if (format_ == "jpg" && block.starts_with("Photoshop")) return;
    if (format_ == "jpg" && !iim.empty()) iim = photoshop_block(iim);
    if (format_ == "jpg" && iim.size() > jpeg_segment) {
      warnings_.push_back("the IPTC block is too long for a JPEG; dropped");
      iim.clear();
    }
    // TIFF: we write it ourselves, libtiff would cut it.
    if (format_ == "tif") iim_.swap(iim), iim.clear();
    set_blob(image_.get(), VIPS_META_IPTC_NAME, iim);
  }

  int encode(VipsTarget* target) const {
    VipsImage* image = image_.get();
    const SaveOptions& o = options_;
    if (format_ == "jpg") return vips_jpegsave_target(image, target, "Q", o.quality, nullptr);
    if (format_ == "png")
      return vips_pngsave_target(image, target, "compression", 6, "filter", VIPS_FOREIGN_PNG_FILTER_SUB, nullptr);
    if (format_ == "tif")
      return vips_tiffsave_target(
          image, target, "compression",
          o.compresses ? VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE : VIPS_FOREIGN_TIFF_COMPRESSION_NONE, "predictor",
          VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "bigtiff", VIPS_IMAGE_SIZEOF_IMAGE(image) > 4'000'000'000u, nullptr);
    if (format_ == "webp")
      return vips_webpsave_target(image, target, "Q", o.quality, "lossless", o.is_lossless, nullptr);
    if (format_ == "jxl")
      return vips_jxlsave_target(image, target, "Q", o.quality, "lossless", o.is_lossless, "effort", 5, nullptr);
    // Higher efforts take many times as long for a tenth of the size.
    const int bits = image->BandFmt == VIPS_FORMAT_USHORT ? 12 : 8;
    return vips_heifsave_target(
        image, target, "Q", o.quality, "lossless", o.is_lossless, "bitdepth", bits, "effort", 2, "compression",
        format_ == "avif" ? VIPS_FOREIGN_HEIF_COMPRESSION_AV1 : VIPS_FOREIGN_HEIF_COMPRESSION_HEVC, nullptr);
  }

  [[noreturn]] void fail(int error) const {
    const std::string reason = vips_error_text();
    if (error)
      throw Error(Code::output,
                  fmt::format("cannot be written: {}; an older file there is as it was", std::strerror(error)), path_);
    // What the encoder itself refuses is no fault of the input.
    const std::string part = reason.substr(0, reason.find_first_of(":_"));
    const bool is_saver =
        !part.empty() && std::string_view(formats().at(format_).savers).find(part) != std::string_view::npos;
    const bool is_ambiguous = format_ == "jpg" || format_ == "png";  // their readers sign alike
    if (is_saver && !met_damage(image_.get()) && (is_guarded(image_.get()) || !is_ambiguous))
      throw Error(Code::output, "cannot be encoded: " + reason, path_);
    throw Error(Code::input, "cannot be read to its end: " + reason, input_name_);
  }

  // What vips leaves out or writes twice.
  void finish(int fd) {
    const WithoutSizeSignal guard;
    bool is_done = true;
    errno = 0;
    if (format_ == "tif" || format_ == "jxl") {
      Exif exif = exif_of(image_.get());
      if (!iim_.empty()) exif.main.push_back({tiff_iptc, 7, iim_.size(), iim_});
      // A TIFF has it of its own. vips' 1 per mm stands for none.
      if (format_ == "jxl" && image_->Xres > 0 && image_->Yres > 0 && (image_->Xres != 1 || image_->Yres != 1))
        set_resolution(exif.main, {image_->Xres, image_->Yres});
      is_done = format_ == "tif" ? append_exif_to_tiff(fd, exif)
                                 : add_jxl_boxes(fd, {exif_block(exif), blob_of(image_.get(), VIPS_META_XMP_NAME)});
    } else if (format_ == "png") {
      is_done = remove_second_exif(fd);
    }
    if (is_done) return;
    if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT || errno == EIO) fail(errno);
    warnings_.push_back("EXIF could not be written");
  }

  // libpng writes EXIF before and after the pixels; readers complain of the second.
  static bool remove_second_exif(int fd) {
    const ByteSource file(fd);
    const off_t end = lseek(fd, 0, SEEK_END);
    auto number = [&](std::uint64_t at) {
      std::uint64_t n = 0;
      for (const char c : file.read(at, 4)) n = n << 8 | static_cast<unsigned char>(c);
      return n;
    };
    for (std::uint64_t at = 8; at < static_cast<std::uint64_t>(end); at += 12 + number(at)) {
      const std::string type = file.read(at + 4, 4);
      if (type == "IDAT" || type.size() < 4) break;
      if (type != "eXIf") continue;
      const std::uint64_t size = 12 + number(at), second = static_cast<std::uint64_t>(end) - 12 - size;
      if (second <= at || file.read(second, size) != file.read(at, size)) break;
      return write_at(fd, second, file.read(static_cast<std::uint64_t>(end) - 12, 12)) &&
             ftruncate(fd, static_cast<off_t>(second + 12)) == 0;
    }
    return true;
  }

  const std::string& path_;
  const std::string& input_name_;
  const std::string format_;
  const SaveOptions& options_;
  Image image_{nullptr, g_object_unref};
  std::string iim_;
  std::vector<std::string> warnings_;
};

}  // namespace

bool is_output_name(const std::string& path) { return formats().count(short_name(extension_of(path))) != 0; }

std::vector<std::string> output_formats() {
  std::vector<std::string> names;
  for (const auto& [name, format] : formats()) names.push_back(name);
  return names;
}

bool has_quality(const std::string& format) { return format != "png" && format != "tif"; }

std::string output_format(const SaveOptions& options, const std::string& path) {
  const std::string name = short_name(options.format.empty() ? extension_of(path) : lower_case(options.format));
  if (!formats().count(name))
    throw Error(Code::usage,
                fmt::format("found {}; expected jpg, png, tif, webp, avif, heic or jxl",
                            name.empty() ? "a name without a format" : "the format '" + name + "'"),
                path);
  return name;
}

std::string recorded_key(const std::string& key, const SaveOptions& o, bool dithers) {
  // The format shows in the output itself.
  const std::string text =
      fmt::format("{} {} {} {} {} {}", o.quality, o.bits, o.is_lossless, o.compresses, o.converts_to_srgb, dithers);
  return fmt::format("{}-{:016x}", key, fnv1a(text.data(), text.size()));
}

Sample output_sample(const SaveOptions& options, const std::string& path, Sample input) {
  const Sample most = formats().at(output_format(options, path)).deepest;
  const Sample wish = options.bits == 8    ? Sample::u8
                      : options.bits == 16 ? Sample::u16
                      : options.bits == 32 ? Sample::f32
                                           : input;
  return std::min(wish, most);
}

std::vector<std::string> save_picture(VipsImage* picture, const std::string& path, const SaveOptions& options,
                                      const std::string& input_name) {
  return Saver(path, options, input_name).save(picture);
}

}  // namespace sfumato
