// SPDX-License-Identifier: Apache-2.0
// Nothing is lost: full disks, kills at any moment, files that are no pictures.
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <set>
#include <thread>

#include "program.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

using Fault = ProgramTest;

TEST_F(Fault, RefusesWhatIsNoRegularFile) {
  shell("mkfifo pipe.jpg; mkdir folder.jpg; ln -s loop.jpg loop.jpg; touch dark.jpg");
  for (const char* name : {"pipe.jpg", "loop.jpg", "/dev/zero", "none.jpg"}) {
    const Result r = sfumato(std::string("render ") + name + " --look provia -o out.jpg");
    EXPECT_EQ(4, r.code) << name;
    EXPECT_NE(r.err.find(name), std::string::npos) << r.err;
  }
}

TEST_F(Fault, KeepsTheOldOutputWhenTheDiskIsFull) {
  photo("in.png", 900, 700);
  for (const char* name : {"out.jpg", "out.png", "out.tif", "out.webp", "out.jxl", "out.avif"}) {
    spill(folder / name, "old");
    const int before = file_count();
    // A file size limit of 8 KiB stands for a full disk: write() fails with EFBIG.
    const Result r =
        shell("ulimit -f 8; " SFUMATO_BINARY " render in.png --look acros --if-exists overwrite --quality 100 -o " +
              std::string(name));
    EXPECT_EQ(5, r.code) << name << ": " << r.err;
    EXPECT_EQ("old", slurp(folder / name));
    EXPECT_EQ(before, file_count());
  }
}

TEST_F(Fault, KeepsTheOldOutputOnAFullFileSystem) {
  fs::create_directory(folder / "small");
  if (shell("mount -t tmpfs -o size=64k none small").code != 0)
    GTEST_SKIP() << "needs the right to mount a small file system";
  photo("in.png", 900, 700);
  for (const std::string name : {"out.jpg", "out.png", "out.tif", "out.webp", "out.jxl", "out.avif"}) {
    spill(folder / "small" / name, "old");
    const Result r = sfumato("render in.png --look acros --if-exists overwrite --quality 100 -o small/" + name);
    EXPECT_EQ(5, r.code) << name << ": " << r.err;
    EXPECT_NE(r.err.find("No space left"), std::string::npos) << r.err;
    EXPECT_EQ("old", slurp(folder / "small" / name));
    EXPECT_EQ(name + "\n", shell("ls -A small; rm small/*").out);
  }
  EXPECT_EQ(5, sfumato("export --look provia -o small/a.cube").code);
  EXPECT_EQ("", shell("ls -A small").out);
  shell("umount small");
}

// Starts the program and kills it after so long; no shell between, whose own time would hide the first moments.
// Whether the program had ended before.
bool kill_after(const fs::path& folder, const std::vector<std::string>& arguments, int signal,
                std::chrono::duration<double> moment) {
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> words{const_cast<char*>(SFUMATO_BINARY)};
    for (const std::string& a : arguments) words.push_back(const_cast<char*>(a.c_str()));
    words.push_back(nullptr);
    if (chdir(folder.c_str()) == 0) execv(words[0], words.data());
    _exit(127);
  }
  std::this_thread::sleep_for(moment);
  if (waitpid(child, nullptr, WNOHANG) == child) return true;
  kill(child, signal);
  waitpid(child, nullptr, 0);
  return false;
}

// SFUMATO_KILLS says how often. The moments spread evenly over a run's length, which changes with what else the machine
// does: it is followed, and kills go on until some came before and some after the output was in place.
TEST_F(Fault, LeavesOldOrCompleteOutputsWhenKilled) {
  photo("in.png");
  const char* wish = std::getenv("SFUMATO_KILLS");
  const int kills = wish ? std::atoi(wish) : 60;
  const std::vector<std::string> command{"render", "in.png",  "--look",      "classic-negative",
                                         "-o",     "out.png", "--if-exists", "overwrite"};
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(0, sfumato("render in.png --look classic-negative -o out.png").code);
  std::chrono::duration<double> length = std::chrono::steady_clock::now() - start;
  const std::string want = slurp(folder / "out.png");
  std::set<std::string> seen;
  int named = 0;
  for (int i = 0; i < kills || (seen.size() < 2 && i < 10 * kills); ++i) {
    spill(folder / "out.png", "old");
    const double share = std::fmod(i * 0.6180339887, 1.0);  // of the golden ratio: even, whenever it ends
    const bool had_ended = kill_after(folder, command, i % 2 ? SIGKILL : SIGTERM, share * 1.1 * length);
    if (had_ended) length *= std::min(1.0, 1.1 * share);
    if (!had_ended && share > 0.9) length *= 1.1;
    const std::string got = slurp(folder / "out.png");
    ASSERT_TRUE(got == "old" || got == want) << "after " << i << ": " << got.size() << " bytes";
    seen.insert(got);
    // Between its naming and its taking the old one's place, a complete picture bears a name of its own.
    for (const auto& entry : fs::directory_iterator(folder))
      if (const std::string name = entry.path().filename(); name != "in.png" && name != "out.png") {
        ASSERT_TRUE(name.starts_with(".sfumato-") && slurp(entry.path()) == want) << name;
        fs::remove(entry.path());
        ++named;
      }
  }
  EXPECT_EQ(2u, seen.size()) << "the moments were not spread over the run";
  EXPECT_LE(named, 1 + kills / 100);
}

TEST_F(Fault, StopsABatchResumably) {
  for (int i = 0; i < 8; ++i) photo("p" + std::to_string(i) + ".png", 1200, 900);
  const Result r = shell("timeout -s INT 0.7 " SFUMATO_BINARY " render p*.png --look noir -o out/; echo $?");
  if (r.out == "0\n") GTEST_SKIP() << "this machine finished all before the signal";
  // timeout reports 124 for its own signal; the program's code is seen with --preserve-status.
  EXPECT_EQ(0, sfumato("render p*.png --look noir -o out/ --resume").code);
  EXPECT_EQ(0, sfumato("render p*.png --look noir -o whole/").code);
  for (int i = 0; i < 8; ++i) {
    const std::string name = "p" + std::to_string(i) + "_noir.png";
    EXPECT_EQ(slurp(folder / "whole" / name), slurp(folder / "out" / name));
  }
}

TEST_F(Fault, ReportsBeingStopped) {
  for (int i = 0; i < 12; ++i) photo("p" + std::to_string(i) + ".png", 1200, 900);
  const Result r = shell("timeout --preserve-status -s TERM 0.6 " SFUMATO_BINARY " render p*.png --look noir -o out/");
  if (r.code == 0) GTEST_SKIP() << "this machine finished all before the signal";
  EXPECT_EQ(75, r.code);
  EXPECT_NE(r.err.find("--resume"), std::string::npos);
}

}  // namespace
}  // namespace sfumato
