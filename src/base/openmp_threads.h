// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/threads.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace sfumato {

// While it lives, oneDNN and our own OpenMP loops use this many threads (0: one per processor) for this thread's calls.
class OpenMpThreads {
 public:
#ifdef _OPENMP
  explicit OpenMpThreads(int threads) : before_(omp_get_max_threads()) { omp_set_num_threads(thread_count(threads)); }
  ~OpenMpThreads() { omp_set_num_threads(before_); }
#else
  explicit OpenMpThreads(int threads) : before_(threads) {}
#endif
  OpenMpThreads(const OpenMpThreads&) = delete;
  OpenMpThreads& operator=(const OpenMpThreads&) = delete;

 private:
  int before_;
};

}  // namespace sfumato
