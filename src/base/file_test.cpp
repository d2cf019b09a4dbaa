// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "given.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

using Files = FolderTest;

TEST_F(Files, ComeBackAsWritten) {
  const std::string name = at("bytes \xff\n%d");  // names are bytes
  write_file_atomically(name, std::string("a\0b", 3));
  EXPECT_EQ(read_file(name, 3), std::string("a\0b", 3));
  EXPECT_EQ(read_start(name, 2), std::string("a\0", 2));
  EXPECT_NE(refusal(Code::input, [&] { read_file(name, 2); }), "");
  write_file_atomically(name, std::string());
  EXPECT_EQ(read_file(name, 0), "");
  EXPECT_EQ(file_count(), 1);
}

TEST_F(Files, StayAsTheyWereWithoutCommit) {
  write_file_atomically(at("a"), std::string("old"));
  {
    AtomicFile file(at("a"));
    file.write(std::as_bytes(std::span("new", 3)));
    EXPECT_EQ(read_file(at("a"), 9), "old");
  }
  EXPECT_EQ(read_file(at("a"), 9), "old");
  EXPECT_EQ(file_count(), 1);
}

TEST_F(Files, StayAsTheyWereWhenTheDiskIsFull) {
  write_file_atomically(at("a"), std::string("old"));
  // A limit on sizes fails at write() as a full disk does.
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1000, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string what = refusal(Code::output, [&] { write_file_atomically(at("a"), std::string(5000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_NE(what.find("File too large"), std::string::npos) << what;
  EXPECT_EQ(read_file(at("a"), 9), "old");
  EXPECT_EQ(file_count(), 1);
}

TEST_F(Files, NeverReplaceWhatIsNoRegularFile) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_NE(refusal(Code::output, [&] { AtomicFile(at("pipe")); }).find("a pipe"), std::string::npos);
  EXPECT_NE(refusal(Code::output, [&] { AtomicFile file(folder); }).find("a folder"), std::string::npos);
  EXPECT_NE(refusal(Code::output, [&] { AtomicFile("/dev/null"); }).find("a device"), std::string::npos);
  EXPECT_NE(refusal(Code::output, [&] { AtomicFile(at("missing/a")); }).find("No such file"), std::string::npos);
  EXPECT_EQ(file_count(), 1);
}

TEST_F(Files, AreReadOnlyWhenRegular) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_NE(refusal(Code::input, [&] { read_file(at("pipe"), 9); }).find("a pipe"), std::string::npos);
  EXPECT_NE(refusal(Code::input, [&] { read_file(folder, 9); }).find("a folder"), std::string::npos);
  EXPECT_NE(refusal(Code::input, [&] { read_file("/dev/zero", 9); }).find("a device"), std::string::npos);
  EXPECT_NE(refusal(Code::input, [&] { read_file(at("missing"), 9); }).find("No such file"), std::string::npos);
}

}  // namespace
}  // namespace sfumato
