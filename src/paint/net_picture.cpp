// SPDX-License-Identifier: Apache-2.0
#include "paint/net_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/random.h"
#include "base/text.h"
#include "base/threads.h"
#include "files/pth_file.h"
#include "net/builtin_nets.h"
#include "net/nets.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

// How far a pixel of the painting looks, at most: 54 pixels for Johnson's nets, 55 for MicroAST; tiles begin where the
// nets' strides do.
constexpr int margin = 64;
static_assert(margin % 4 == 0);

PaintNet read_micro_ast(const std::string& folder) {
  auto part = [&](const std::string& name) {
    for (const auto& e : fs::directory_iterator(folder))
      if (e.path().filename().string().starts_with(name)) return read_weights(e.path());
    throw Error(Code::look,
                fmt::format("found no file {}*; expected MicroAST's content_encoder, style_encoder, "
                            "modulator and decoder",
                            name),
                folder);
  };
  return {micro_ast(),
          from_micro_ast({part("content_encoder"), part("style_encoder"), part("modulator"), part("decoder")}), true};
}

// Our own files of a Johnson net without a spec: its options follow from the tensors.
PaintNet johnson_of(TensorFile file, const std::string& path) {
  JohnsonOptions o;
  const auto first = file.tensors.find("conv1.weight");
  if (first == file.tensors.end() || first->second.shape.size() != 4)
    throw Error(Code::look,
                "found neither a network's description nor tensors of a known network; expected safetensors with a "
                "spec, a Johnson net (conv1.weight ...), fast-style-transfer's Variable ... or a folder with MicroAST",
                path);
  o.width = static_cast<float>(first->second.shape[0]) / 32;
  o.last_norm = file.tensors.count("out.norm.weight") > 0;
  o.batch_norm = file.tensors.count("conv1.norm.running_mean") > 0;
  // Kernels of transposed convolutions are [inputs, outputs].
  const auto up = file.tensors.find("up1.weight");
  o.transposed = up != file.tensors.end() && up->second.shape.size() == 4 && up->second.shape[0] > up->second.shape[1];
  return {johnson(o), std::move(file), false};
}

int rounded_up(int n) { return (n + 3) / 4 * 4; }

// A photo's values as the net expects them.
struct Expected {
  ColorLimit limit;
  float grain;
  float operator()(float value, int channel, int x, int y) const {
    return with_grain(limit(value, channel), grain, x, y);
  }
};

// Columns x0.. of rows y0.. of planes, `size` of each; the picture goes on with its edge.
Tensor cut(const FloatPlanes& p, const Expected& expected, int x0, int y0, int width, int height) {
  Tensor t{{1, 3, height, width}, std::vector<float>(3 * static_cast<std::size_t>(width) * height)};
  float* to = t.values.data();
  for (int c = 0; c < 3; ++c)
    for (int y = y0; y < y0 + height; ++y) {
      const float* row = p.row(c, std::clamp(y, 0, p.height() - 1));
      for (int x = x0; x < x0 + width; ++x) *to++ = expected(row[std::clamp(x, 0, p.width() - 1)], c, x, y);
    }
  return t;
}

Tensor tensor_of(const Planes& p, const Expected& expected) {
  const int width = p[0].width, height = p[0].height;
  Tensor t{{1, 3, rounded_up(height), rounded_up(width)}, {}};
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < t.shape[2]; ++y) {
      const float* row = p[c].row(std::min(y, height - 1));
      for (int x = 0; x < t.shape[3]; ++x) t.values.push_back(expected(row[std::min(x, width - 1)], c, x, y));
    }
  return t;
}

Shape shape_of(const Tensor& t) { return {t.shape[0], t.shape[1], t.shape[2], t.shape[3]}; }

// The engine for the size of the tile before is kept: most tiles have one size.
class TileRunner {
 public:
  TileRunner(FrozenNet net, const NetEngineOptions& o) : net_(std::move(net)), o_(o) {}

  Tensor run(const Tensor& tile) {
    std::vector<Tensor> inputs;
    Shapes shapes;
    for (const NetInput& input : net_.spec.inputs) {
      const auto s = std::find_if(net_.statistics.begin(), net_.statistics.end(),
                                  [&](const auto& e) { return e.first == input.name; });
      inputs.push_back(s == net_.statistics.end() ? tile : s->second);
      shapes[input.name] = shape_of(inputs.back());
    }
    if (!engine_ || tile.shape != shape_) engine_.reset();
    if (!engine_) engine_ = std::make_unique<NetEngine>(net_.spec, net_.weights, shapes, o_);
    shape_ = tile.shape;
    return std::move(engine_->run(inputs)[0]);
  }

