// SPDX-License-Identifier: Apache-2.0
// Pictures in memory: interleaved rows of 8-bit, 16-bit or float samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace sfumato {

// u8: 0..255, u16: 0..65535, f32: 0..1 nominal and unbounded.
enum class Sample { u8, u16, f32 };

constexpr int bytes_of(Sample s) { return s == Sample::u8 ? 1 : s == Sample::u16 ? 2 : 4; }

// Somebody else's pixels. Bands 0..2 are red, green, blue; a fourth is alpha and passes through untouched.
template <class Byte>
struct BasicView {
  Byte* data = nullptr;
  int width = 0, height = 0, bands = 3;
  Sample sample = Sample::u8;
  std::ptrdiff_t stride = 0;  // bytes from one row to the next

  Byte* row(int y) const { return data + y * stride; }
  int pixel_bytes() const { return bands * bytes_of(sample); }
  operator BasicView<const Byte>() const requires(!std::is_const_v<Byte>) {
    return {data, width, height, bands, sample, stride};
  }
  BasicView rows(int y0, int y1) const {
    BasicView v = *this;
    v.data = row(y0);
    v.height = y1 - y0;
    return v;
  }
};
using View = BasicView<const std::byte>;
using MutableView = BasicView<std::byte>;

// Owned pixels, rows packed without padding.
class Picture {
 public:
  Picture() = default;
  // Black. Throws Code::usage: a negative side, other than 1 to 4 bands.
  Picture(int width, int height, Sample sample, int bands = 3);

  int width() const { return width_; }
  int height() const { return height_; }
  int bands() const { return bands_; }
  Sample sample() const { return sample_; }
  View view() const { return {bytes_.data(), width_, height_, bands_, sample_, stride()}; }
  MutableView view() { return {bytes_.data(), width_, height_, bands_, sample_, stride()}; }

  template <class T>
  T* samples() {
    return reinterpret_cast<T*>(bytes_.data());
  }
  template <class T>
  const T* samples() const {
    return reinterpret_cast<const T*>(bytes_.data());
  }
  std::size_t sample_count() const { return bytes_.size() / static_cast<std::size_t>(bytes_of(sample_)); }
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::ptrdiff_t stride() const { return static_cast<std::ptrdiff_t>(width_) * bands_ * bytes_of(sample_); }
  int width_ = 0, height_ = 0, bands_ = 3;
  Sample sample_ = Sample::u8;
  std::vector<std::byte> bytes_;
};

}  // namespace sfumato
