// SPDX-License-Identifier: Apache-2.0
#include "report/error_map.h"

#include <vips/vips.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "files/vips.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Image = std::shared_ptr<VipsImage>;

template <class Call>
Image made(const Call& call) {
  VipsImage* out = nullptr;
  if (call(&out)) throw Error(Code::bug, vips_error_text(), "report picture");
  return {out, g_object_unref};
}

// Does not copy the samples.
Image wrapped(const void* samples, std::size_t bytes, int width, int height, int bands, VipsBandFormat format) {
  init_vips();
  return made([&](VipsImage** out) {
    return (*out = vips_image_new_from_memory(samples, bytes, width, height, bands, format)) ? 0 : -1;
  });
}

Image reduced(const Image& in, int long_edge, VipsKernel kernel) {
  const double scale = std::min(1.0, static_cast<double>(long_edge) / std::max(in->Xsize, in->Ysize));
  return made([&](VipsImage** out) { return vips_resize(in.get(), out, scale, "kernel", kernel, nullptr); });
}

std::string data_uri(const Image& rgb) {
  void* bytes = nullptr;
  std::size_t size = 0;
  const Image tagged = made(
      [&](VipsImage** out) { return vips_copy(rgb.get(), out, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr); });
  if (vips_jpegsave_buffer(tagged.get(), &bytes, &size, "Q", 84, "strip", TRUE, "optimize_coding", TRUE, nullptr))
    throw Error(Code::bug, vips_error_text(), "report picture");
  const std::unique_ptr<char, void (*)(void*)> text(g_base64_encode(static_cast<const guchar*>(bytes), size), g_free);
  g_free(bytes);
  return std::string("data:image/jpeg;base64,") + text.get();
}

// The colors of matplotlib's "inferno" map (CC0), sampled evenly.
constexpr double stops[][3]{{0, 0, 4},     {31, 12, 72},   {85, 15, 109},  {136, 34, 106}, {186, 54, 85},
                            {227, 89, 51}, {249, 140, 10}, {249, 201, 50}, {252, 255, 164}};

}  // namespace

std::array<std::uint8_t, 3> error_color(double delta_e) {
  constexpr int last = std::size(stops) - 1;
  const double at =
      std::clamp(std::log2(1.0 + std::max(delta_e, 0.0)) / std::log2(1.0 + error_ticks.back()), 0.0, 1.0) * last;
  const int i = std::min(static_cast<int>(at), last - 1);
  std::array<std::uint8_t, 3> color{};
  for (int c = 0; c < 3; ++c)
    color[c] = static_cast<std::uint8_t>(std::lround(stops[i][c] + (at - i) * (stops[i + 1][c] - stops[i][c])));
  return color;
}

std::string jpeg_uri(const View& srgb, int long_edge) {
  std::vector<std::uint8_t> bytes(3 * static_cast<std::size_t>(srgb.width) * srgb.height);
  for (int y = 0; y < srgb.height; ++y) read_row_8bit(srgb, y, &bytes[3 * static_cast<std::size_t>(y) * srgb.width]);
  const Image image = wrapped(bytes.data(), bytes.size(), srgb.width, srgb.height, 3, VIPS_FORMAT_UCHAR);
  return data_uri(reduced(image, long_edge, VIPS_KERNEL_LANCZOS3));
}

std::string error_map_uri(const Plane& delta_e, int long_edge) {
  const Image image = wrapped(delta_e.values.data(), delta_e.values.size() * sizeof(float), delta_e.width,
                              delta_e.height, 1, VIPS_FORMAT_FLOAT);
  const Image small = reduced(image, long_edge, VIPS_KERNEL_LINEAR);
  std::size_t size = 0;
  const std::unique_ptr<float, void (*)(void*)> errors(
      static_cast<float*>(vips_image_write_to_memory(small.get(), &size)), g_free);
  if (!errors) throw Error(Code::bug, vips_error_text(), "report picture");
  std::vector<std::uint8_t> colors;
  for (std::size_t i = 0; i < size / sizeof(float); ++i)
    for (const std::uint8_t part : error_color(errors.get()[i])) colors.push_back(part);
  return data_uri(wrapped(colors.data(), colors.size(), small->Xsize, small->Ysize, 3, VIPS_FORMAT_UCHAR));
}

}  // namespace sfumato