 private:
  FrozenNet net_;
  NetEngineOptions o_;
  std::unique_ptr<NetEngine> engine_;
  std::vector<std::int64_t> shape_;
};

// Where a picture that came out larger or smaller than it went in lies in the tensor: TensorFlow's unequal padding
// moves pictures of odd sides.
void place(const Tensor& t, int from_x, int from_y, int x0, int y0, int width, int height, FloatPlanes& to) {
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      std::copy_n(&t.values[static_cast<std::size_t>((c * t.shape[2] + from_y + y) * t.shape[3] + from_x)], width,
                  to.row(c, y0 + y) + x0);
}

FloatPlanes read_whole(const PictureSource& photo) {
  FloatPlanes planes(photo.width, photo.height, 3);
  read_rows(photo, [&](int y, const float* rgb) {
    for (int x = 0; x < photo.width; ++x)
      for (int c = 0; c < 3; ++c) planes.row(c, y)[x] = *rgb++;
  });
  return planes;
}

FloatPlanes float_planes(const Planes& from) {
  FloatPlanes to(from[0].width, from[0].height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < to.height(); ++y) std::copy_n(from[c].row(y), to.width(), to.row(c, y));
  return to;
}

FloatPlanes stretched(const FloatPlanes& from, int width, int height, int threads) {
  Planes planes(3, Plane(from.width(), from.height()));
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < from.height(); ++y) std::copy_n(from.row(c, y), from.width(), planes[c].row(y));
  FloatPlanes to(width, height, 3);
  parallel_for(height, threads, [&](int y) {
    float* const rgb[3]{to.row(0, y), to.row(1, y), to.row(2, y)};
    stretched_row(planes, width, height, y, rgb);
  });
  return to;
}

FloatPlanes in_tiles(TileRunner& runner, const FloatPlanes& photo, const Expected& expected, int side) {
  FloatPlanes painted(photo.width(), photo.height(), 3);
  const int tile = std::max(rounded_up(side), 4);
  for (int y0 = 0; y0 < photo.height(); y0 += tile)
    for (int x0 = 0; x0 < photo.width(); x0 += tile) {
      const int left = std::min(x0, margin), top = std::min(y0, margin);
      const int width = std::min(tile, photo.width() - x0), height = std::min(tile, photo.height() - y0);
      // At least as many pixels as reflection needs.
      const int reach_x = std::max(rounded_up(std::min(x0 + width + margin, photo.width())) - (x0 - left), 16),
                reach_y = std::max(rounded_up(std::min(y0 + height + margin, photo.height())) - (y0 - top), 16);
      place(runner.run(cut(photo, expected, x0 - left, y0 - top, reach_x, reach_y)), left, top, x0, y0, width, height,
            painted);
    }
  return painted;
}

}  // namespace

float with_grain(float value, float grain, int x, int y) {
  if (grain == 0) return value;
  const auto place = static_cast<std::uint64_t>(y) << 32 | static_cast<std::uint32_t>(x);
  return value + grain * static_cast<float>(2 * random_uniform(0, place) - 1);
}

ColorLimit::ColorLimit(const Planes& photo, float most) : most_(most) {
  for (std::size_t c = 0; c < photo.size(); ++c) {
    double sum = 0, squares = 0;
    for (const float v : photo[c].values) sum += v, squares += static_cast<double>(v) * v;
    const double count = static_cast<double>(photo[c].values.size()), mean = sum / count;
    mean_[c] = static_cast<float>(mean);
    deviation_[c] = static_cast<float>(std::sqrt(std::max(squares / count - mean * mean, 0.0)));
  }
}

// Straight on to where the bend begins, then ever slower toward the most.
float ColorLimit::operator()(float value, int channel) const {
  constexpr float bend = 0.5f;
  const float away = value - mean_[channel], unit = deviation_[channel];
  if (most_ == 0 || std::abs(away) <= (most_ - bend) * unit) return value;
  const float past = std::abs(away) / unit - (most_ - bend);
  return mean_[channel] + std::copysign((most_ - bend * std::exp(-past / bend)) * unit, away);
}

