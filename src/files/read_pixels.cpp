// SPDX-License-Identifier: Apache-2.0
#include "files/read_pixels.h"

#include <cstring>

#include "files/load_image.h"

namespace sfumato {

Picture read_pixels(const OpenPicture& opened, const std::string& path) {
  std::size_t bytes = 0;
  const std::unique_ptr<void, void (*)(void*)> samples(vips_image_write_to_memory(opened.image.get(), &bytes), g_free);
  if (!samples) throw_unreadable(path);
  check_read(opened.image.get(), path);
  Picture picture(opened.width(), opened.height(), opened.sample(), opened.bands());
  std::memcpy(picture.view().data, samples.get(), picture.bytes().size());
  return picture;
}

}  // namespace sfumato
