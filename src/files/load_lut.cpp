// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "files/lut_file.h"
#include "files/lut_text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// No picture format that can hold a table is free of zero bytes in its first kilobytes, and no text has one.
bool is_text(std::string_view start) {
  return start.find('\0') == std::string_view::npos && !start.starts_with("\x89PNG") && !start.starts_with("\xff\xd8");
}

// .3dl starts with a mesh or a line of whole numbers, .cube with a keyword.
bool is_3dl(std::string_view start, const std::string& path) {
  LutText text(start, path);
  if (!text.next()) return false;
  const auto& words = text.words();
  if (words[0] == "3DMESH" || words[0] == "Mesh") return true;
  const bool is_named_cube = path.ends_with(".cube") || path.ends_with(".CUBE");
  return !is_named_cube &&
         std::all_of(words.begin(), words.end(), [](std::string_view w) { return parse_integer(w).has_value(); });
}

CubeTable load(const std::string& path) {
  // 144 nodes per axis take less than half of it.
  constexpr std::size_t largest_text = 256u << 20;
  const std::string start = read_start(path, 1 << 16);
  if (start.empty()) throw Error(Code::look, "found an empty file; expected .cube, .3dl or a HaldCLUT picture", path);
  if (!is_text(start)) return read_hald(path);
  const std::string text = read_file(path, largest_text);
  return is_3dl(start, path) ? parse_3dl(text, path) : parse_cube(text, path);
}

}  // namespace

std::shared_ptr<const CubeTable> load_lut(const std::string& path) {
  try {
    return std::make_shared<CubeTable>(load(path));
  } catch (const Error& e) {
    if (e.code() != Code::input && e.code() != Code::resource) throw;
    // A table that cannot be read is a refused look, whatever kind of file it is in.
    const std::string what = e.what();
    throw Error(Code::look, e.where().empty() ? what : what.substr(e.where().size() + 2), e.where());
  }
}

}  // namespace sfumato
