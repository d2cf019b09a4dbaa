// SPDX-License-Identifier: Apache-2.0
#include "look_shelf.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/fnv.h"
#include "base/text.h"
#include "files/lut_file.h"
#include "http.h"
#include "look/learned_file.h"
#include "look/table_hash.h"
#include "look/values.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

constexpr const char* endings[]{".safetensors", ".json"};
constexpr const char *table_ending = ".cube", *removed_ending = ".removed";

std::string hash_name(const void* data, std::size_t size) { return fmt::format("{:016x}", fnv1a(data, size)); }

constexpr std::size_t kept_in_memory = 32 << 20;

std::size_t bytes_of_table(const std::shared_ptr<const CubeTable>& t) { return t->nodes.size() * sizeof(float); }

bool is_kept_table(const std::string& name) {
  return name.size() == 16 + 5 && name.ends_with(table_ending) && name.find_first_not_of("0123456789abcdef") == 16;
}

// Letters and digits of a title, what else there is as hyphens.
std::string slug(const std::string& title) {
  std::string name;
  for (const char c : title.substr(0, 60)) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool is_capital = c >= 'A' && c <= 'Z';
    if (is_word || is_capital)
      name += is_capital ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (name.ends_with("-")) name.pop_back();
  return name.empty() ? "look" : name;
}

}  // namespace

std::string table_name(const CubeTable& table) { return fmt::format("{:016x}", hash_table(table, fnv1a("", 0))); }

LookShelf::LookShelf(std::string folder) : folder_(std::move(folder)), tables_(kept_in_memory, bytes_of_table) {
  for (const char* part : {"own", "tables", "texts"}) fs::create_directories(fs::path(folder_) / part);
}

std::vector<std::string> LookShelf::own_names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(folder_) / "own"))
    if (std::find(std::begin(endings), std::end(endings), entry.path().extension()) != std::end(endings))
      names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string LookShelf::path_of(const std::string& name) const {
  const std::vector<std::string> own = own_names();
  if (!std::binary_search(own.begin(), own.end(), name)) return {};
  for (const char* ending : endings) {
    const std::string path = new_path(name, ending);
    if (fs::exists(path)) return path;
  }
  return {};
}

std::shared_ptr<const Look> LookShelf::find(const std::string& name) const {
  std::lock_guard lock(mutex_);
  std::shared_ptr<const Look>& opened = opened_[name];
  if (opened) return opened;
  try {
    std::vector<std::string> known = look_names();
    const bool is_builtin = std::binary_search(known.begin(), known.end(), name);
    const std::string path = is_builtin ? name : path_of(name);
    if (path.empty()) {
      const std::vector<std::string> own = own_names();
      known.insert(known.end(), own.begin(), own.end());
      throw Error(Code::look, unknown_name("look", name, known), "looks");
    }
    return opened = std::make_shared<const Look>(find_look(path));
  } catch (...) {
    opened_.erase(name);
    throw;
  }
}

std::string LookShelf::argument(const std::string& name) const {
  find(name);
  const std::vector<std::string> known = look_names();
  return std::binary_search(known.begin(), known.end(), name) ? name : path_of(name);
}

std::string LookShelf::free_name(const std::string& title) const {
  const std::string base = slug(title);
  std::vector<std::string> taken = look_names();
  const std::vector<std::string> own = own_names();
  taken.insert(taken.end(), own.begin(), own.end());
  std::string name = base;
  auto is_taken = [&] {
    return std::find(taken.begin(), taken.end(), name) != taken.end() || fs::exists(new_path(name, removed_ending));
  };
  for (int i = 2; is_taken(); ++i) name = fmt::format("{}-{}", base, i);
  return name;
}

std::string LookShelf::new_path(const std::string& name, const std::string& ending) const {
  return (fs::path(folder_) / "own" / (name + ending)).string();
}

std::string LookShelf::take(const std::string& path, const std::string& file_name, const std::string& title) {
  const std::string ending = extension_of(file_name);
  // find_look tells by the ending; other files are tables by their content.
  const std::string named = ending == "json" || ending == "safetensors" ? path + "." + ending : path;
  if (named != path) fs::rename(path, named);
  Look look;
  try {
    look = ending == "json" ? parse(read_file(named, 1 << 24), file_name) : find_look(named);
  } catch (const Error& e) {
    std::error_code ignored;
    if (named != path) fs::remove(named, ignored);
    // The user knows the file by its name, not by where it was kept.
    std::string what = e.what();
    if (const auto at = what.find(named); at != std::string::npos) what.replace(at, named.size(), file_name);
    throw Error(Code::look, what);
  }
  if (!title.empty()) look.title = title;
  if (title.empty() && named == path) look.title = fs::path(file_name).stem().string();
  if (named == path) look.about = "The LUT " + file_name + ".";
  const std::string name = free_name(look.title);
  const bool has_tables =
      std::any_of(look.steps.begin(), look.steps.end(), [](const LookStep& s) { return s.table != nullptr; });
  if (ending == "safetensors" && title.empty())
    fs::rename(named, new_path(name, ".safetensors"));
  else if (ending == "json" && !has_tables)
    write_file_atomically(new_path(name, ".json"), print_look(look));
  else
    write_look(new_path(name, ".safetensors"), look, {});
  std::error_code ignored;
  if (named != path) fs::remove(named, ignored);
  return name;
}

void LookShelf::remove(const std::string& name) {
  std::lock_guard lock(mutex_);
  const std::string path = path_of(name);
  if (path.empty()) throw HttpError(404, "missing", "there is no look of your own of this name", name);
  write_file_atomically(new_path(name, removed_ending), "");
  fs::remove(path);
  opened_.erase(name);
}

Look LookShelf::parse(const std::string& text, const std::string& name) const {
  return parse_look_with(text, name, [&](const std::string& file) {
    if (!is_kept_table(file))
      throw Error(Code::look,
                  "found a path to a table; in the studio, tables come with the looks that are dropped there", name);
    return *tables_.get(file, [&] { return load_lut((fs::path(folder_) / "tables" / file).string()); });
  });
}

std::string LookShelf::keep_table(const CubeTable& table) const {
  const std::string name = table_name(table) + table_ending;
  const fs::path path = fs::path(folder_) / "tables" / name;
  if (!fs::exists(path)) write_file_atomically(path.string(), print_cube(table, "table"));
  return name;
}

std::string LookShelf::keep_text(const Look& look) const {
  Look named = look;
  for (LookStep& step : named.steps)
    if (step.table) step.file = "../../tables/" + keep_table(*step.table);
  const std::string text = print_look(named);
  const fs::path folder = fs::path(folder_) / "texts" / hash_name(text.data(), text.size());
  const std::string path = (folder / (slug(look.title) + ".json")).string();
  if (!fs::exists(path)) {
    fs::create_directories(folder);
    write_file_atomically(path, text);
  }
  return path;
}

}  // namespace sfumato
