// SPDX-License-Identifier: Apache-2.0
#include "pairs/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "pairs/align.h"
#include "pairs/photo.h"
#include "pairs/resample.h"
#include "pairs/structure.h"
#include "pairs/usable.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr int registered_edge = 512, smallest_edge = 48, fewest_resampled = 96;
constexpr double finest = 4, most_fine_edge = 4096;  // of what is resampled: times the output, and in pixels

// Rectangle of pixels.
struct Frame {
  int x0, y0, x1, y1;
};

Picture cropped(const Picture& in, const Frame& f) {
  Picture out(f.x1 - f.x0, f.y1 - f.y0, Sample::f32);
  for (int y = f.y0; y < f.y1; ++y)
    std::copy_n(in.samples<float>() + 3l * (y * in.width() + f.x0), 3l * out.width(),
                out.samples<float>() + 3l * (y - f.y0) * out.width());
  return out;
}

class Assembler {
 public:
  Assembler(const FileMatch& files, const PairOptions& options) : files_(files), options_(options) {
    out_.pair.name = stem_of(files.before);
    out_.pair.before_path = files.before;
    out_.pair.after_path = files.after;
  }

  Assembled run() {
    try {
      std::error_code error;
      if (std::filesystem::equivalent(files_.before, files_.after, error))
        return refuse(files_.before + ": the same file is given as before and as after");
      before_ = read_photo_info(files_.before);
      after_ = read_photo_info(files_.after);
      out_.swapped_evidence = swapped_evidence();
      for (const PhotoInfo* p : {&before_, &after_})
        if (std::min(p->width, p->height) < smallest_edge)
          return refuse(fmt::format("{}: found {} x {} pixels; expected at least {} a side", p->path, p->width,
                                    p->height, smallest_edge));
      return join();
    } catch (const Error& e) {
      return refuse(e.what());
    }
  }

 private:
  Assembled refuse(std::string reason) {
    out_.refusal = std::move(reason);
    out_.pair.before = out_.pair.after = Picture();
    return std::move(out_);
  }

  void note(std::string text) { out_.pair.notes.push_back(std::move(text)); }

  int swapped_evidence() const {
    const int by_metadata = before_.is_edited - after_.is_edited, by_raw = after_.is_raw - before_.is_raw;
    const int by_name = (side_of_name(stem_of(files_.before)) - side_of_name(stem_of(files_.after)));
    return std::clamp(by_metadata + by_raw + by_name, -1, 1);
  }

  Assembled join() {
    const Picture before = read_photo(before_, reduced_size(before_, registered_edge));
    const Picture after = read_photo(after_, reduced_size(after_, registered_edge));
    const Alignment found = align({before, before_.size()}, {after, after_.size()});
    if (found.agreement < different_scene) {
      out_.shows_another_scene = true;
      return refuse(
          fmt::format("{} and {}: show different scenes (their structure agrees by {:.2f}; expected at least {})",
                      files_.before, files_.after, found.agreement, different_scene));
    }
    if (found.turn > 0) note(fmt::format("the after picture was {}; undone", turn_text(inverse_turn(found.turn))));
    if (!is_same_frame(found))
      take_overlap(found.turn, found.to_after);
    else if (const auto shifted = shifted_resize(found))
      take_overlap(found.turn, *shifted);
    else
      take_same_frame(found.turn);
    compare_kinds();
    return judge();
  }

  // Neither picture is enlarged: the pair is as fine as the coarser one. Programs that resample sharpen or blur by
  // that; at half the size it hardly shows.
  int edge_of_pair(double coarser, bool is_resampled) const {
    const double most = is_resampled ? std::max(0.5 * coarser, std::min(1.0 * fewest_resampled, coarser)) : coarser;
    return std::max(smallest_edge, static_cast<int>(std::lround(std::min(1.0 * options_.long_edge, most))));
  }

  PhotoSize upright_after(int turn) const {
    const PhotoSize s = after_.size();
    return swaps_sides(turn) ? PhotoSize{s.height, s.width} : s;
  }
  bool is_resized() const { return after_.long_edge() != before_.long_edge(); }

  bool is_same_frame(const Alignment& a) const {
    const PhotoSize after = upright_after(a.turn);
    const double w = after.width, h = after.height;
    // The same shape, but for the rounding of a resize.
    return a.is_whole && std::abs(w / h * before_.height / before_.width - 1.0) <
                             1.5 / std::min({w, h, 1.0 * before_.width, 1.0 * before_.height});
  }

