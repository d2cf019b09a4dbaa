// SPDX-License-Identifier: Apache-2.0
// What tests of every room need: a folder of their own, real data, and what an action was refused with.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "sfumato/error.h"

namespace sfumato {

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void spill(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// A path below the folder of real photos and LUTs that SFUMATO_DATA names; empty when it is not there.
inline std::filesystem::path real_data(const std::string& below) {
  const char* folder = std::getenv("SFUMATO_DATA");
  const std::filesystem::path path = folder ? std::filesystem::path(folder) / below : std::filesystem::path();
  return std::filesystem::exists(path) ? path : std::filesystem::path();
}

// For GTEST_SKIP when real_data() is empty.
constexpr const char* no_real_data = "SFUMATO_DATA names no folder that holds it";

// What the action was refused with; empty when it was not. Any exception but an Error of this code is a failure.
template <class Action>
std::string refusal(Code code, const Action& action) {
  try {
    action();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), code) << e.what();
    return e.what();
  }
  return {};
}

class FolderTest : public testing::Test {
 protected:
  FolderTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sfumato-test-XXXXXX").string();
    if (!mkdtemp(name.data())) ADD_FAILURE() << "no folder could be made: " << name;
    folder = name;
  }
  ~FolderTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  std::string at(const std::string& name) const { return folder / name; }
  std::string put(const std::string& name, const std::string& bytes) const {
    spill(folder / name, bytes);
    return at(name);
  }
  // Names in the folder, hidden ones too.
  long file_count() const { return std::distance(std::filesystem::directory_iterator(folder), {}); }

  std::filesystem::path folder;
};

}  // namespace sfumato
