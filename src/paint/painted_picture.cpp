// SPDX-License-Identifier: Apache-2.0
#include "paint/painted_picture.h"

#include <algorithm>
#include <cmath>

#include "color/lab.h"
#include "color/transfer.h"
#include "lane/scalar.h"
#include "render/engine.h"
#include "render/stream.h"
#include "transfer/color_map.h"

namespace sfumato {

struct PaintedPicture::Engines {
  int width;
  Engine plain, out;
};

PaintedPicture::PaintedPicture(const PictureSource& s, const PaintRender& o)
    : engines_(new Engines{s.width, Engine(Plan(Look{}, s.in), s.width, s.height, false),
                           Engine(Plan(Look{}, nullptr, s.out), s.width, s.height, o.dither)}),
      keeps_colors_(o.keeps_colors) {}

PaintedPicture::~PaintedPicture() = default;

namespace {

// The painting's lightness, the photo's hue and chroma as far as that lightness has it.
Rgb<float> recolored(const Rgb<float>& painted, const Rgb<float>& photo) {
  Rgb<float> lab = oklab_of_srgb(photo);
  lab.r = oklab_of_srgb(painted).r;
  return compress_gamut(srgb_encode(oklab_to_linear(lab)));
}

}  // namespace

long long PaintedPicture::render_band(const View& rows, int y0, int y1, const MutableView& to) const {
  thread_local FloatRows before_rows;
  thread_local std::vector<float> painted;
  const int width = engines_->width;
  painted.resize(3 * static_cast<std::size_t>(width));
  float* const rgb[3]{painted.data(), painted.data() + width, painted.data() + 2 * static_cast<std::size_t>(width)};
  const MutableView before = before_rows.resized(width, y1 - y0, rows.bands);
  const long long bad = engines_->plain.render_band(rows, y0, y1, before);
  for (int y = y0; y < y1; ++y) {
    paint_row(y, rgb);
    float* v = floats(before, y - y0);
    for (int x = 0; x < width; ++x, v += before.bands) {
      auto unit = [](float s) { return clamp(s, 0.0f, 1.0f); };
      Rgb<float> c{unit(rgb[0][x]), unit(rgb[1][x]), unit(rgb[2][x])};
      if (keeps_colors_) c = recolored(c, {v[0], v[1], v[2]});
      v[0] = c.r, v[1] = c.g, v[2] = c.b;
    }
  }
  engines_->out.render_band(view_of(before), y0, y1, to);
  return bad;
}

void read_rows(const PictureSource& source, const std::function<void(int y, const float* rgb)>& use) {
  constexpr int band = 64;
  const Engine plain(Plan(Look{}, source.in), source.width, source.height, false);
  FloatRows rows;
  std::vector<float> rgb(3 * static_cast<std::size_t>(source.width));
  for (int y0 = 0; y0 < source.height; y0 += band) {
    const int y1 = std::min(y0 + band, source.height);
    source.fetch(y0, y1, [&](const View& in) {
      const MutableView read = rows.resized(source.width, y1 - y0, in.bands);
      plain.render_band(in, y0, y1, read);
      for (int y = y0; y < y1; ++y) {
        const float* v = floats(read, y - y0);
        for (int x = 0; x < source.width; ++x, v += in.bands)
          for (int c = 0; c < 3; ++c)
            rgb[3 * static_cast<std::size_t>(x) + c] = std::isfinite(v[c]) ? clamp(v[c], 0.0f, 1.0f) : 0.0f;
        use(y, rgb.data());
      }
    });
  }
}

Planes read_resampled(const PictureSource& source, int to_width, int to_height) {
  Resampler to(source.width, source.height, 3, to_width, to_height);
  read_rows(source, [&](int y, const float* rgb) { to.add(y, rgb); });
  return to.take();
}

PictureFile::PictureFile(const std::string& path, const OpenOptions& open) : picture_(open_picture(path, open)) {
  allow_random_access(picture_, path);
}

PictureSource PictureFile::source() const {
  VipsImage* in = picture_.image.get();
  return {picture_.width(), picture_.height(), picture_.profile, nullptr,
          [in](int y0, int y1, const PictureSource::Use& use) { fetch_rows(in, y0, y1, use); }};
}

Size fitted(int width, int height, int longer, int least) {
  const double scale = static_cast<double>(longer) / std::max(width, height);
  auto side = [&](int n) { return std::max({1, least, static_cast<int>(std::lround(n * scale))}); };
  return {side(width), side(height)};
}

}  // namespace sfumato