  // Some programs that resize shift by a part of a pixel.
  std::optional<Similarity> shifted_resize(const Alignment& a) const {
    constexpr double least = 0.15;  // of the coarser one's pixels
    if (!is_resized()) return std::nullopt;
    const double scale = static_cast<double>(upright_after(a.turn).width) / before_.width, x = 0.5 * before_.width,
                 y = 0.5 * before_.height;
    const Similarity map{scale, 0, a.to_after.x(x, y) - scale * x, a.to_after.y(x, y) - scale * y};
    return std::hypot(map.x0, map.y0) > least * std::max(1.0, scale) ? std::optional(map) : std::nullopt;
  }

  void take_same_frame(int turn) {
    PhotoSize size =
        reduced_size(before_, edge_of_pair(std::min(before_.long_edge(), after_.long_edge()), is_resized()));
    if (is_resized())
      note(fmt::format("resized: {} x {} before, {} x {} after", before_.width, before_.height, after_.width,
                       after_.height));
    out_.pair.before = read_photo(before_, size);
    if (swaps_sides(turn)) std::swap(size.width, size.height);
    out_.pair.after = turned(read_photo(after_, size), turn);
    inside_.assign(static_cast<std::size_t>(size.width) * size.height, 1);
    if (out_.pair.before.bytes() == out_.pair.after.bytes())
      note("before and after hold equal pictures: an edit that changes nothing");
  }

  void take_overlap(int turn, const Similarity& map) {
    const double scale = std::hypot(map.a, map.b);
    const bool is_resampled = map.a != 1 || map.b != 0 || map.x0 != std::round(map.x0) || map.y0 != std::round(map.y0);
    const PhotoSize size =
        reduced_size(before_, edge_of_pair(before_.long_edge() * std::min(1.0, scale), is_resampled));
    const double zoom = static_cast<double>(size.width) / before_.width;
    // Finer than that, since its pixels lie between those of the output.
    const double as_fine = after_.long_edge() * zoom / scale;
    const double edge_read = as_fine * std::clamp(most_fine_edge / as_fine, 1.0, finest);
    const Picture edited =
        turned(read_photo(after_, reduced_size(after_, static_cast<int>(std::lround(edge_read)))), turn);
    const Picture moved = resampled(edited, upright_after(turn), map, before_.size(), size, inside_);
    crop(read_photo(before_, size), moved, frame_of(size), size);
    const double turn_deg = std::atan2(map.b, map.a) * 180 / M_PI;
    if (std::abs(turn_deg) > 0.1) note(fmt::format("straightened by {:.2f} degrees; undone", turn_deg));
    note(fmt::format("aligned: scale {:.4f}, corner at {:.2f}, {:.2f} of {} x {} pixels", 1 / scale,
                     -map.x0 / map.a * zoom, -map.y0 / map.a * zoom, size.width, size.height));
  }

  Frame frame_of(PhotoSize size) const {
    Frame f{size.width, size.height, 0, 0};
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        if (inside_[static_cast<std::size_t>(y) * size.width + x])
          f = {std::min(f.x0, x), std::min(f.y0, y), std::max(f.x1, x + 1), std::max(f.y1, y + 1)};
    return f.x1 > f.x0 ? f : Frame{0, 0, size.width, size.height};
  }

  void crop(const Picture& before, const Picture& after, const Frame& f, PhotoSize size) {
    out_.pair.before = cropped(before, f);
    out_.pair.after = cropped(after, f);
    std::vector<std::uint8_t> inside;
    for (int y = f.y0; y < f.y1; ++y)
      inside.insert(inside.end(), inside_.begin() + y * size.width + f.x0, inside_.begin() + y * size.width + f.x1);
    inside_ = std::move(inside);
    const double share =
        static_cast<double>(f.x1 - f.x0) * (f.y1 - f.y0) / (static_cast<double>(size.width) * size.height);
    if (share < 0.995) note(fmt::format("cropped to the {:.0f} % that both show", 100 * share));
  }

  void compare_kinds() {
    auto depth = [](Sample s) { return s == Sample::u8 ? "8-bit" : s == Sample::u16 ? "16-bit" : "float"; };
    if (before_.sample != after_.sample)
      note(fmt::format("{} before, {} after", depth(before_.sample), depth(after_.sample)));
  }

  Assembled judge() {
    const std::string reason = mark_usable(out_.pair, inside_);
    if (!reason.empty()) return refuse(fmt::format("{} and {}: {}", files_.before, files_.after, reason));
    return std::move(out_);
  }

  const FileMatch& files_;
  const PairOptions& options_;
  PhotoInfo before_, after_;
  std::vector<std::uint8_t> inside_;
  Assembled out_;
};

}  // namespace

Assembled assemble(const FileMatch& files, const PairOptions& options) { return Assembler(files, options).run(); }

}  // namespace sfumato
