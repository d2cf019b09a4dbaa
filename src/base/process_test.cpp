// SPDX-License-Identifier: Apache-2.0
#include "base/process.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace sfumato {
namespace {

TEST(Processes, AreReadToTheirEnd) {
  Process seq({"seq", "3"}, Process::Pipe::from);
  EXPECT_EQ(seq.read_all(), "1\n2\n3\n");
  EXPECT_EQ(seq.finish(), 0);
  EXPECT_EQ(seq.said(), "");
}

TEST(Processes, SayWhatWentWrong) {
  Process sh({"sh", "-c", "echo broken >&2; exit 4"}, Process::Pipe::from);
  EXPECT_EQ(sh.read_all(), "");
  EXPECT_EQ(sh.finish(), 4);
  EXPECT_EQ(sh.said(), "broken");
  Process none({"no-such-program-there"}, Process::Pipe::from);
  EXPECT_EQ(none.finish(), 127);
  Process shot({"sh", "-c", "kill -9 $$"}, Process::Pipe::from);
  EXPECT_EQ(shot.finish(), 128 + 9);
}

TEST(Processes, ThatNoLongerReadAreNoSignalToUs) {
  Process head({"head", "-c", "10"}, Process::Pipe::to);
  const std::vector<std::byte> much(1 << 20);
  bool takes_more = true;
  for (int i = 0; i < 100 && takes_more; ++i) takes_more = head.write(much);
  EXPECT_FALSE(takes_more);
  EXPECT_EQ(head.finish(), 0);
}

TEST(Processes, AreGoneWithTheirOwner) {
  std::array<char, 1> byte{};
  {
    Process yes({"yes"}, Process::Pipe::from);
    EXPECT_EQ(yes.read(std::as_writable_bytes(std::span(byte))), 1u);
  }  // returns only when it was waited for
  EXPECT_EQ(byte[0], 'y');
}

}  // namespace
}  // namespace sfumato
