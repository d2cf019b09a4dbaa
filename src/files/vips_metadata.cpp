// SPDX-License-Identifier: Apache-2.0
#include "files/vips_metadata.h"

#include <memory>
#include <string_view>
#include <vector>

namespace sfumato {
namespace {

using Image = std::unique_ptr<VipsImage, void (*)(void*)>;
constexpr std::string_view exif_mark("Exif\0\0", 6);

bool is_exif_name(std::string_view name) { return name.starts_with("exif-"); }

void copy_exif(VipsImage* from, VipsImage* to) {
  vips_image_map(
      from,
      [](VipsImage*, const char* name, GValue* value, void* target) -> void* {
        if (is_exif_name(name)) vips_image_set(static_cast<VipsImage*>(target), name, value);
        return nullptr;
      },
      to);
}

std::vector<std::string> names_with(VipsImage* image, std::string_view prefix) {
  std::pair<std::string_view, std::vector<std::string>> search{prefix, {}};
  vips_image_map(
      image,
      [](VipsImage*, const char* name, GValue*, void* to) -> void* {
        auto& [start, found] = *static_cast<std::pair<std::string_view, std::vector<std::string>>*>(to);
        if (std::string_view(name).starts_with(start)) found.push_back(name);
        return nullptr;
      },
      &search);
  return search.second;
}

// One black pixel as JPEG: what vips knows of EXIF it tells through its JPEG reader and writer only.
std::string tiny_jpeg(VipsImage* metadata) {
  VipsImage* black = nullptr;
  if (vips_black(&black, 1, 1, "bands", 3, nullptr)) return {};
  const Image image(black, g_object_unref);
  if (metadata) {
    copy_exif(metadata, black);
    black->Xres = metadata->Xres;
    black->Yres = metadata->Yres;
  }
  void* bytes = nullptr;
  std::size_t size = 0;
  if (vips_jpegsave_buffer(black, &bytes, &size, "strip", metadata == nullptr, nullptr)) return {};
  std::string jpeg(static_cast<char*>(bytes), size);
  g_free(bytes);
  return jpeg;
}

// The EXIF segment of a JPEG that vips wrote.
std::string_view find_exif(std::string_view jpeg) {
  for (std::size_t at = 2; at + 4 <= jpeg.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(jpeg[at + i]); };
    if (byte(0) != 0xff || byte(1) == 0xda) break;
    const std::size_t size = byte(2) * 256u + byte(3);
    const std::string_view data = jpeg.substr(at + 4, size - 2);
    if (byte(1) == 0xe1 && data.starts_with(exif_mark)) return data;
    at += 2 + size;
  }
  return {};
}

}  // namespace

std::string blob_of(VipsImage* image, const char* name) {
  const void* data = nullptr;
  std::size_t size = 0;
  if (!vips_image_get_typeof(image, name) || vips_image_get_blob(image, name, &data, &size)) return {};
  return {static_cast<const char*>(data), size};
}

void set_blob(VipsImage* image, const char* name, const std::string& block) {
  vips_image_remove(image, name);
  if (!block.empty()) vips_image_set_blob_copy(image, name, block.data(), block.size());
}

Exif exif_of(VipsImage* image) {
  const std::string jpeg = tiny_jpeg(image);
  Exif exif = read_exif(ByteSource(find_exif(jpeg)));
  set_field(exif.photo, 0xa002, 4, static_cast<std::uint64_t>(image->Xsize));
  set_field(exif.photo, 0xa003, 4, static_cast<std::uint64_t>(image->Ysize));
  return exif;
}

void set_exif(VipsImage* image, const Exif& exif) {
  const std::string block = exif_block(exif);
  std::string jpeg = tiny_jpeg(nullptr);
  if (exif.empty() || block.empty() || jpeg.size() < 2) return;
  const std::size_t size = 2 + exif_mark.size() + block.size();
  const char head[4]{'\xff', '\xe1', static_cast<char>(size >> 8), static_cast<char>(size)};
  jpeg.insert(2, std::string(head, 4) + std::string(exif_mark) + block);
  VipsImage* read = nullptr;
  // The buffer must outlive the reading of the header only: no pixel is read.
  if (!vips_jpegload_buffer(jpeg.data(), jpeg.size(), &read, nullptr)) {
    const Image owner(read, g_object_unref);
    copy_exif(read, image);
  }
  vips_error_clear();
}

void take_heif_xmp(VipsImage* image) {
  for (const std::string& name : names_with(image, "heif-mime")) {
    const std::string block = blob_of(image, name.c_str());
    if (block.find("<rdf:RDF") != std::string::npos) set_blob(image, VIPS_META_XMP_NAME, block);
    vips_image_remove(image, name.c_str());
  }
}

void remove_thumbnail(VipsImage* image) {
  vips_image_remove(image, "jpeg-thumbnail-data");
  for (const std::string& name : names_with(image, "exif-ifd1-")) vips_image_remove(image, name.c_str());
}

}  // namespace sfumato
