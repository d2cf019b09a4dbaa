// SPDX-License-Identifier: Apache-2.0
// Runs the built program in a folder of its own.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "given.h"

namespace sfumato {

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

class ProgramTest : public FolderTest {
 protected:
  Result shell(const std::string& command) const {
    const std::string out = folder / ".out", err = folder / ".err";
    const int status = std::system(
        ("cd " + quoted(folder) + " && ( " + command + " ) >" + quoted(out) + " 2>" + quoted(err) + " </dev/null")
            .c_str());
    Result r{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), slurp(out), slurp(err)};
    std::filesystem::remove(out);
    std::filesystem::remove(err);
    return r;
  }
  Result sfumato(const std::string& arguments) const { return shell(SFUMATO_BINARY " " + arguments); }

  // A procedural photo: smooth colors, an edge, some texture. Written by vips, not by us.
  void photo(const std::string& name, int width = 300, int height = 200) {
    std::string& bytes = photos_[std::to_string(width) + "x" + std::to_string(height) +
                                 std::filesystem::path(name).extension().string()];
    if (bytes.empty()) {
      make_photo(name, width, height);
      bytes = slurp(folder / name);
    }
    spill(folder / name, bytes);
  }

 private:
  void make_photo(const std::string& name, int width, int height) const {
    const Result r =
        shell("vips xyz .xyz.v " + std::to_string(width) + " " + std::to_string(height) +
              " && vips linear .xyz.v .lin.v '0.6 0.9' '20 5' && vips gaussnoise .noise.v " + std::to_string(width) +
              " " + std::to_string(height) +
              " --mean 128 --sigma 20 --seed 7 && vips bandjoin '.lin.v .noise.v' .rgb.v && "
              "vips copy .rgb.v .srgb.v --interpretation srgb && vips cast .srgb.v .u8.v uchar && vips copy .u8.v " +
              quoted(name) + " ; rm -f .*.v");
    ASSERT_TRUE(std::filesystem::exists(folder / name)) << r.err;
  }

  std::map<std::string, std::string> photos_;  // made once of each size and format
};

}  // namespace sfumato
