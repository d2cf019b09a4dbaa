// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace sfumato {

// As many as are asked for; 0: one per processor.
int thread_count(int threads);

// Calls work(0) .. work(count - 1) once each, in any order, on `threads` threads (0: one per processor).
// After an exception no further work starts, and the first one is rethrown.
void parallel_for(int count, int threads, const std::function<void(int)>& work);

}  // namespace sfumato
