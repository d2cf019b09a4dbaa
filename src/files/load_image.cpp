// SPDX-License-Identifier: Apache-2.0
#include "files/load_image.h"

#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "files/byte_source.h"
#include "files/vips.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr std::string_view exr_magic("\x76\x2f\x31\x01", 4);

// Loaders of what is no photo, or runs much code on hostile bytes.
void block_loaders() {
  static std::once_flag once;
  std::call_once(once, [] {
    for (const char* name :
         {"Svg", "Pdf", "Openslide", "Vips", "Fits", "Mat", "Nifti", "Matrix", "Csv", "Analyze", "Raw", "Magick"})
      vips_operation_block_set((std::string("VipsForeignLoad") + name).c_str(), TRUE);
  });
}

std::string format_of(const char* nickname) {
  const std::string loader = lower_case(nickname);
  for (const char* known : {"jpeg", "png", "tiff", "webp", "heif", "jxl", "ppm", "jp2k", "rad"})
    if (loader.find(std::string("load") + known) != std::string::npos) return known;
  return loader.find("gif") != std::string::npos ? "gif" : "";
}

// libjpeg and libpng call damage a warning; libtiff warns of every private tag.
VipsFailOn fail_on(const std::string& format, bool accepts_damage) {
  if (accepts_damage) return VIPS_FAIL_ON_NONE;
  return format == "jpeg" || format == "png" ? VIPS_FAIL_ON_WARNING : VIPS_FAIL_ON_ERROR;
}

// The channels an OpenEXR header names; none in a damaged one.
std::vector<std::string> exr_channels(int fd) {
  std::vector<std::string> names;
  const std::string head = ByteSource(fd).read(0, 65536);
  const auto list = head.find(std::string_view("channels\0chlist\0", 16));
  for (auto at = list + 20; list != std::string::npos && at < head.size() && head[at];) {
    names.emplace_back(head.c_str() + at);
    at += names.back().size() + 1 + 16;
  }
  return names;
}

// OpenEXR takes a name only; this one cannot be misread and stays the same file.
ImagePtr load_exr(const std::string& path, int fd, VipsFailOn fail) {
  const auto channels = exr_channels(fd);
  if (channels.empty()) throw_unreadable(path);
  const int kept = dup(fd);  // as long as the image
  const std::string name = "/proc/self/fd/" + std::to_string(kept);
  VipsImage* out = nullptr;
  if (vips_openexrload(name.c_str(), &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail, nullptr)) {
    close(kept);
    throw_unreadable(path);
  }
  ImagePtr image = own(out);
  g_object_set_data_full(G_OBJECT(out), "sfumato-fd", GINT_TO_POINTER(kept),
                         [](void* f) { close(GPOINTER_TO_INT(f)); });
  if (std::find(channels.begin(), channels.end(), "A") == channels.end()) {
    change(image, path, [](VipsImage* in, VipsImage** to) { return vips_extract_band(in, to, 0, "n", 3, nullptr); });
    return image;
  }
  // vips counts alpha to 255; OpenEXR's colors come multiplied by it.
  change(image, path,
         [](VipsImage* in, VipsImage** to) { return vips_unpremultiply(in, to, "max_alpha", 255.0, nullptr); });
  change(image, path, [](VipsImage* in, VipsImage** to) {
    const double scale[4]{1, 1, 1, 1 / 255.0}, offset[4]{};
    return vips_linear(in, to, scale, offset, 4, nullptr);
  });
  return image;
}

}  // namespace

ImagePtr own(VipsImage* image) { return {image, g_object_unref}; }

void throw_unreadable(const std::string& path) {
  const std::string reason = vips_error_text();
  throw Error(
      Code::input,
      "cannot be read: " + (reason.find_first_not_of(" ;") == std::string::npos ? "its header is damaged" : reason),
      path);
}

LoadedImage load_image(const std::string& path, bool accepts_damage, int shrink) {
  block_loaders();
  const int fd = open_regular_file(path);
  const std::unique_ptr<const int, void (*)(const int*)> closer(&fd, [](const int* f) { close(*f); });
  if (ByteSource(fd).read(0, exr_magic.size()) == exr_magic)
    return {load_exr(path, fd, fail_on("exr", accepts_damage)), "exr"};
  const std::unique_ptr<VipsSource, void (*)(void*)> source(vips_source_new_from_descriptor(fd), g_object_unref);
  const char* loader = source ? vips_foreign_find_load_source(source.get()) : nullptr;
  if (source && !loader) {
    load_vips_modules();
    loader = vips_foreign_find_load_source(source.get());
  }
  const std::string format = loader ? format_of(loader) : "";
  vips_error_text();
  if (format.empty())
    throw Error(
        Code::input,
        "found no picture format that is known, or a file that ends within its header; expected JPEG, PNG, TIFF, WebP, "
        "HEIC, AVIF, JPEG XL, JPEG 2000, GIF, PPM, EXR, Radiance HDR or RAW",
        path);
  VipsImage* out = nullptr;
  if (shrink > 1) {
    vips_jpegload_source(source.get(), &out, "shrink", shrink, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                         fail_on(format, accepts_damage), nullptr);
  } else {
    out = vips_image_new_from_source(source.get(), "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                     fail_on(format, accepts_damage), nullptr);
  }
  if (!out) throw_unreadable(path);
  ImagePtr image = own(out);
  if (format == "rad")
    change(image, path, [](VipsImage* in, VipsImage** to) { return vips_rad2float(in, to, nullptr); });
  return {std::move(image), format};
}

}  // namespace sfumato
