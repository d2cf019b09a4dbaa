// SPDX-License-Identifier: Apache-2.0
#include "transfer/detail.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "render/engine.h"
#include "sfumato/error.h"
#include "transfer/color_map.h"
#include "transfer/color_samples.h"
#include "transfer/settle.h"

namespace sfumato {
namespace {

using Color = Rgb<float>;

// Three planes filtered along the photo's edges, and what becomes of each pixel with them.
class FilteredPicture : public WholePicture {
 public:
  // What plane c = 0..2 holds before the filter, of an encoded pixel.
  using Fill = std::function<Color(const Color& photo, int x, int y)>;

  FilteredPicture(const PictureSource& s, const DetailOptions& o)
      : o_(o),
        width_(s.width),
        height_(s.height),
        in_(Plan(Look{}, s.in), s.width, s.height, false),
        out_(Plan(Look{}, nullptr, s.out), s.width, s.height, o.dither),
        planes_(s.width, s.height, 3) {}

  void prepare(const PictureSource& source, const Fill& fill) {
    const float sigma = std::max(1.0f, o_.reach * static_cast<float>(std::max(width_, height_)));
    const DomainTransform transform(
        width_, height_, {sigma, o_.edges, o_.iterations},
        [&](int y0, int y1, PlanarRows& guide) {
          thread_local FloatRows samples;
          guide.resize(width_, y1 - y0);
          source.fetch(y0, y1, [&](const View& rows) {
            const MutableView rgb = samples.resized(width_, y1 - y0, 3);
            in_.render_band(rows, y0, y1, rgb);
            for (int y = y0; y < y1; ++y) fill_row(floats(rgb, y - y0), y, y > y0 || y == 0, fill, guide.row(y - y0));
          });
        },
        o_.threads);
    transform.filter(o_.variant, planes_, o_.threads);
  }

  long long render_band(const View& rows, int y0, int y1, const MutableView& to) const override {
    thread_local FloatRows samples;
    const MutableView rgb = samples.resized(width_, y1 - y0, rows.bands);
    const long long bad = in_.render_band(rows, y0, y1, rgb);
    for (int y = y0; y < y1; ++y) {
      float* v = floats(rgb, y - y0);
      for (int x = 0; x < width_; ++x, v += rgb.bands) {
        const Color c = pixel({v[0], v[1], v[2]}, x, y);
        v[0] = c.r, v[1] = c.g, v[2] = c.b;
      }
    }
    out_.render_band(view_of(rgb), y0, y1, to);
    return bad;
  }

 protected:
  virtual Color pixel(const Color& photo, int x, int y) const = 0;
  Color at(int x, int y) const { return {planes_.row(0, y)[x], planes_.row(1, y)[x], planes_.row(2, y)[x]}; }

  const DetailOptions o_;
  const int width_, height_;

 private:
  // Bands overlap by a row, which belongs to the band that it begins or ends first.
  void fill_row(const float* v, int y, bool is_mine, const Fill& fill, const Strip& guide) {
    for (int x = 0; x < width_; ++x, v += 3) {
      for (int c = 0; c < 3; ++c) guide.channel[c][x] = v[c];
      if (!is_mine) continue;
      const Color f = fill({v[0], v[1], v[2]}, x, y);
      planes_.row(0, y)[x] = f.r, planes_.row(1, y)[x] = f.g, planes_.row(2, y)[x] = f.b;
    }
  }

  Engine in_, out_;
  FloatPlanes planes_;
};

class DetailedPicture : public FilteredPicture {
  using FilteredPicture::FilteredPicture;

  Color pixel(const Color& photo, int x, int y) const override {
    const Color smooth = at(x, y), fine = photo - smooth;
    Color out = photo + fine * std::min(o_.detail, 0.0f);
    if (o_.detail > 0.0f) {
      const float more = o_.detail * luma(fine);
      out = settled(photo, {photo.r + more, photo.g + more, photo.b + more}, usual_knee);
    }
    if (o_.lines > 0.0f) out = out * (1.0f - o_.lines * contour(x, y));
    return out;
  }

  // 0..1: how steep the smoothed picture is here, whose edges are a pixel or two wide at any size.
  float contour(int x, int y) const {
    const Color across = at(std::min(x + 1, width_ - 1), y) - at(std::max(x - 1, 0), y),
                down = at(x, std::min(y + 1, height_ - 1)) - at(x, std::max(y - 1, 0));
    float sum = 0.0f;
    for (const Color& d : {across, down}) sum += d.r * d.r + d.g * d.g + d.b * d.b;
    return smooth01(std::sqrt(sum) / 0.35f);
  }
};

class ColorizedPicture : public FilteredPicture {
  using FilteredPicture::FilteredPicture;

  Color pixel(const Color& photo, int x, int y) const override {
    constexpr float least = 1e-5f;  // share of strokes at which the photo's own chroma has half the say
    const Color strokes = at(x, y);
    const Color lab = oklab_of_srgb(photo);
    const float weight = std::max(strokes.b, 0.0f), own = least / (least + weight);
    const Color out{lab.r, mix(strokes.r / std::max(weight, 1e-12f), lab.g, own),
                    mix(strokes.g / std::max(weight, 1e-12f), lab.b, own)};
    return compress_gamut(srgb_encode(oklab_to_linear(out)));
  }
};

}  // namespace

std::shared_ptr<const WholePicture> detailed(const PictureSource& source, const DetailOptions& o) {
  auto picture = std::make_shared<DetailedPicture>(source, o);
  picture->prepare(source, [](const Color& photo, int, int) { return photo; });
  return picture;
}

std::shared_ptr<const WholePicture> colorized(const PictureSource& source, const Picture& strokes,
                                              const DetailOptions& o) {
  if (strokes.bands() != 4)
    throw Error(Code::input, "found strokes without alpha; expected a picture transparent but for them");
  if (strokes.width() != source.width || strokes.height() != source.height)
    throw Error(Code::input, fmt::format("found strokes of {} x {} pixels on a photo of {} x {}; expected one size",
                                         strokes.width(), strokes.height(), source.width, source.height));
  auto picture = std::make_shared<ColorizedPicture>(source, o);
  // Chroma of the strokes times their alpha, and the alpha [Gastal2011] section 6.
  picture->prepare(source, [&](const Color&, int x, int y) {
    const float alpha = alpha_of(strokes.view(), x, y);
    if (!(alpha > 0.0f)) return Color{0, 0, 0};
    const Color lab = oklab_of_srgb(color_of(strokes.view(), x, y));
    return Color{lab.g * alpha, lab.b * alpha, alpha};
  });
  return picture;
}

}  // namespace sfumato
