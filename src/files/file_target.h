// SPDX-License-Identifier: Apache-2.0
// A vips target that remembers why writing failed, so that a full disk is told from a damaged input.
#pragma once

#include <vips/vips.h>

#include <csignal>

namespace sfumato {

// While it lives, a file size limit fails a write of this thread and does not end the process; how other threads
// handle the signal is left alone.
class WithoutSizeSignal {
 public:
  WithoutSizeSignal();
  ~WithoutSizeSignal();
  WithoutSizeSignal(const WithoutSizeSignal&) = delete;
  WithoutSizeSignal& operator=(const WithoutSizeSignal&) = delete;

 private:
  sigset_t set_, before_;
};

class FileTarget {
 public:
  explicit FileTarget(int fd);
  ~FileTarget();
  FileTarget(const FileTarget&) = delete;
  FileTarget& operator=(const FileTarget&) = delete;

  VipsTarget* get() { return VIPS_TARGET(target_); }
  int error() const { return error_; }  // errno of the first write that failed

 private:
  void start_flushing(long long written);

  int fd_;
  int error_ = 0;
  long long not_flushed_ = 0;
  VipsTargetCustom* target_;
};

}  // namespace sfumato
