// SPDX-License-Identifier: Apache-2.0
#include "pictures.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "files/picture_file.h"
#include "files/vips.h"
#include "render/analyze_file.h"
#include "render/stream.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

constexpr std::size_t reduced_bytes = 160u << 20, whole_bytes = 640u << 20;

std::size_t bytes_of_picture(const Picture& p) { return p.bytes().size(); }
std::size_t bytes_of_analysis(const Analysis& a) { return a.rgb.size() * sizeof(float); }

// As sRGB, three channels; without dither, which is for files that are looked at.
ImagePtr as_srgb(const OpenPicture& picture, const std::string& path, Sample sample) {
  RenderOptions options;
  options.dither = false;
  ImagePtr image = own(
      stream(Plan(Look{}, picture.profile), picture.image.get(), sample, options, std::make_shared<StreamReport>()));
  if (image->Bands > 3)
    change(image, path, [](VipsImage* in, VipsImage** out) { return vips_extract_band(in, out, 0, "n", 3, nullptr); });
  return image;
}

Picture in_memory(const ImagePtr& image, const std::string& path) {
  Picture picture(image->Xsize, image->Ysize, image->BandFmt == VIPS_FORMAT_UCHAR ? Sample::u8 : Sample::u16, 3);
  std::size_t bytes = 0;
  const std::unique_ptr<void, void (*)(void*)> samples(vips_image_write_to_memory(image.get(), &bytes), g_free);
  if (!samples) throw_unreadable(path);
  std::memcpy(picture.view().data, samples.get(), bytes);
  return picture;
}

Picture read_reduced(const StoredPhoto& photo, int longest) {
  const double scale = std::min(1.0, static_cast<double>(longest) / std::max(photo.width, photo.height));
  auto side = [&](int full) { return std::max(1, static_cast<int>(std::lround(full * scale))); };
  OpenOptions open;
  open.reduced_to = scale < 1 ? side(std::min(photo.width, photo.height)) : 0;
  const OpenPicture picture = open_picture(photo.path, open);
  ImagePtr image = as_srgb(picture, photo.name, Sample::u16);
  if (scale < 1)
    change(image, photo.name, [&](VipsImage* in, VipsImage** out) {
      return vips_resize(in, out, static_cast<double>(side(photo.width)) / in->Xsize, "vscale",
                         static_cast<double>(side(photo.height)) / in->Ysize, nullptr);
    });
  Picture pixels = in_memory(image, photo.name);
  check_read(picture.image.get(), photo.name);
  return pixels;
}

Picture read_whole(const StoredPhoto& photo) {
  const OpenPicture picture = open_picture(photo.path);
  const bool is_byte = !picture.profile && picture.sample() == Sample::u8;
  Picture pixels = in_memory(as_srgb(picture, photo.name, is_byte ? Sample::u8 : Sample::u16), photo.name);
  check_read(picture.image.get(), photo.name);
  return pixels;
}

ImagePtr image_of(const Picture& p) {
  const View v = p.view();
  const bool is_byte = v.sample == Sample::u8;
  ImagePtr image = own(vips_image_new_from_memory(v.data, p.bytes().size(), v.width, v.height, v.bands,
                                                  is_byte ? VIPS_FORMAT_UCHAR : VIPS_FORMAT_USHORT));
  image->Type = is_byte ? VIPS_INTERPRETATION_sRGB : VIPS_INTERPRETATION_RGB16;
  return image;
}

}  // namespace

Pictures::Pictures()
    : reduced_(reduced_bytes, bytes_of_picture),
      whole_(whole_bytes, bytes_of_picture),
      analyses_(64u << 20, bytes_of_analysis) {}

std::shared_ptr<const Picture> Pictures::reduced(const StoredPhoto& photo, int longest) {
  return reduced_.get(photo.id + " " + std::to_string(longest), [&] { return read_reduced(photo, longest); });
}

std::shared_ptr<const Analysis> Pictures::analysis(const StoredPhoto& photo) {
  return analyses_.get(photo.id, [&] { return analyze_file(photo.path); });
}

void Pictures::forget(const StoredPhoto& photo) {
  reduced_.forget(photo.id);
  whole_.forget(photo.id);
  analyses_.forget(photo.id);
}

ImagePtr Pictures::whole(const StoredPhoto& photo) {
  // Photos too large for memory are read anew, through a file of vips.
  if (static_cast<std::size_t>(photo.width) * photo.height * 6 > whole_bytes) {
    OpenPicture picture = open_picture(photo.path);
    allow_random_access(picture, photo.path);
    return as_srgb(picture, photo.name, Sample::u16);
  }
  const auto picture = whole_.get(photo.id, [&] { return read_whole(photo); });
  const ImagePtr image = image_of(*picture);
  return {image.get(), [image, picture](VipsImage*) {}};
}

Picture Pictures::crop(const StoredPhoto& photo, const Crop& wanted, const Look& look) {
  const int left = std::clamp(wanted.x, 0, photo.width), top = std::clamp(wanted.y, 0, photo.height);
  const int right = std::clamp(wanted.x + wanted.width, left, photo.width);
  const int bottom = std::clamp(wanted.y + wanted.height, top, photo.height);
  if (right == left || bottom == top)
    throw Error(Code::usage, "found a crop outside the picture", "x, y, width, height");
  const ImagePtr image = whole(photo);
  RenderOptions options;
  options.dither = false;
  ImagePtr part = own(stream(Plan(look), image.get(), Sample::u16, options, std::make_shared<StreamReport>()));
  change(part, photo.name, [&](VipsImage* in, VipsImage** out) {
    return vips_extract_area(in, out, left, top, right - left, bottom - top, nullptr);
  });
  return in_memory(part, photo.name);
}

Picture preview_of(const Picture& photo, const Look& look) {
  return rendered(Plan(look), photo.view(), Sample::u16, {.dither = false});
}

std::string rgba_bytes(const Picture& p) {
  static_assert(std::endian::native == std::endian::little);
  std::string bytes(static_cast<std::size_t>(p.width()) * p.height() * 8, '\xff');
  const auto* from = p.samples<std::uint16_t>();
  for (std::size_t i = 0; i < bytes.size(); i += 8, from += 3) std::memcpy(&bytes[i], from, 6);
  return bytes;
}

void write_picture(const Picture& p, const std::string& path) { save_picture(image_of(p).get(), path, {}, path); }

std::string jpeg_bytes(const Picture& p, int quality) {
  ImagePtr image = image_of(p);
  if (p.sample() != Sample::u8)
    change(image, "thumbnail",
           [](VipsImage* in, VipsImage** out) { return vips_cast_uchar(in, out, "shift", TRUE, nullptr); });
  void* data = nullptr;
  std::size_t size = 0;
  if (vips_jpegsave_buffer(image.get(), &data, &size, "Q", quality, "strip", TRUE, nullptr))
    throw Error(Code::bug, vips_error_text(), "thumbnail");
  std::string bytes(static_cast<const char*>(data), size);
  g_free(data);
  return bytes;
}

}  // namespace sfumato
