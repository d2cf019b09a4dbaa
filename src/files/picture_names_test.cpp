// SPDX-License-Identifier: Apache-2.0
#include "files/picture_names.h"

#include "given.h"

namespace sfumato {
namespace {

class PictureNames : public FolderTest {};

TEST_F(PictureNames, AreSortedWithoutHiddenOnesAndOtherFiles) {
  std::filesystem::create_directory(folder / "sub");
  for (const char* name : {"b.png", "a.JPG", ".c.png", "notes.txt", "sub/d.tif"}) spill(folder / name, "x");
  EXPECT_EQ((std::vector<std::string>{at("a.JPG"), at("b.png")}), list_pictures(at("")));
  EXPECT_EQ((std::vector<std::string>{at("a.JPG"), at("b.png"), at("sub/d.tif")}), list_pictures(at(""), true));
}

TEST_F(PictureNames, OfAFolderThatCannotBeListedAreAnError) {
  spill(folder / "file", "x");
  for (const bool recursive : {false, true})
    for (const char* name : {"missing", "file"}) EXPECT_THROW(list_pictures(at(name), recursive), Error) << name;
}

}  // namespace
}  // namespace sfumato
