// SPDX-License-Identifier: Apache-2.0
#include "base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace sfumato {
namespace {

TEST(ParallelFor, DoesEachPieceOnceOnAnyNumberOfThreads) {
  for (const int threads : {0, 1, 2, 7, 64}) {
    std::vector<std::atomic<int>> done(1000);
    parallel_for(1000, threads, [&](int i) { ++done[i]; });
    for (const auto& d : done) ASSERT_EQ(1, d) << threads;
  }
  parallel_for(0, 3, [](int) { FAIL(); });
}

TEST(ParallelFor, TellsWorkThatOthersWorkToo) {
  EXPECT_FALSE(is_in_parallel_for());
  parallel_for(4, 2, [](int) { EXPECT_TRUE(is_in_parallel_for()); });
  parallel_for(4, 1, [](int) { EXPECT_FALSE(is_in_parallel_for()); });
  EXPECT_FALSE(is_in_parallel_for());
}

// None may wait for a thread that waits for it.
TEST(ParallelFor, MayBeCalledWithinItselfAndFromManyThreads) {
  std::atomic<int> sum = 0;
  const auto nested = [&] {
    for (int round = 0; round < 20; ++round)
      parallel_for(5, 3, [&](int) { parallel_for(5, 4, [&](int) { parallel_for(3, 2, [&](int i) { sum += i; }); }); });
  };
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 6; ++i) callers.emplace_back(nested);
  }
  EXPECT_EQ(6 * 20 * 5 * 5 * 3, sum);
}

TEST(ParallelFor, RethrowsTheFirstFailureAndBeginsNoMoreWork) {
  std::atomic<int> begun = 0;
  EXPECT_THROW(parallel_for(100000, 2,
                            [&](int i) {
                              ++begun;
                              if (i == 3) throw std::runtime_error("three");
                            }),
               std::runtime_error);
  EXPECT_LT(begun, 100000);
  std::atomic<int> after = 0;
  parallel_for(10, 2, [&](int) { ++after; });
  EXPECT_EQ(10, after);
}

TEST(ParallelParts, CoverAllOnce) {
  std::vector<std::atomic<int>> done(10001);
  parallel_parts(done.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) ++done[i];
  });
  for (const auto& d : done) ASSERT_EQ(1, d);
}

}  // namespace
}  // namespace sfumato
