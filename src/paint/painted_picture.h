// SPDX-License-Identifier: Apache-2.0
// What paintings of any method share: reading the photo, writing the picture.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "files/picture_file.h"
#include "paint/planes.h"
#include "transfer/whole_picture.h"

namespace sfumato {

struct PaintRender {
  bool keeps_colors = false;  // the painting's lightness with the photo's color
  bool dither = true;
  int threads = 0;
};

class PaintedPicture : public WholePicture {
 public:
  PaintedPicture(const PictureSource&, const PaintRender&);
  ~PaintedPicture() override;

  long long render_band(const View& rows, int y0, int y1, const MutableView& to) const final;

 protected:
  // Row y of the painting, encoded sRGB; from several threads.
  virtual void paint_row(int y, float* const rgb[3]) const = 0;

 private:
  struct Engines;
  std::unique_ptr<const Engines> engines_;
  bool keeps_colors_;
};

// The photo as encoded sRGB, row by row: red, green, blue of each pixel. Values that are not finite are black.
void read_rows(const PictureSource&, const std::function<void(int y, const float* rgb)>&);
// The photo as encoded sRGB of to_width x to_height.
Planes read_resampled(const PictureSource&, int to_width, int to_height);

// A picture file as such a source. Throws Code::input.
class PictureFile {
 public:
  explicit PictureFile(const std::string& path, const OpenOptions& = {});
  PictureSource source() const;

 private:
  OpenPicture picture_;
};

// The size of a picture of width x height whose longer side is `longer`, the shorter one at least `least`.
struct Size {
  int width, height;
};
Size fitted(int width, int height, int longer, int least = 1);

}  // namespace sfumato
