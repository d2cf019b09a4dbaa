// SPDX-License-Identifier: Apache-2.0
// Planes of floats for filters that need a whole picture at once. Beyond a limit they lie in a nameless temporary file
// that the system pages in and out, so that pictures larger than the memory work: go through them in bands of rows.
#pragma once

#include <cstddef>
#include <string>

namespace sfumato {

class FloatPlanes {
 public:
  static constexpr std::size_t most_in_memory = std::size_t{3} << 29;  // bytes

  FloatPlanes() = default;
  // Zeros. Rows are 64-byte aligned and hold padded(width) floats. Throws Code::resource.
  FloatPlanes(int width, int height, int count, std::size_t limit = most_in_memory);
  ~FloatPlanes();
  FloatPlanes(FloatPlanes&&) noexcept;
  FloatPlanes& operator=(FloatPlanes&&) noexcept;

  int width() const { return width_; }
  int height() const { return height_; }
  int count() const { return count_; }
  // The planes' rows y lie side by side, so that a band of rows is one piece of memory.
  float* row(int plane, int y) { return data_ + offset(plane, y); }
  const float* row(int plane, int y) const { return data_ + offset(plane, y); }

 private:
  std::size_t offset(int plane, int y) const { return (static_cast<std::size_t>(y) * count_ + plane) * stride_; }

  int width_ = 0, height_ = 0, count_ = 0;
  std::size_t stride_ = 0, bytes_ = 0;
  float* data_ = nullptr;
};

}  // namespace sfumato
