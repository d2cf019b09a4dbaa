// SPDX-License-Identifier: Apache-2.0
// Includes point one way: a room uses only rooms above it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> rooms{"base",    "lane",   "color",    "image", "files",  "filters",
                                     "measure", "net",    "ops",      "look",  "render", "pairs",
                                     "grade",   "report", "transfer", "paint", "video", "learner"};

TEST(Rooms, IncludeOnlyRoomsAboveThem) {
  std::map<std::string, int> height;
  for (std::size_t i = 0; i < rooms.size(); ++i) height[rooms[i]] = static_cast<int>(i);
  const fs::path src = fs::path(SFUMATO_SOURCE_DIR) / "src";
  const std::regex include("^#include \"([a-z_]+)/[^\"]*\"");
  int seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(src)) {
    const fs::path& path = entry.path();
    if (path.extension() != ".h" && path.extension() != ".cpp") continue;
    if (path.stem().string().ends_with("_test")) continue;
    const std::string room = fs::relative(path, src).begin()->string();
    ASSERT_TRUE(height.count(room)) << room << " is not a room that ARCHITECTURE.md knows";
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
      std::smatch m;
      if (!std::regex_search(line, m, include) || m[1] == "sfumato") continue;
      ++seen;
      ASSERT_TRUE(height.count(m[1])) << path << ": " << line;
      EXPECT_LE(height[m[1]], height[room]) << path << " includes " << m[1] << ", which is below " << room;
    }
  }
  EXPECT_GT(seen, 50);
}

TEST(Rooms, KeepHeadersAndFilesShort) {
  for (const char* folder : {"src", "include", "cli", "studio"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SFUMATO_SOURCE_DIR) / folder)) {
      const fs::path& path = entry.path();
      if (path.string().find("/node_modules/") != std::string::npos) continue;  // other people's
      if (path.extension() != ".h" && path.extension() != ".cpp") continue;
      std::ifstream in(path);
      int lines = 0;
      std::string line, first;
      while (std::getline(in, line))
        if (++lines == 1) first = line;
      EXPECT_LE(lines, path.extension() == ".h" ? 150 : 300) << path;
      EXPECT_EQ(first, "// SPDX-License-Identifier: Apache-2.0") << path;
    }
}

}  // namespace
