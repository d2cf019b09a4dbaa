// SPDX-License-Identifier: Apache-2.0
// A vips target that remembers why writing failed, so that a full disk is told from a damaged input.
#pragma once

#include <vips/vips.h>

namespace sfumato {

class FileTarget {
 public:
  explicit FileTarget(int fd);
  ~FileTarget();
  FileTarget(const FileTarget&) = delete;
  FileTarget& operator=(const FileTarget&) = delete;

  VipsTarget* get() { return VIPS_TARGET(target_); }
  int error() const { return error_; }  // errno of the first write that failed

 private:
  int fd_;
  int error_ = 0;
  VipsTargetCustom* target_;
};

}  // namespace sfumato
