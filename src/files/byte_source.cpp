// SPDX-License-Identifier: Apache-2.0
#include "files/byte_source.h"

#include <unistd.h>

#include <algorithm>

namespace sfumato {

std::string ByteSource::read(std::uint64_t offset, std::size_t size) const {
  if (fd_ < 0) return offset < memory_.size() ? std::string(memory_.substr(offset, size)) : std::string();
  std::string bytes;
  // In steps, so that a size from a damaged file takes no more memory than the file has.
  while (bytes.size() < size) {
    const std::size_t got = bytes.size(), step = std::min<std::size_t>(size - got, 1 << 20);
    bytes.resize(got + step);
    const ssize_t n = pread(fd_, bytes.data() + got, step, static_cast<off_t>(offset + got));
    bytes.resize(got + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    if (n <= 0) break;
  }
  return bytes;
}

bool write_at(int fd, std::uint64_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
    at += static_cast<std::uint64_t>(n);
  }
  return true;
}

}  // namespace sfumato
