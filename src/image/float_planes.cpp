// SPDX-License-Identifier: Apache-2.0
#include "image/float_planes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "image/strip.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// A file without a name, in the folder for temporary files.
int nameless_file(std::size_t bytes) {
  std::string name = (std::filesystem::temp_directory_path() / "sfumato-XXXXXX").string();
  const int fd = mkstemp(name.data());
  if (fd >= 0) unlink(name.c_str());
  if (fd >= 0 && posix_fallocate(fd, 0, static_cast<off_t>(bytes)) == 0) return fd;
  if (fd >= 0) close(fd);
  throw Error(
      Code::resource,
      fmt::format("a temporary file of {} MB cannot be made; free space there or set TMPDIR to a folder with more",
                  bytes >> 20),
      name);
}

}  // namespace

FloatPlanes::FloatPlanes(int width, int height, int count, std::size_t limit)
    : width_(width),
      height_(height),
      count_(count),
      stride_(padded(width)),
      bytes_(sizeof(float) * stride_ * count * height) {
  if (bytes_ == 0) return;
  const bool is_large = bytes_ > limit;
  const int fd = is_large ? nameless_file(bytes_) : -1;
  void* data =
      mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, is_large ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, fd, 0);
  const int reason = errno;
  if (fd >= 0) close(fd);
  if (data == MAP_FAILED)
    throw Error(Code::resource, fmt::format("{} MB of memory cannot be had: {}", bytes_ >> 20, std::strerror(reason)));
#ifdef MADV_HUGEPAGE
  madvise(data, bytes_, MADV_HUGEPAGE);  // a hundred thousand page faults fewer; no harm where refused
#endif
  data_ = static_cast<float*>(data);
}

FloatPlanes::~FloatPlanes() {
  if (data_) munmap(data_, bytes_);
}

FloatPlanes::FloatPlanes(FloatPlanes&& o) noexcept { *this = std::move(o); }

FloatPlanes& FloatPlanes::operator=(FloatPlanes&& o) noexcept {
  std::swap(width_, o.width_), std::swap(height_, o.height_), std::swap(count_, o.count_);
  std::swap(stride_, o.stride_), std::swap(bytes_, o.bytes_), std::swap(data_, o.data_);
  return *this;
}

}  // namespace sfumato
