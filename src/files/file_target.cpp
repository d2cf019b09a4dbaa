// SPDX-License-Identifier: Apache-2.0
#include "files/file_target.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>

namespace sfumato {
namespace {

gint64 write_all(int fd, const void* data, gint64 size) {
  const WithoutSizeSignal guard;
  ssize_t n;
  do n = ::write(fd, data, static_cast<std::size_t>(size));
  while (n < 0 && errno == EINTR);
  return n;
}

}  // namespace

WithoutSizeSignal::WithoutSizeSignal() {
  sigemptyset(&set_);
  sigaddset(&set_, SIGXFSZ);
  pthread_sigmask(SIG_BLOCK, &set_, &before_);
}

WithoutSizeSignal::~WithoutSizeSignal() {
  const int error = errno;
  const timespec now{};
  while (sigtimedwait(&set_, nullptr, &now) > 0) continue;
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  errno = error;
}

FileTarget::FileTarget(int fd) : fd_(fd), target_(vips_target_custom_new()) {
  g_signal_connect(target_, "write",
                   G_CALLBACK(+[](VipsTargetCustom*, const void* data, gint64 size, FileTarget* self) -> gint64 {
                     const gint64 n = write_all(self->fd_, data, size);
                     if (n < 0 && self->error_ == 0) self->error_ = errno;
                     if (n > 0) self->start_flushing(n);
                     return n;
                   }),
                   this);
  g_signal_connect(target_, "read",
                   G_CALLBACK(+[](VipsTargetCustom*, void* data, gint64 size, FileTarget* self) -> gint64 {
                     return ::read(self->fd_, data, static_cast<std::size_t>(size));
                   }),
                   this);
  g_signal_connect(target_, "seek",
                   G_CALLBACK(+[](VipsTargetCustom*, gint64 offset, int whence, FileTarget* self) -> gint64 {
                     return ::lseek(self->fd_, offset, whence);
                   }),
                   this);
  g_signal_connect(target_, "end", G_CALLBACK(+[](VipsTargetCustom*, FileTarget*) -> int { return 0; }), this);
}

// The disk begins while the encoder still works, or the flush at the end would wait for all of it.
void FileTarget::start_flushing(long long written) {
#ifdef __linux__
  constexpr long long step = 1'000'000;
  not_flushed_ += written;
  if (not_flushed_ < step) return;
  not_flushed_ = 0;
  sync_file_range(fd_, 0, 0, SYNC_FILE_RANGE_WRITE);  // a hint: the flush at the end tells errors
#else
  (void)written;
#endif
}

FileTarget::~FileTarget() { g_object_unref(target_); }

}  // namespace sfumato
