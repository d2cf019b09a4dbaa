// SPDX-License-Identifier: Apache-2.0
#include "render/mask_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "files/sha256.h"
#include "measure/plane.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr int longest_edge = 2048;  // of masks that are not already of their photo's size

// Nearest pixels for masks, whose colors are names; for photos a mean of up to 4 x 4.
Picture sized(const View& in, int width, int height, bool is_mask) {
  Picture out(width, height, Sample::f32);
  std::vector<float> row(3 * static_cast<std::size_t>(in.width));
  const int most = is_mask ? 1 : 4;
  const int down = std::clamp(in.height / height, 1, most), across = std::clamp(in.width / width, 1, most);
  for (int y = 0; y < height; ++y) {
    float* to = out.samples<float>() + 3 * static_cast<std::ptrdiff_t>(y) * width;
    for (int j = 0; j < down; ++j) {
      const double at = (y + (j + 0.5) / down) * in.height / height;
      read_row(in, std::min(in.height - 1, static_cast<int>(at)), row.data());
      for (int x = 0; x < width; ++x)
        for (int i = 0; i < across; ++i) {
          const int from = std::min(in.width - 1, static_cast<int>((x + (i + 0.5) / across) * in.width / width));
          for (int c = 0; c < 3; ++c) to[3 * x + c] += row[3 * from + c] / static_cast<float>(down * across);
        }
    }
  }
  return out;
}

Look prepared(const Look& look, const MaskOptions& mask) {
  if (mask.path.empty() && wants_mask(look))
    throw Error(Code::usage, "works where a mask says, and there is none; name one with --mask", look.id);
  return mask.path.empty() || wants_mask(look) ? look : limited_to_mask(look, mask.feather, mask.snaps);
}

bool reads_photo(const Look& look) {
  return std::any_of(look.steps.begin(), look.steps.end(),
                     [](const LookStep& s) { return s.where.snaps || s.where.source == StepWhere::Source::region; });
}

}  // namespace

std::string MaskOptions::key() const {
  return path.empty() ? "" : fmt::format("{} {} {}", sha256_of_file(path), feather, snaps);
}

Look masked(const Look& look, const MaskOptions& mask, const std::string& photo, double aspect,
            const OpenOptions& options) {
  const Look ready = prepared(look, mask);
  if (mask.path.empty()) return ready;
  const Picture picture = read_picture(mask.path, {});
  check_shape(picture.view(), mask.path, aspect);
  const int long_edge = std::max(picture.width(), picture.height());
  const double scale = std::min(1.0, static_cast<double>(longest_edge) / long_edge);
  const int width = std::max(1, static_cast<int>(picture.width() * scale + 0.5));
  const int height = std::max(1, static_cast<int>(picture.height() * scale + 0.5));
  PhotoMask both{sized(picture.view(), width, height, true), Picture(width, height, Sample::f32)};
  if (reads_photo(ready)) {
    OpenOptions open = options;
    open.reduced_to = std::max(width, height);
    const Picture whole = read_picture(photo, open);
    both.photo = sized(whole.view(), width, height, false);
  }
  return with_mask(ready, both);
}

Look masked(const Look& look, const MaskOptions& mask, const View& photo) {
  const Look ready = prepared(look, mask);
  if (mask.path.empty()) return ready;
  const Picture picture = read_picture(mask.path, {});
  check_shape(picture.view(), mask.path, static_cast<double>(photo.width) / photo.height);
  return masked(ready, picture.view(), photo);
}

Look masked(const Look& look, const View& mask, const View& photo) {
  return with_mask(wants_mask(look) ? look : limited_to_mask(look, 0, false),
                   {sized(mask, photo.width, photo.height, true), sized(photo, photo.width, photo.height, false)});
}

void check_shape(const View& mask, const std::string& path, double photo_aspect) {
  constexpr double tolerance = 0.05;
  const double width = mask.height * photo_aspect, height = mask.width / photo_aspect;
  if (std::abs(mask.width - width) > 1 + tolerance * width && std::abs(mask.height - height) > 1)
    throw Error(Code::input,
                fmt::format("found {} x {} pixels for a photo that is {:.3g} times as wide as high; expected the same "
                            "shape, upright",
                            mask.width, mask.height, photo_aspect),
                path);
}

std::string mask_name(const std::string& pattern, const std::string& photo) {
  const std::filesystem::path path(photo);
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  std::string name;
  for (std::size_t i = 0; i < pattern.size();) {
    const auto fill = [&](const char* field, const std::string& text) {
      if (pattern.compare(i, std::strlen(field), field) != 0) return false;
      name += text, i += std::strlen(field);
      return true;
    };
    if (fill("{dir}", folder) || fill("{stem}", path.stem().string())) continue;
    name += pattern[i++];
  }
  return name;
}

}  // namespace sfumato
