// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "program.h"

namespace sfumato {
namespace {

class UpscaleProgram : public ProgramTest {};

TEST_F(UpscaleProgram, EnlargesAndKeepsWhatBelongsToThePicture) {
  ASSERT_EQ(0,
            shell("vips gaussnoise .n.v 30 20 --mean 128 && vips bandjoin '.n.v .n.v .n.v .n.v' .b.v && vips cast .b.v "
                  "in.png uchar && exiftool -q -overwrite_original -Artist=Somebody in.png")
                .code);
  for (const auto& [by, size] : {std::pair{"2", "60 40"}, std::pair{"4", "120 80"}}) {
    const std::string out = "x" + std::string(by) + ".png";
    ASSERT_EQ(0, sfumato("upscale in.png --by " + std::string(by) + " -o " + out).code);
    EXPECT_EQ(std::string(size) + " 4\n",
              shell("echo $(for f in width height bands; do vipsheader -f $f " + out + "; done)").out);
    EXPECT_EQ("Somebody\n", shell("exiftool -s3 -Artist " + out).out);
  }
  EXPECT_EQ(7, sfumato("upscale in.png --net in.png -o no.png").code);
  EXPECT_EQ(2, sfumato("upscale in.png --by 3 -o no.png").code);
  EXPECT_FALSE(std::filesystem::exists(folder / "no.png"));
}

}  // namespace
}  // namespace sfumato
