// SPDX-License-Identifier: Apache-2.0
// Picture files made for tests, in a folder of their own.
#pragma once

#include <gmock/gmock.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "files/load_image.h"
#include "files/picture_file.h"
#include "files/vips.h"
#include "given.h"

namespace sfumato {

struct Tag {
  int tag, type;
  std::vector<std::uint32_t> values;  // rationals: two each
};

// A TIFF of one strip, written here byte by byte because vips writes few of the kinds that exist.
inline std::string tiff_of(std::vector<Tag> tags, const std::string& pixels, bool is_big_endian = false) {
  auto put = [&](std::string& to, std::uint32_t n, int size) {
    for (int i = 0; i < size; ++i) to += static_cast<char>(n >> 8 * (is_big_endian ? size - 1 - i : i));
  };
  tags.push_back({273, 4, {8}});
  tags.push_back({279, 4, {static_cast<std::uint32_t>(pixels.size())}});
  std::sort(tags.begin(), tags.end(), [](const Tag& a, const Tag& b) { return a.tag < b.tag; });
  std::string out(is_big_endian ? std::string("MM\0*", 4) : std::string("II*\0", 4)), values;
  put(out, static_cast<std::uint32_t>(8 + pixels.size()), 4);
  out += pixels;
  const auto values_at = static_cast<std::uint32_t>(out.size() + 6 + 12 * tags.size());
  put(out, static_cast<std::uint32_t>(tags.size()), 2);
  for (const Tag& t : tags) {
    const int unit = t.type == 3 ? 2 : t.type <= 2 || t.type == 7 ? 1 : 4;
    std::string data;
    for (const std::uint32_t v : t.values) put(data, v, unit);
    put(out, static_cast<std::uint32_t>(t.tag), 2);
    put(out, static_cast<std::uint32_t>(t.type), 2);
    put(out, static_cast<std::uint32_t>(t.type == 5 || t.type == 10 ? t.values.size() / 2 : t.values.size()), 4);
    if (data.size() <= 4) {
      out += data + std::string(4 - data.size(), '\0');
    } else {
      put(out, values_at + static_cast<std::uint32_t>(values.size()), 4);
      values += data + std::string(data.size() % 2, '\0');
    }
  }
  put(out, 0, 4);
  return out + values;
}

class PictureTest : public FolderTest {
 protected:
  PictureTest() { init_vips(); }

  static std::string bytes_of(const std::string& path) { return read_file(path, std::size_t{1} << 30); }

  // A smooth color ramp with some texture, 8-bit.
  static ImagePtr ramp(int width = 96, int height = 64) {
    std::string pixels;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (const int v : {x * 255 / width, y * 255 / height, 128 + (x * 7 + y * 13) % 32})
          pixels += static_cast<char>(v);
    VipsImage* image =
        vips_image_new_from_memory_copy(pixels.data(), pixels.size(), width, height, 3, VIPS_FORMAT_UCHAR);
    image->Type = VIPS_INTERPRETATION_sRGB;
    return own(image);
  }

  std::string save(const ImagePtr& image, const std::string& name, const SaveOptions& options = {}) const {
    save_picture(image.get(), at(name), options, "source");
    return at(name);
  }

  // Reads a file to its end, as rendering would.
  static std::vector<double> read_all(const std::string& path, const OpenOptions& options = {}) {
    return samples_of(open_picture(path, options), path);
  }
  static std::vector<double> samples_of(const OpenPicture& picture, const std::string& path) {
    std::size_t size = 0;
    VipsImage* wide = nullptr;
    if (vips_cast(picture.image.get(), &wide, VIPS_FORMAT_DOUBLE, nullptr))
      throw Error(Code::input, vips_error_text(), path);
    const ImagePtr owner = own(wide);
    const std::unique_ptr<void, void (*)(void*)> data(vips_image_write_to_memory(wide, &size), g_free);
    if (!data) throw Error(Code::input, vips_error_text(), path);
    check_read(wide, path);
    std::vector<double> samples(size / sizeof(double));
    std::memcpy(samples.data(), data.get(), size);
    return samples;
  }

  // The refusal's message; empty when the file was read. Only Error may be thrown.
  static std::string refusal(const std::string& path, Code code = Code::input, const OpenOptions& options = {}) {
    return sfumato::refusal(code, [&] { read_all(path, options); });
  }

  static bool has(const char* program) {
    return std::system((std::string("command -v ") + program + " >/dev/null 2>&1").c_str()) == 0;
  }
};

}  // namespace sfumato
