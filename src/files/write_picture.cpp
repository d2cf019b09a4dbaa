// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <vector>

#include "files/load_image.h"
#include "files/picture_file.h"
#include "files/vips.h"
#include "sfumato/error.h"

namespace sfumato {

void write_picture(const View& v, const std::string& path, const SaveOptions& options) {
  if (v.width < 1 || v.height < 1 || !v.data) throw Error(Code::usage, "found a picture without pixels", path);
  init_vips();
  const VipsBandFormat format = v.sample == Sample::u8    ? VIPS_FORMAT_UCHAR
                                : v.sample == Sample::u16 ? VIPS_FORMAT_USHORT
                                                          : VIPS_FORMAT_FLOAT;
  const std::size_t row = static_cast<std::size_t>(v.width) * static_cast<std::size_t>(v.pixel_bytes());
  const std::size_t size = row * static_cast<std::size_t>(v.height);
  std::vector<std::byte> packed;
  if (v.stride != static_cast<std::ptrdiff_t>(row)) {
    packed.resize(size);
    for (int y = 0; y < v.height; ++y) std::memcpy(&packed[row * static_cast<std::size_t>(y)], v.row(y), row);
  }
  const ImagePtr image = own(
      vips_image_new_from_memory(packed.empty() ? v.data : packed.data(), size, v.width, v.height, v.bands, format));
  image->Type = v.sample == Sample::u16 ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
  save_picture(image.get(), path, options, path);
}

}  // namespace sfumato
