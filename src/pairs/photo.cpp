// SPDX-License-Identifier: Apache-2.0
#include "pairs/photo.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "files/load_image.h"
#include "files/metadata.h"
#include "files/picture_file.h"
#include "files/raw_file.h"
#include "files/vips_metadata.h"
#include "render/stream.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Rows come in order from the top; each output pixel is the mean of what it covers.
class AreaAverage {
 public:
  AreaAverage(int width, int height, PhotoSize out)
      : width_(width),
        height_(height),
        out_(out),
        picture_(out.width, out.height, Sample::f32),
        row_(3 * out.width),
        sum_(3 * out.width) {}

  void add_row(const float* in, int bands) {
    average_columns(in, bands);
    each_cell(y_, height_, out_.height, [&](int cell, double share, bool is_last) {
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += row_[i] * share;
      if (is_last) finish(cell);
    });
    ++y_;
  }

  Picture take() { return std::move(picture_); }

 private:
  // Calls use(cell, share of the cell, whether the cell ends here) for the cells that sample i of n falls into; in
  // whole numbers, so that no rounding opens a cell twice.
  template <class Use>
  static void each_cell(long i, long n, long cells, const Use& use) {
    const long from = i * cells, to = from + cells;
    for (long cell = from / n; cell * n < to; ++cell)
      use(static_cast<int>(cell),
          static_cast<double>(std::min(to, (cell + 1) * n) - std::max(from, cell * n)) / static_cast<double>(n),
          to >= (cell + 1) * n);
  }

  void average_columns(const float* in, int bands) {
    std::fill(row_.begin(), row_.end(), 0.0);
    for (int x = 0; x < width_; ++x)
      each_cell(x, width_, out_.width, [&](int cell, double share, bool) {
        for (int c = 0; c < 3; ++c) {
          const float v = in[x * bands + c];
          row_[3 * cell + c] += share * (std::isfinite(v) ? v : 0.0f);
        }
      });
  }

  void finish(int cell) {
    float* to = picture_.samples<float>() + 3l * cell * out_.width;
    for (std::size_t i = 0; i < sum_.size(); ++i) to[i] = static_cast<float>(sum_[i]);
    std::fill(sum_.begin(), sum_.end(), 0.0);
  }

  int width_, height_, y_ = 0;
  PhotoSize out_;
  Picture picture_;
  std::vector<double> row_, sum_;
};

int add_region(VipsRegion* region, VipsRect* area, void* average) {
  for (int y = 0; y < area->height; ++y)
    static_cast<AreaAverage*>(average)->add_row(
        reinterpret_cast<const float*>(VIPS_REGION_ADDR(region, 0, area->top + y)), region->im->Bands);
  return 0;
}

// Editors that keep their settings beside the pixels.
bool names_an_editor(const std::string& xmp) {
  if (read_look(xmp)) return true;
  for (const char* mark : {"crs:HasSettings=\"True\"", "crs:HasSettings>True", "photoshop:History",
                           "darktable:history_end", "photomechanic:Edited"})
    if (xmp.find(mark) != std::string::npos) return true;
  return false;
}

}  // namespace

PhotoInfo read_photo_info(const std::string& path) {
  const OpenPicture picture = open_picture(path);
  return {path,
          picture.width(),
          picture.height(),
          picture.sample(),
          is_raw_name(path),
          names_an_editor(blob_of(picture.image.get(), VIPS_META_XMP_NAME))};
}

PhotoSize reduced_size(const PhotoInfo& photo, int long_edge) {
  const double scale = std::min(1.0, static_cast<double>(long_edge) / photo.long_edge());
  auto side = [&](int n) { return std::max(1, static_cast<int>(std::lround(n * scale))); };
  return {side(photo.width), side(photo.height)};
}

Picture read_photo(const PhotoInfo& photo, PhotoSize size) {
  const OpenPicture picture = open_picture(photo.path);
  const ImagePtr encoded = own(
      stream(Plan(Look{}, picture.profile), picture.image.get(), Sample::f32, {}, std::make_shared<StreamReport>()));
  AreaAverage average(picture.width(), picture.height(), size);
  if (vips_sink_disc(encoded.get(), add_region, &average)) throw_unreadable(photo.path);
  check_read(picture.image.get(), photo.path);
  return average.take();
}

Picture reduced(const Picture& picture, PhotoSize size) {
  AreaAverage average(picture.width(), picture.height(), size);
  for (int y = 0; y < picture.height(); ++y) average.add_row(picture.samples<float>() + 3l * y * picture.width(), 3);
  return average.take();
}

}  // namespace sfumato
