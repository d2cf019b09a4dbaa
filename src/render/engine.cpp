// SPDX-License-Identifier: Apache-2.0
#include "render/engine.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "filters/scale_space.h"
#include "render/kernels.h"

namespace sfumato {

// One per thread and stage, so that bands reuse their memory.
struct Engine::Scratch {
  PlanarRows sharp, source, soft;
  static Scratch& of(int stage) {
    thread_local std::vector<std::unique_ptr<Scratch>> all;
    while (static_cast<int>(all.size()) <= stage) all.push_back(std::make_unique<Scratch>());
    return *all[stage];
  }
};

namespace {

// The strip that point plans work in.
Strip thread_strip() {
  thread_local AlignedFloats floats(3 * strip_pixels);
  return {{floats.data(), floats.data() + strip_pixels, floats.data() + 2 * strip_pixels}};
}

// Room for what weights need: rows of them, and two strips.
struct WeightRoom {
  AlignedFloats rows, floats{6 * strip_pixels};
  Strip strip(int i) {
    float* f = floats.data() + 3 * i * strip_pixels;
    return {{f, f + strip_pixels, f + 2 * strip_pixels}};
  }
  float* row(int i) { return rows.data() + i * strip_pixels; }
  static WeightRoom& of_thread() {
    thread_local WeightRoom room;
    return room;
  }
};

void copy_strip(const Strip& from, const Strip& to, int n) {
  for (int c = 0; c < 3; ++c) std::memcpy(to.channel[c], from.channel[c], sizeof(float) * padded(n));
}

template <class T>
void copy_alpha(const std::byte* in, int in_bands, int n, float scale, const MutableView& format, std::byte* out) {
  const T* from = reinterpret_cast<const T*>(in) + 3;
  for (int i = 0; i < n; ++i, from += in_bands) {
    const float v = static_cast<float>(*from) * scale;
    const float unit = std::clamp(v == v ? v : 0.0f, 0.0f, 1.0f);
    std::byte* to = out + (static_cast<std::ptrdiff_t>(i) * format.bands + 3) * bytes_of(format.sample);
    if (format.sample == Sample::u8)
      *reinterpret_cast<std::uint8_t*>(to) = static_cast<std::uint8_t>(unit * 255.0f + 0.5f);
    if (format.sample == Sample::u16)
      *reinterpret_cast<std::uint16_t*>(to) = static_cast<std::uint16_t>(unit * 65535.0f + 0.5f);
    if (format.sample == Sample::f32) *reinterpret_cast<float*>(to) = v;
  }
}

void pass_alpha(const std::byte* in, const View& format_in, int n, const MutableView& format_out, std::byte* out) {
  if (format_in.bands < 4 || format_out.bands < 4) return;
  if (format_in.sample == Sample::u8) copy_alpha<std::uint8_t>(in, format_in.bands, n, 1.0f / 255.0f, format_out, out);
  if (format_in.sample == Sample::u16)
    copy_alpha<std::uint16_t>(in, format_in.bands, n, 1.0f / 65535.0f, format_out, out);
  if (format_in.sample == Sample::f32) copy_alpha<float>(in, format_in.bands, n, 1.0f, format_out, out);
}

long long count_not_finite(const View& rows) {
  if (rows.sample != Sample::f32) return 0;
  long long bad = 0;
  for (int y = 0; y < rows.height; ++y) {
    const float* v = reinterpret_cast<const float*>(rows.row(y));
    for (int i = 0; i < rows.width * rows.bands; ++i) bad += i % rows.bands < 3 && !std::isfinite(v[i]);
  }
  return bad;
}

}  // namespace

Engine::Engine(Plan plan, int width, int height, bool dither, Isa isa)
    : plan_(std::move(plan)),
      width_(width),
      height_(height),
      dither_(dither),
      kernels_(sfumato::kernels<Kernels>(isa)) {
  const float half_diagonal = 0.5f * std::hypot(static_cast<float>(width), static_cast<float>(height));
  for (const CanvasStep& c : plan_.steps().canvases)
    spaces_.push_back(
        std::make_unique<ScaleSpace>(width, height, c.sigma_low * half_diagonal, c.sigma_high * half_diagonal, isa));
}

Engine::~Engine() = default;

int Engine::halo_of(int stage) const {
  int rows = 0;
  for (int i = 0; i < stage; ++i) rows += spaces_[i]->halo();
  return rows;
}

int Engine::halo() const { return halo_of(static_cast<int>(spaces_.size())); }

void Engine::run_mapped(const PointStep& step, const Strip& s, int n, const Place& place) const {
  thread_local std::vector<const float*> rows;
  rows.clear();
  for (const int row : step.offsets) rows.push_back(WeightRoom::of_thread().row(row));
  kernels_.ops[step.op].mapped(s, n, place, step.coeffs.data(), rows.data());
}

void Engine::run_points(const std::vector<PointStep>& steps, const Strip& s, int n, const Place& place) const {
  for (const PointStep& step : steps) {
    switch (step.kind) {
      case PointStep::Kind::apply: {
        const Strip before = WeightRoom::of_thread().strip(0);
        if (step.weight >= 0) copy_strip(s, before, n);
        if (step.offsets.empty())
          kernels_.ops[step.op].point(s, n, place, step.coeffs.data(), step.table.get());
        else
          run_mapped(step, s, n, place);
        if (step.weight >= 0) kernels_.blend(s, before, WeightRoom::of_thread().row(step.weight), n);
        break;
      }
      case PointStep::Kind::convert:
        kernels_.convert(step.from, step.to, s, n);
        break;
      case PointStep::Kind::decode_profile:
        kernels_.decode_profile(*plan_.steps().in, s, n);
        break;
      case PointStep::Kind::encode_profile:
        kernels_.encode_profile(*plan_.steps().out, s, n);
        break;
    }
  }
}

void Engine::weigh(const Strip& input, int n, const Place& place) const {
  const Plan::Steps& steps = plan_.steps();
  if (steps.weights.empty()) return;
  WeightRoom& room = WeightRoom::of_thread();
  room.rows.resize(static_cast<std::size_t>(steps.weight_rows) * strip_pixels);
  Strip encoded = input;
  if (steps.in) {
    encoded = room.strip(1);
    copy_strip(input, encoded, n);
    kernels_.decode_profile(*steps.in, encoded, n);
    kernels_.convert(Space::linear, Space::encoded, encoded, n);
  }
  int row = 0;
  for (const WeightSource& s : steps.weights) {
    if (s.plane)
      kernels_.weigh_plane(*s.plane, n, place, room.row(row));
    else
      kernels_.weigh_table(*s.table, encoded, n, place, {{room.row(row), room.row(row + 1), room.row(row + 2)}});
    row += s.rows();
  }
}

long long Engine::render_row(const std::byte* in, const View& format_in, const Place& place, int n, std::byte* out,
                             const MutableView& format_out) const {
  if (plan_.is_identity() && format_in.sample == format_out.sample && format_in.bands == format_out.bands &&
      format_in.sample != Sample::f32) {
    std::memcpy(out, in, static_cast<std::size_t>(n) * format_in.pixel_bytes());
    return 0;
  }
  const Strip s = thread_strip();
  const bool dither = dither_ && !(plan_.is_identity() && format_in.sample == Sample::u8);
  long long bad = 0;
  for (int i = 0; i < n; i += strip_pixels) {
    const int count = std::min(strip_pixels, n - i);
    const Place at{place.x + i, place.y, place.width, place.height};
    const std::byte* from = in + static_cast<std::ptrdiff_t>(i) * format_in.pixel_bytes();
    std::byte* to = out + static_cast<std::ptrdiff_t>(i) * format_out.pixel_bytes();
    bad += kernels_.unpack(from, format_in.sample, format_in.bands, count, s);
    weigh(s, count, at);
    run_points(plan_.steps().stages[0], s, count, at);
    kernels_.pack(s, format_out.sample, format_out.bands, count, at, dither, to);
    pass_alpha(from, format_in, count, format_out, to);
  }
  return bad;
}

void Engine::source_rows(int canvas, PlanarRows& rows, int y0) const {
  const CanvasStep& step = plan_.steps().canvases[canvas];
  for (int y = 0; y < rows.height(); ++y)
    kernels_.ops[step.op].point(rows.row(y), width_, {0, y0 + y, width_, height_}, step.coeffs.data(), nullptr);
}

void Engine::stage_rows(int k, const View& in, int in_y0, int y0, int y1, PlanarRows& out) const {
  // Calls body(strip, n, place) for each strip of a row, with the weights of its pixels ready.
  auto for_strips = [&](int y, const Strip& row, const auto& body) {
    for (int x = 0; x < width_; x += strip_pixels) {
      const int n = std::min(strip_pixels, width_ - x);
      const Place place{x, y, width_, height_};
      if (!plan_.steps().weights.empty()) {
        const Strip input = WeightRoom::of_thread().strip(0);
        kernels_.unpack(in.row(y - in_y0) + static_cast<std::ptrdiff_t>(x) * in.pixel_bytes(), in.sample, in.bands, n,
                        input);
        weigh(input, n, place);
      }
      body(x, row.from(x), n, place);
    }
  };
  auto finish = [&](int y, const Strip& row) {
    for_strips(y, row, [&](int, const Strip& s, int n, const Place& place) {
      run_points(plan_.steps().stages[k], s, n, place);
    });
  };
  if (k == 0) {
    out.resize(width_, y1 - y0);
    for (int y = y0; y < y1; ++y) {
      kernels_.unpack(in.row(y - in_y0), in.sample, in.bands, width_, out.row(y - y0));
      finish(y, out.row(y - y0));
    }
    return;
  }

  const CanvasStep& canvas = plan_.steps().canvases[k - 1];
  const ScaleSpace& space = *spaces_[k - 1];
  const OpKernels& op = kernels_.ops[canvas.op];
  Scratch& scratch = Scratch::of(k);
  const int top = std::max(0, y0 - space.halo()), bottom = std::min(height_, y1 + space.halo());
  stage_rows(k - 1, in, in_y0, top, bottom, scratch.sharp);
  scratch.source.copy_from(scratch.sharp);
  source_rows(k - 1, scratch.source, top);
  auto sigma = [&](int y, float* s) { op.sigma(s, width_, {0, y, width_, height_}, canvas.coeffs.data()); };
  space.blur_band(scratch.source, y0, y1, sigma, scratch.soft);

  out.resize(width_, y1 - y0);
  for (int y = y0; y < y1; ++y) {
    const Strip row = out.row(y - y0);
    for (int c = 0; c < 3; ++c)
      std::memcpy(row.channel[c], scratch.sharp.row(y - top).channel[c], sizeof(float) * width_);
    op.combine(row, scratch.soft.row(y - y0), width_, {0, y, width_, height_}, canvas.coeffs.data());
    if (canvas.weight >= 0)
      for_strips(y, row, [&](int x, const Strip& s, int n, const Place&) {
        kernels_.blend(s, scratch.sharp.row(y - top).from(x), WeightRoom::of_thread().row(canvas.weight), n);
      });
    finish(y, row);
  }
}

void Engine::prepare(const Fetch& fetch, int threads) {
  for (int i = 0; i < static_cast<int>(spaces_.size()); ++i) {
    auto source = [&](int y0, int y1, PlanarRows& rows) {
      const int top = std::max(0, y0 - halo_of(i)), bottom = std::min(height_, y1 + halo_of(i));
      fetch(top, bottom, [&](const View& in) { stage_rows(i, in, top, y0, y1, rows); });
      source_rows(i, rows, y0);
    };
    spaces_[i]->build(source, threads);
  }
}

long long Engine::render_band(const View& in, int y0, int y1, const MutableView& out) const {
  const int top = std::max(0, y0 - halo());
  long long bad = 0;
  if (plan_.is_point()) {
    for (int y = y0; y < y1; ++y)
      bad += render_row(in.row(y - top), in, {0, y, width_, height_}, width_, out.row(y - y0), out);
    return bad;
  }
  bad = count_not_finite(in.rows(y0 - top, y1 - top));
  Scratch& scratch = Scratch::of(0);
  stage_rows(static_cast<int>(spaces_.size()), in, top, y0, y1, scratch.sharp);
  for (int y = y0; y < y1; ++y) {
    kernels_.pack(scratch.sharp.row(y - y0), out.sample, out.bands, width_, {0, y, width_, height_}, dither_,
                  out.row(y - y0));
    pass_alpha(in.row(y - top), in, width_, out, out.row(y - y0));
  }
  return bad;
}

}  // namespace sfumato
