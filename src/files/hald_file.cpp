// SPDX-License-Identifier: Apache-2.0
// HaldCLUT: a picture of level^3 x level^3 pixels holds a table of level^2 nodes per axis, red fastest.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/file.h"
#include "files/lut_file.h"
#include "files/picture_file.h"
#include "files/vips.h"
#include "sfumato/error.h"

namespace sfumato {

CubeTable read_hald(const std::string& path) {
  const OpenPicture picture = open_picture(path);
  VipsImage* image = picture.image.get();
  const int level = static_cast<int>(std::lround(std::cbrt(image->Xsize)));
  const int size = level * level;
  if (image->Xsize != image->Ysize || level * level * level != image->Xsize || size < 2 || size > CubeTable::most)
    throw Error(Code::look, fmt::format("found {} x {} pixels; expected a HaldCLUT: 8 x 8 to 1728 x 1728, the side a cube number", image->Xsize, image->Ysize), path);

  std::size_t bytes = 0;
  VipsImage* floats = nullptr;
  if (vips_cast(image, &floats, VIPS_FORMAT_FLOAT, nullptr)) throw Error(Code::look, vips_error_text(), path);
  const std::unique_ptr<VipsImage, void (*)(void*)> owned(floats, g_object_unref);
  const std::unique_ptr<float, void (*)(void*)> values(static_cast<float*>(vips_image_write_to_memory(floats, &bytes)), g_free);
  if (!values) throw Error(Code::look, "cannot be read to its end: " + vips_error_text(), path);

  const float scale = picture.sample() == Sample::u8 ? 1.0f / 255.0f : picture.sample() == Sample::u16 ? 1.0f / 65535.0f : 1.0f;
  CubeTable t;
  t.size = size;
  for (float& s : t.scale) s = static_cast<float>(size - 1);
  const std::size_t count = static_cast<std::size_t>(size) * size * size;
  t.nodes.reserve(count * 4);
  for (std::size_t i = 0; i < count; ++i) {
    const float* v = values.get() + i * floats->Bands;
    t.nodes.insert(t.nodes.end(), {v[0] * scale, v[1] * scale, v[2] * scale, 0.0f});
  }
  return t;
}

void write_hald(const CubeTable& t, const std::string& path) {
  const int level = static_cast<int>(std::lround(std::sqrt(t.size)));
  if (level * level != t.size)
    throw Error(Code::usage, fmt::format("found size {}; expected a square for a HaldCLUT: 16, 25, 36, 64 or 144", t.size), path);
  init_vips();
  std::vector<std::uint16_t> pixels;
  pixels.reserve(t.nodes.size() / 4 * 3);
  for (std::size_t i = 0; i < t.nodes.size(); ++i)
    if (i % 4 < 3) pixels.push_back(static_cast<std::uint16_t>(std::lround(std::clamp(t.nodes[i], 0.0f, 1.0f) * 65535.0f)));
  const int side = level * level * level;
  const std::unique_ptr<VipsImage, void (*)(void*)> image(
      vips_image_new_from_memory(pixels.data(), pixels.size() * 2, side, side, 3, VIPS_FORMAT_USHORT), g_object_unref);
  image->Type = VIPS_INTERPRETATION_RGB16;
  SaveOptions options;
  options.format = "png";
  save_picture(image.get(), path, options, path);
}

std::shared_ptr<const CubeTable> load_lut(const std::string& path) {
  constexpr std::size_t largest_text = 256u << 20;
  std::string start = read_file(path, std::size_t{1} << 31).substr(0, 4096);
  const bool is_text = start.find('\0') == std::string::npos && !start.starts_with("\x89PNG") && !start.starts_with("\xff\xd8") && !start.starts_with("II*") && !start.starts_with("MM");
  try {
    if (!is_text) return std::make_shared<CubeTable>(read_hald(path));
    const std::string text = read_file(path, largest_text);
    const bool is_3dl = path.ends_with(".3dl") || path.ends_with(".3DL");
    return std::make_shared<CubeTable>(is_3dl ? parse_3dl(text, path) : parse_cube(text, path));
  } catch (const Error& e) {
    // A table that cannot be read is a refused look, whatever kind of file it is in.
    if (e.code() != Code::input) throw;
    throw Error(Code::look, e.what());
  }
}

}  // namespace sfumato
