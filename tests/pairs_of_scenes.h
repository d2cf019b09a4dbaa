// SPDX-License-Identifier: Apache-2.0
// Procedural scenes that do not resemble each other, and an edit of each. Made by vips, not by us.
#pragma once

#include <gtest/gtest.h>

#include "program.h"

namespace sfumato {

class ScenePairsTest : public ProgramTest {
 protected:
  // Clouds of color; the seed decides where.
  void make_scene(const std::string& name, int seed) const {
    std::string command;
    for (const auto& [band, cell] : {std::pair{0, 40}, {1, 24}, {2, 56}})
      command += "vips perlin .c" + std::to_string(band) + ".v 240 160 --cell-size " + std::to_string(cell) +
                 " --seed " + std::to_string(seed * 3 + band) + " && ";
    const Result r = shell(command +
                           "vips bandjoin '.c0.v .c1.v .c2.v' .rgb.v && vips linear .rgb.v .lin.v 90 120 && "
                           "vips copy .lin.v .srgb.v --interpretation srgb && vips cast .srgb.v .u8.v uchar && "
                           "vips copy .u8.v " +
                           quoted(name) + "; rm -f .*.v");
    ASSERT_TRUE(std::filesystem::exists(folder / name)) << r.err;
  }

  // before/1.png.. and after/1.png..: less contrast, warmer.
  void make_pairs(int count) const {
    for (const char* side : {"before", "after"}) std::filesystem::create_directory(folder / side);
    for (int i = 1; i <= count; ++i) {
      const std::string name = std::to_string(i) + ".png";
      make_scene("before/" + name, i);
      const Result r =
          shell("vips linear before/" + name + " .a.v '0.8 0.9 1.0' '30 10 0' && vips cast .a.v .b.v uchar && " +
                "vips copy .b.v after/" + name + "; rm -f .*.v");
      ASSERT_TRUE(std::filesystem::exists(folder / "after" / name)) << r.err;
    }
  }
};

}  // namespace sfumato
