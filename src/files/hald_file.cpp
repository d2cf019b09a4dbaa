// SPDX-License-Identifier: Apache-2.0
// HaldCLUT: a picture of level^3 x level^3 pixels holds a table of level^2 nodes per axis, red fastest.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/file.h"
#include "files/lut_file.h"
#include "files/picture_file.h"
#include "files/vips.h"
#include "sfumato/error.h"

namespace sfumato {

namespace {

// A photo has the size of one, too. From node to node of an axis a table climbs once, or a few times.
void check_smooth(const CubeTable& t, const std::string& path) {
  constexpr double most = 4;  // times the whole range, from one end of an axis to the other
  const std::ptrdiff_t row = 4L * t.size, slab = row * t.size, end = slab * t.size;
  double climbed = 0;
  for (std::ptrdiff_t i = 0; i + slab + row < end; ++i)
    climbed += std::abs(t.nodes[i + slab] - t.nodes[i]) + std::abs(t.nodes[i + row] - t.nodes[i]);
  if (climbed / (2.0 * 3 / 4 * static_cast<double>(end - slab - row)) * (t.size - 1) > most)
    throw Error(Code::look,
                "found colors that jump from node to node; expected a HaldCLUT, not a photo; sfumato match --reference "
                "takes over a picture's colors",
                path);
}

}  // namespace

CubeTable read_hald(const std::string& path) {
  const OpenPicture picture = open_picture(path);
  VipsImage* image = picture.image.get();
  const int level = static_cast<int>(std::lround(std::cbrt(image->Xsize)));
  const int size = level * level;
  if (image->Xsize != image->Ysize || level * level * level != image->Xsize || size < 2 || size > CubeTable::most)
    throw Error(Code::look,
                fmt::format("found {} x {} pixels; expected a HaldCLUT: 8 x 8 to 1728 x 1728, the side a cube number",
                            image->Xsize, image->Ysize),
                path);

  std::size_t bytes = 0;
  VipsImage* floats = nullptr;
  if (vips_cast(image, &floats, VIPS_FORMAT_FLOAT, nullptr)) throw Error(Code::look, vips_error_text(), path);
  const std::unique_ptr<VipsImage, void (*)(void*)> owned(floats, g_object_unref);
  const std::unique_ptr<float, void (*)(void*)> values(static_cast<float*>(vips_image_write_to_memory(floats, &bytes)),
                                                       g_free);
  if (!values) throw Error(Code::look, "cannot be read to its end: " + vips_error_text(), path);
  check_read(image, path);

  const float scale = picture.sample() == Sample::u8    ? 1.0f / 255.0f
                      : picture.sample() == Sample::u16 ? 1.0f / 65535.0f
                                                        : 1.0f;
  CubeTable t;
  t.size = size;
  for (float& s : t.scale) s = static_cast<float>(size - 1);
  const std::size_t count = static_cast<std::size_t>(size) * size * size;
  t.nodes.reserve(count * 4);
  for (std::size_t i = 0; i < count; ++i) {
    const float* v = values.get() + i * floats->Bands;
    t.nodes.insert(t.nodes.end(), {v[0] * scale, v[1] * scale, v[2] * scale, 0.0f});
  }
  check_smooth(t, path);
  return t;
}

void write_hald(const CubeTable& t, const std::string& path) {
  const int level = static_cast<int>(std::lround(std::sqrt(t.size)));
  if (level * level != t.size)
    throw Error(Code::usage,
                fmt::format("found size {}; expected a square for a HaldCLUT: 16, 25, 36, 64 or 144", t.size), path);
  if (!spans_unit_cube(t))
    throw Error(
        Code::usage,
        "found a table with curves or a domain other than 0..1; expected none for a HaldCLUT; write .cube, or resample",
        path);
  init_vips();
  std::vector<std::uint16_t> pixels;
  pixels.reserve(t.nodes.size() / 4 * 3);
  for (std::size_t i = 0; i < t.nodes.size(); ++i)
    if (i % 4 < 3)
      pixels.push_back(static_cast<std::uint16_t>(std::lround(std::clamp(t.nodes[i], 0.0f, 1.0f) * 65535.0f)));
  const int side = level * level * level;
  const std::unique_ptr<VipsImage, void (*)(void*)> image(
      vips_image_new_from_memory(pixels.data(), pixels.size() * 2, side, side, 3, VIPS_FORMAT_USHORT), g_object_unref);
  image->Type = VIPS_INTERPRETATION_RGB16;
  SaveOptions options;
  options.format = "png";
  save_picture(image.get(), path, options, path);
}

}  // namespace sfumato
