// SPDX-License-Identifier: Apache-2.0
// The renderer's unit of work: short planar rows of floats that stay in the first-level cache.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

namespace sfumato {

// Rows are rounded up so that kernels may read and write whole registers.
constexpr int padded(int n) { return (n + 15) & ~15; }

constexpr int strip_pixels = 512;

// Three 64-byte aligned rows with room for padded(n) floats each.
struct Strip {
  float* channel[3];

  Strip from(int x) const { return {{channel[0] + x, channel[1] + x, channel[2] + x}}; }
};

struct ConstStrip {
  const float* channel[3];
};

struct Extremes {
  float low, high;
};

// Where a strip lies: its first pixel, and the size of the whole picture.
struct Place {
  int x, y, width, height;
};

// Floats aligned for any register; grows, never shrinks, so that a thread reuses one.
class AlignedFloats {
 public:
  explicit AlignedFloats(std::size_t n = 0) { resize(n); }
  void resize(std::size_t n) {
    if (n + 16 <= store_.size()) return;
    store_.resize(n + 16);
    const auto address = reinterpret_cast<std::uintptr_t>(store_.data());
    offset_ = ((64 - address % 64) % 64) / sizeof(float);
  }
  AlignedFloats(const AlignedFloats&) = delete;
  AlignedFloats& operator=(const AlignedFloats&) = delete;
  AlignedFloats(AlignedFloats&&) = default;
  AlignedFloats& operator=(AlignedFloats&&) = default;
  float* data() { return store_.data() + offset_; }
  const float* data() const { return store_.data() + offset_; }

 private:
  std::vector<float> store_;
  std::size_t offset_ = 0;
};

// A band of planar rows: `height` rows of padded(width) floats per channel.
class PlanarRows {
 public:
  void resize(int width, int height) {
    width_ = width;
    height_ = height;
    stride_ = padded(width);
    for (auto& c : channel_) c.resize(static_cast<std::size_t>(stride_) * height);
  }
  void copy_from(const PlanarRows& other) {
    resize(other.width_, other.height_);
    for (int c = 0; c < 3; ++c)
      std::memcpy(channel_[c].data(), other.channel_[c].data(), sizeof(float) * stride_ * height_);
  }
  int width() const { return width_; }
  int height() const { return height_; }
  Strip row(int y) {
    const std::size_t at = static_cast<std::size_t>(stride_) * y;
    return {{channel_[0].data() + at, channel_[1].data() + at, channel_[2].data() + at}};
  }
  ConstStrip row(int y) const {
    const std::size_t at = static_cast<std::size_t>(stride_) * y;
    return {{channel_[0].data() + at, channel_[1].data() + at, channel_[2].data() + at}};
  }

 private:
  int width_ = 0, height_ = 0, stride_ = 0;
  std::array<AlignedFloats, 3> channel_;
};

}  // namespace sfumato
