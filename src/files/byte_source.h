// SPDX-License-Identifier: Apache-2.0
// Bytes of a file or of memory by their place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sfumato {

class ByteSource {
 public:
  explicit ByteSource(std::string_view memory) : memory_(memory) {}
  explicit ByteSource(int fd) : fd_(fd) {}

  // Fewer than `size` at the end.
  std::string read(std::uint64_t offset, std::size_t size) const;

 private:
  std::string_view memory_;
  int fd_ = -1;
};

bool write_at(int fd, std::uint64_t offset, std::string_view bytes);

}  // namespace sfumato