PaintNet PaintNet::read(const std::string& path) {
  if (fs::is_directory(path)) return read_micro_ast(path);
  TensorFile file = read_net_file(path);
  if (file.tensors.count("Variable") && file.tensors.count("Variable_47"))
    return {johnson(lengstrom_options()), from_lengstrom(file), false};
  if (const auto spec = file.metadata.find("spec"); spec != file.metadata.end()) {
    NetSpec net = net_from_json(spec->second, path);
    const bool takes_style = net.inputs.size() == 2;
    const auto kind = file.metadata.find("kind");
    const bool is_photographic = kind != file.metadata.end() && kind->second == "photographic";
    const auto number = [&](const char* name) {
      const auto text = file.metadata.find(name);
      return text == file.metadata.end() ? 0.0f : parse_float(text->second).value_or(0.0f);
    };
    const float grain = number("grain"), most_deviation = number("most_deviation");
    return {std::move(net), std::move(file), takes_style, is_photographic, grain, most_deviation};
  }
  return johnson_of(std::move(file), path);
}

NetPicture::NetPicture(const PictureSource& photo, const PictureSource* style, const PaintNet& net, const NetPaint& o)
    : PaintedPicture(photo, o.render) {
  if (net.takes_style != (style != nullptr))
    throw Error(Code::usage, net.takes_style ? "this network paints in any style; expected --style"
                                             : "this network has a style of its own; found --style");
  const NetEngineOptions engine{.threads = o.render.threads, .exact = o.exact};
  Tensor style_pixels;
  if (style) {
    const Size size = fitted(style->width, style->height, o.style_size, 16);
    const Planes pixels = read_resampled(*style, size.width, size.height);
    style_pixels = tensor_of(pixels, {ColorLimit(pixels, 0), 0});
  }
  const int longer = std::max(photo.width, photo.height);
  const bool is_enlarged = o.size > 0 && o.size < longer;
  const int painted_longer = is_enlarged ? o.size : longer;
  const Size small = fitted(photo.width, photo.height, std::min(o.thumbnail, painted_longer), 16);
  const Planes thumbnail = read_resampled(photo, small.width, small.height);
  const Expected expected{ColorLimit(thumbnail, net.most_deviation), net.grain};
  std::vector<Tensor> inputs{tensor_of(thumbnail, expected)};
  if (style) inputs.push_back(std::move(style_pixels));
  TileRunner runner(frozen(net, inputs, engine), engine);
  const bool keeps_detail = o.keeps_detail || net.is_photographic;
  const FloatPlanes whole = is_enlarged && !keeps_detail ? FloatPlanes() : read_whole(photo);
  if (is_enlarged) {
    const Size size = fitted(photo.width, photo.height, o.size, 16);
    const bool is_thumbnail = o.size <= o.thumbnail;  // which need not be read again
    const FloatPlanes seen = float_planes(is_thumbnail ? thumbnail : read_resampled(photo, size.width, size.height));
    painted_ = stretched(in_tiles(runner, seen, expected, o.tile), photo.width, photo.height, o.render.threads);
  } else {
    painted_ = in_tiles(runner, whole, expected, o.tile);
  }
  if (keeps_detail) take_detail(whole, o);
}

// I + RF_I(T - I): edges and texture are the photo's.
void NetPicture::take_detail(const FloatPlanes& photo, const NetPaint& o) {
  const Exchange change = exchanged(
      photo.width(), photo.height(), o.exchange,
      [&](int y0, int y1, PlanarRows& guide, PlanarRows& moved) {
        guide.resize(photo.width(), y1 - y0), moved.resize(photo.width(), y1 - y0);
        for (int y = y0; y < y1; ++y)
          for (int c = 0; c < 3; ++c) {
            const float *i = photo.row(c, y), *t = painted_.row(c, y);
            float *g = guide.row(y - y0).channel[c], *d = moved.row(y - y0).channel[c];
            // What a net makes of very bright and dark parts may lie far outside.
            for (int x = 0; x < photo.width(); ++x) g[x] = i[x], d[x] = std::clamp(t[x], 0.0f, 1.0f) - i[x];
          }
      },
      o.render.threads);
  parallel_for(photo.height(), o.render.threads, [&](int y) {
    for (int c = 0; c < 3; ++c) std::copy_n(photo.row(c, y), photo.width(), painted_.row(c, y));
    change.apply(0, y, {{painted_.row(0, y), painted_.row(1, y), painted_.row(2, y)}}, photo.width());
  });
}

void NetPicture::paint_row(int y, float* const rgb[3]) const {
  for (int c = 0; c < 3; ++c) std::copy_n(painted_.row(c, y), painted_.width(), rgb[c]);
}

}  // namespace sfumato
