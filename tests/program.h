// SPDX-License-Identifier: Apache-2.0
// Runs the built program in a folder of its own.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sfumato {

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void spill(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// One argument for the shell.
inline std::string quoted(const std::string& s) {
  std::string out = "'";
  for (const char c : s) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

struct Result {
  int code;
  std::string out, err;
};

// Where real photos and LUTs are, or empty.
inline std::string data_folder() {
  const char* folder = std::getenv("SFUMATO_DATA");
  return folder ? folder : "";
}

class ProgramTest : public testing::Test {
 protected:
  ProgramTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sfumato-test-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~ProgramTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  Result shell(const std::string& command) const {
    const std::string out = folder / ".out", err = folder / ".err";
    const int status = std::system(("cd " + quoted(folder) + " && ( " + command + " ) >" + quoted(out) + " 2>" + quoted(err) + " </dev/null").c_str());
    Result r{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), slurp(out), slurp(err)};
    std::filesystem::remove(out);
    std::filesystem::remove(err);
    return r;
  }
  Result sfumato(const std::string& arguments) const { return shell(SFUMATO_BINARY " " + arguments); }

  // A procedural photo: smooth colors, an edge, some texture. Written by vips, not by us.
  void photo(const std::string& name, int width = 300, int height = 200) const {
    const Result r = shell("vips xyz .xyz.v " + std::to_string(width) + " " + std::to_string(height) +
                           " && vips linear .xyz.v .lin.v '0.6 0.9' '20 5' && vips gaussnoise .noise.v " + std::to_string(width) + " " +
                           std::to_string(height) + " --mean 128 --sigma 20 --seed 7 && vips bandjoin '.lin.v .noise.v' .rgb.v && "
                           "vips copy .rgb.v .srgb.v --interpretation srgb && vips cast .srgb.v .u8.v uchar && vips copy .u8.v " + quoted(name) + " ; rm -f .*.v");
    ASSERT_TRUE(std::filesystem::exists(folder / name)) << r.err;
  }

  // Names left in the folder, hidden ones too.
  int files() const {
    int n = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) n += entry.path().filename() != ".out" && entry.path().filename() != ".err";
    return n;
  }

  std::filesystem::path folder;
};

}  // namespace sfumato
