// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace sfumato {

// As many as are asked for; 0: one per processor.
int thread_count(int threads);

// Calls work(0) .. work(count - 1) once each, in any order, on `threads` threads (0: one per processor).
// After an exception no further work starts, and the first one is rethrown.
void parallel_for(int count, int threads, const std::function<void(int)>& work);

// Whether this thread is doing such work, so that others are too.
bool is_in_parallel_for();

// Calls work(begin, end) likewise for parts of 0 .. count - 1 that are worth a thread's while.
void parallel_parts(std::size_t count, const std::function<void(std::size_t begin, std::size_t end)>& work);

}  // namespace sfumato
