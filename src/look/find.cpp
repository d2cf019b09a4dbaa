// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <string>

#include "base/file.h"
#include "base/text.h"
#include "files/lut_file.h"
#include "look/builtin.h"
#include "look/learned_file.h"
#include "look/values.h"
#include "sfumato/error.h"
#include "sfumato/look.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

// A LUT file is a look of one step.
Look lut_look(const fs::path& path) {
  Look look;
  look.id = look.title = path.stem().string();
  look.about = "The LUT " + path.filename().string();
  LookStep step = initial_step(*find_op("lut3d"));
  step.file = path.string();
  step.table = load_lut(path.string());
  look.steps.push_back(std::move(step));
  return look;
}

}  // namespace

std::span<const Look> builtin_looks() {
  static const std::vector<Look> all = [] {
    std::vector<Look> looks;
    for (const BuiltinText& b : builtin_texts())
      if (!b.is_for_learning()) looks.push_back(parse_look(b.text, std::string(b.id)));
    return looks;
  }();
  return all;
}

std::vector<std::string> look_names() {
  std::vector<std::string> names;
  for (const Look& look : builtin_looks()) names.push_back(look.id);
  for (const BuiltinFile& f : builtin_files()) names.emplace_back(f.id);
  std::sort(names.begin(), names.end());
  return names;
}

Look find_look(const std::string& name) {
  for (const BuiltinText& b : builtin_texts())
    if (b.id == name) return parse_look(b.text, name);

  for (const BuiltinFile& f : builtin_files())
    if (f.id == name) {
      Look look = learned_look(parse_safetensors(f.bytes, name), name);
      look.id = name;
      return look;
    }

  const fs::path path(name);
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    if (path.extension() == ".safetensors") return learned_look(read_safetensors(name), name);
    if (path.extension() != ".json") return lut_look(path);
    return parse_look(read_file(name, 1 << 24), name, path.parent_path().string());
  }
  if (path.has_extension() || path.has_parent_path()) throw Error(Code::look, "found no such file", name);
  throw Error(Code::look, unknown_name("look", printable(name), look_names()) + ", or the path of a look or LUT file");
}

}  // namespace sfumato
