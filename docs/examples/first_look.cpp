// SPDX-License-Identifier: Apache-2.0
// first_look PHOTO FOLDER: a look on a file, the same on pixels in memory, and a look learned from both.
#include <cstdio>
#include <string>

#include "sfumato/error.h"
#include "sfumato/files.h"
#include "sfumato/learn.h"

using namespace sfumato;

int main(int argc, char** argv) try {
  if (argc != 3) throw Error(Code::usage, "expected a photo and a folder");
  const std::string path = argv[1], folder = argv[2];

  Look look = find_look("natural-light");  // adapts to each photo
  set_knob(look, "vignette.amount=-0.3");
  const FileReport report = render_file(path, look, folder + "/file.png");
  for (const std::string& warning : report.warnings) std::printf("%s\n", warning.c_str());

  const Picture photo = read_picture(path);
  Picture styled(photo.width(), photo.height(), photo.sample(), photo.bands());
  const Plan plan(for_photo(look, photo.view()));  // of any size: a preview, too
  render(plan, photo.view(), styled.view());
  write_picture(styled.view(), folder + "/memory.png");

  const EditedPhoto edits[]{{photo.view(), styled.view(), "first"}};
  const LookFromPairs learned = look_from_pairs(edits, LearnModel::closed);
  write_look(folder + "/learned.safetensors", learned.look, learned.report);
} catch (const sfumato::Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return static_cast<int>(e.code());
}
