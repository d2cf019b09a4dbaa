// SPDX-License-Identifier: Apache-2.0
#include "contact_sheet.h"

#include <cmath>
#include <memory>

#include "files/picture_file.h"
#include "files/vips.h"
#include "render/plan.h"
#include "render/stream.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Image = std::shared_ptr<VipsImage>;

constexpr int cell_width = 480, gap = 12, label_height = 34;
constexpr double surround = 48.0;  // a dark neutral gray, against which color is judged

// Runs a vips call that fills `out`.
template <class Call>
Image made(const Call& call) {
  VipsImage* out = nullptr;
  if (call(&out)) throw Error(Code::input, vips_error_text(), "contact sheet");
  return {out, g_object_unref};
}

// White text on the surround; without a font the cell has no label.
Image label(const std::string& text, int width) {
  VipsImage* mask = nullptr;
  const Image blank = made([&](VipsImage** out) { return vips_black(out, width, label_height, "bands", 3, nullptr); });
  const Image ground =
      made([&](VipsImage** out) { return vips_linear1(blank.get(), out, 1.0, surround, "uchar", TRUE, nullptr); });
  constexpr int indent = 2;
  if (width <= indent) return ground;
  std::string escaped;
  for (const char c : text) escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
  if (vips_text(&mask, escaped.c_str(), "font", "sans 15", "dpi", 96, nullptr)) {
    vips_error_text();
    return ground;
  }
  const Image owned(mask, g_object_unref);
  const Image placed = made([&](VipsImage** out) {
    return vips_embed(mask, out, indent, (label_height - mask->Ysize) / 2, width, label_height, nullptr);
  });
  const Image white =
      made([&](VipsImage** out) { return vips_linear1(blank.get(), out, 1.0, 225.0, "uchar", TRUE, nullptr); });
  return made([&](VipsImage** out) {
    return vips_ifthenelse(placed.get(), white.get(), ground.get(), out, "blend", TRUE, nullptr);
  });
}

Image with_label(const Image& picture, const std::string& text) {
  const Image below = label(text, picture->Xsize);
  return made(
      [&](VipsImage** out) { return vips_join(picture.get(), below.get(), out, VIPS_DIRECTION_VERTICAL, nullptr); });
}

// The photo reduced to a cell, three bands of 8-bit sRGB.
Image reduced(const std::string& photo) {
  OpenPicture picture = open_picture(photo);
  allow_random_access(picture, photo);
  const double scale = static_cast<double>(cell_width) / std::max(picture.image->Xsize, picture.image->Ysize * 2 / 3);
  const Image small =
      made([&](VipsImage** out) { return vips_resize(picture.image.get(), out, std::min(scale, 1.0), nullptr); });
  const Image rgb = made([&](VipsImage** out) { return vips_extract_band(small.get(), out, 0, "n", 3, nullptr); });
  const Image kept = made([&](VipsImage** out) {
    *out = vips_image_copy_memory(rgb.get());
    return *out ? 0 : -1;
  });
  check_read(picture.image.get(), photo);
  return Image(stream(Plan(Look{}, picture.profile), kept.get(), Sample::u8, {}, std::make_shared<StreamReport>()),
               g_object_unref);
}

Image in_memory(const Image& image) {
  return made([&](VipsImage** out) {
    *out = vips_image_copy_memory(image.get());
    return *out ? 0 : -1;
  });
}

}  // namespace

void write_contact_sheet(const std::string& photo, std::span<const Look> looks, const std::string& output) {
  init_vips();
  const Image small = in_memory(reduced(photo));
  std::vector<Image> cells{with_label(small, "Original")};
  for (const Look& look : looks) {
    const Image styled(stream(Plan(look), small.get(), Sample::u8, {}, std::make_shared<StreamReport>()),
                       g_object_unref);
    cells.push_back(in_memory(with_label(styled, look.id)));
  }
  std::vector<VipsImage*> all;
  for (const Image& cell : cells) all.push_back(cell.get());
  const int across = std::max(1, static_cast<int>(std::lround(std::sqrt(static_cast<double>(cells.size()) *
                                                                        cells[0]->Ysize / cells[0]->Xsize * 1.5))));
  VipsArrayDouble* background = vips_array_double_newv(1, surround);
  const Image joined = made([&](VipsImage** out) {
    return vips_arrayjoin(all.data(), out, static_cast<int>(all.size()), "across", across, "shim", gap, "background",
                          background, nullptr);
  });
  const Image framed = made([&](VipsImage** out) {
    return vips_embed(joined.get(), out, gap, gap, joined->Xsize + 2 * gap, joined->Ysize + 2 * gap, "extend",
                      VIPS_EXTEND_BACKGROUND, "background", background, nullptr);
  });
  vips_area_unref(VIPS_AREA(background));
  SaveOptions save;
  save.converts_to_srgb = true;
  save_picture(framed.get(), output, save, photo);
}

}  // namespace sfumato
