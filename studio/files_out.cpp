// SPDX-License-Identifier: Apache-2.0
#include "files_out.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cctype>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "child.h"
#include "files/picture_file.h"
#include "guard.h"
#include "page.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

const StoredPhoto& photo_of(const Wish& wish) {
  if (!wish.photo) throw HttpError(400, "usage", "expected a photo", "photo");
  return *wish.photo;
}

// What may stand in a header; other bytes are percent-encoded by the form of RFC 5987.
std::string header_name(const std::string& name) {
  std::string text;
  for (const unsigned char c : name)
    text += std::isalnum(c) || std::strchr("-_.", c) ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  return text;
}

std::string look_name(const Wish& wish) {
  const std::string id = wish.recipe.resolve().look.id;
  return id.empty() ? "none" : id;
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::string& parent) : path_(parent + "/" + random_token()) {
  fs::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Response download(const std::string& path, const std::string& name) {
  Response r;
  r.fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (r.fd < 0) throw HttpError(404, "missing", "there is no such file");
  r.type = media_type(name);
  // A report that came with a file is not a page of this server.
  if (r.type.starts_with("text/")) r.type = "application/octet-stream";
  r.headers = {{"Content-Disposition", "attachment; filename*=UTF-8''" + header_name(name)}};
  return r;
}

std::string output_name(const Wish& wish, const nlohmann::json& request) {
  const StoredPhoto& photo = photo_of(wish);
  const fs::path name(photo.name);
  std::string format = request.value("format", std::string());
  if (format.empty()) {
    const std::string own = extension_of(photo.name);
    format = is_output_name(photo.name) ? own : "jpg";
  }
  SaveOptions options;
  options.format = format;
  output_format(options, photo.name);  // refuses what cannot be written
  return fmt::format("{}_{}.{}", name.stem().string(), look_name(wish), lower_case(format));
}

std::vector<std::string> FilesOut::render_arguments(const Wish& wish, const nlohmann::json& request,
                                                    const std::string& input, const std::string& output) const {
  std::vector<std::string> words{"render", input};
  for (const std::string& word : wishes_.arguments(wish)) words.push_back(word);
  for (const char* number : {"quality", "bits"})
    if (request.contains(number) && !request[number].is_null())
      words.insert(words.end(), {std::string("--") + number, std::to_string(request[number].get<int>())});
  words.insert(words.end(), {"-o", output});
  return words;
}

Response FilesOut::save(const Wish& wish, const nlohmann::json& request) const {
  const TemporaryFolder folder(folder_);
  const std::string name = output_name(wish, request), path = folder / ("picture." + extension_of(name));
  run_program(program_, render_arguments(wish, request, photo_of(wish).path, path));
  return download(path, name);
}

Response FilesOut::export_look(const Wish& wish, const nlohmann::json& request) {
  const std::string format = request.at("format"), name = look_name(wish);
  if (format == "json") {
    Response r;
    r.body = print_look(wishes_.resolve(wish));
    r.headers = {{"Content-Disposition", "attachment; filename*=UTF-8''" + header_name(name + ".json")}};
    return r;
  }
  static const std::map<std::string, std::string> endings{
      {"cube", ".cube"}, {"3dl", ".3dl"}, {"hald", ".png"}, {"glsl", ".glsl"}};
  const auto ending = endings.find(format);
  if (ending == endings.end())
    throw HttpError(400, "usage",
                    "found the format '" + printable(format) + "'; expected json, cube, 3dl, hald or glsl", "format");
  const TemporaryFolder folder(folder_);
  const std::string path = folder / (name + ending->second);
  std::vector<std::string> words{"export", "-o", path};
  if (format == "glsl") words.push_back("--glsl");
  for (const std::string& word : wishes_.arguments(wish)) words.push_back(word);
  run_program(program_, words);
  return download(path, name + ending->second);
}

std::string FilesOut::command(const Wish& wish, const nlohmann::json& request) const {
  const std::string input = wish.photo ? wish.photo->name : "photo.jpg";
  std::string line = "sfumato";
  for (const std::string& word :
       render_arguments(wish, request, input, wish.photo ? output_name(wish, request) : "out.jpg"))
    line += " " + shell_quoted(word);
  return line;
}

}  // namespace sfumato
