// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include <fmt/format.h>
#include <unistd.h>

#include "base/file.h"
#include "files/metadata.h"
#include "files/picture_file.h"
#include "files/vips.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// A vips target that remembers why writing failed, so that a full disk is told from a damaged input.
class Target {
 public:
  explicit Target(int fd) : fd_(fd), target_(vips_target_custom_new()) {
    g_signal_connect(target_, "write", G_CALLBACK(on_write), this);
    g_signal_connect(target_, "read", G_CALLBACK(on_read), this);
    g_signal_connect(target_, "seek", G_CALLBACK(on_seek), this);
    g_signal_connect(target_, "end", G_CALLBACK(on_end), this);
  }
  ~Target() { g_object_unref(target_); }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  VipsTarget* get() { return VIPS_TARGET(target_); }
  int error() const { return error_; }

 private:
  static gint64 on_write(VipsTargetCustom*, const void* data, gint64 size, Target* self) {
    const ssize_t n = ::write(self->fd_, data, static_cast<std::size_t>(size));
    if (n < 0 && self->error_ == 0) self->error_ = errno;
    return n;
  }
  static gint64 on_read(VipsTargetCustom*, void* data, gint64 size, Target* self) { return ::read(self->fd_, data, static_cast<std::size_t>(size)); }
  static gint64 on_seek(VipsTargetCustom*, gint64 offset, int whence, Target* self) { return ::lseek(self->fd_, offset, whence); }
  static int on_end(VipsTargetCustom*, Target*) { return 0; }

  int fd_;
  int error_ = 0;
  VipsTargetCustom* target_;
};

// Formats by name: the deepest samples they hold.
const std::map<std::string, Sample>& formats() {
  static const std::map<std::string, Sample> all{{"jpg", Sample::u8},   {"png", Sample::u16},  {"tif", Sample::f32}, {"webp", Sample::u8},
                                                 {"avif", Sample::u16}, {"heic", Sample::u16}, {"jxl", Sample::f32}};
  return all;
}

std::string blob_of(VipsImage* image, const char* name) {
  const void* data = nullptr;
  std::size_t size = 0;
  if (!vips_image_get_typeof(image, name) || vips_image_get_blob(image, name, &data, &size)) return {};
  return {static_cast<const char*>(data), size};
}

void set_metadata(VipsImage* image, const SaveOptions& options, const std::string& format) {
  std::string xmp = blob_of(image, VIPS_META_XMP_NAME);
  // JPEG and TIFF have a block for IPTC; the others keep it in XMP.
  if (format != "jpg" && format != "tif") xmp = add_iptc(xmp, blob_of(image, VIPS_META_IPTC_NAME));
  if (!options.look_name.empty()) xmp = record_look(xmp, {options.look_name, options.look_text, options.key});
  if (!xmp.empty()) vips_image_set_blob_copy(image, VIPS_META_XMP_NAME, xmp.data(), xmp.size());
  if (options.converts_to_srgb) vips_image_remove(image, VIPS_META_ICC_NAME);
}

int encode(VipsImage* image, VipsTarget* target, const std::string& format, const SaveOptions& o) {
  const bool is_deep = image->BandFmt == VIPS_FORMAT_USHORT;
  if (format == "jpg") return vips_jpegsave_target(image, target, "Q", o.quality, nullptr);
  if (format == "png") return vips_pngsave_target(image, target, "compression", 6, "filter", VIPS_FOREIGN_PNG_FILTER_SUB, nullptr);
  if (format == "tif")
    return vips_tiffsave_target(image, target, "compression", o.compresses ? VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE : VIPS_FOREIGN_TIFF_COMPRESSION_NONE,
                                "predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "bigtiff", VIPS_IMAGE_SIZEOF_IMAGE(image) > 4'000'000'000u, nullptr);
  if (format == "webp") return vips_webpsave_target(image, target, "Q", o.quality, "lossless", o.is_lossless, nullptr);
  if (format == "jxl") return vips_jxlsave_target(image, target, "Q", o.quality, "lossless", o.is_lossless, nullptr);
  return vips_heifsave_target(image, target, "Q", o.quality, "lossless", o.is_lossless, "bitdepth", is_deep ? 12 : 8, "effort", 4, "compression",
                              format == "avif" ? VIPS_FOREIGN_HEIF_COMPRESSION_AV1 : VIPS_FOREIGN_HEIF_COMPRESSION_HEVC, nullptr);
}

}  // namespace

std::string output_format(const SaveOptions& options, const std::string& path) {
  std::string name = options.format;
  if (name.empty()) {
    const auto dot = path.rfind('.'), slash = path.rfind('/');
    if (dot != std::string::npos && (slash == std::string::npos || dot > slash)) name = path.substr(dot + 1);
  }
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (name == "jpeg") name = "jpg";
  if (name == "tiff") name = "tif";
  if (name == "heif") name = "heic";
  if (!formats().count(name))
    throw Error(Code::usage, fmt::format("found the format '{}'; expected jpg, png, tif, webp, avif, heic or jxl", name), path);
  return name;
}

Sample output_sample(const SaveOptions& options, const std::string& path, Sample input) {
  const Sample most = formats().at(output_format(options, path));
  const Sample wish = options.bits == 8 ? Sample::u8 : options.bits == 16 ? Sample::u16 : options.bits == 32 ? Sample::f32 : input;
  return std::min(wish, most);
}

void save_picture(VipsImage* picture, const std::string& path, const SaveOptions& options, const std::string& input_name) {
  const std::string format = output_format(options, path);
  VipsImage* copied = nullptr;
  if (vips_copy(picture, &copied, nullptr)) throw Error(Code::input, vips_error_text(), input_name);
  const std::unique_ptr<VipsImage, void (*)(void*)> image(copied, g_object_unref);
  set_metadata(image.get(), options, format);

  AtomicFile file(path);
  Target target(file.fd());
  if (encode(image.get(), target.get(), format, options)) {
    const std::string reason = vips_error_text();
    if (target.error()) throw Error(Code::output, fmt::format("cannot be written: {}; an older file there is as it was", std::strerror(target.error())), path);
    throw Error(Code::input, "cannot be read to its end: " + reason, input_name);
  }
  if (target.error()) throw Error(Code::output, fmt::format("cannot be written: {}", std::strerror(target.error())), path);
  file.commit();
}

}  // namespace sfumato
