// SPDX-License-Identifier: Apache-2.0
#include "photo_store.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "files/picture_file.h"
#include "http.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

constexpr const char* about_name = "about.json";

StoredPhoto read_photo(const fs::path& folder) {
  const auto about = nlohmann::json::parse(read_file((folder / about_name).string(), 1 << 20));
  StoredPhoto p;
  p.id = folder.filename().string();
  p.name = about.at("name");
  p.path = (folder / about.at("file").get<std::string>()).string();
  p.width = about.at("width"), p.height = about.at("height"), p.bits = about.at("bits");
  p.profile = about.at("profile");
  p.order = about.at("order");
  return p;
}

}  // namespace

nlohmann::json StoredPhoto::json() const {
  return {{"id", id},
          {"name", name},
          {"width", width},
          {"height", height},
          {"bits", bits},
          {"profile", profile},
          {"thumbnail", "/api/photos/" + id + "/thumbnail.jpg"}};
}

std::string safe_file_name(const std::string& name) {
  std::string last = name.substr(name.find_last_of("/\\") + 1);
  std::erase_if(last, [](unsigned char c) { return c < 32 || c == 127; });
  while (last.starts_with(".") || last.starts_with("-")) last.erase(0, 1);
  // Long names lose their middle, not their ending.
  if (last.size() > 120) last = last.substr(0, 100) + last.substr(last.size() - 20);
  return last.empty() ? "photo" : last;
}

PhotoStore::PhotoStore(std::string folder) : folder_(std::move(folder)) {
  fs::create_directories(folder_);
  fs::permissions(folder_, fs::perms::owner_all);
}

StoredPhoto PhotoStore::add(const std::string& path, const std::string& sha256, const std::string& name) {
  const fs::path folder = fs::path(folder_) / sha256;
  std::error_code error;
  {
    std::lock_guard lock(mutex_);
    if (fs::exists(folder / about_name, error)) return read_photo(folder);
  }
  // RAW files are told by their ending, so it stays.
  const std::string ending = is_picture_name(name) ? "." + extension_of(name) : std::string();
  const std::string named = path + ending;
  fs::rename(path, named);
  try {
    StoredPhoto p;
    {
      const OpenPicture picture = open_picture(named);
      p.width = picture.width(), p.height = picture.height();
      p.bits = 8 * bytes_of(picture.sample());
      p.profile = picture.profile ? "embedded" : "sRGB";
    }
    p.id = sha256;
    p.name = safe_file_name(name);
    p.order = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
                  .count();
    const std::string file = "photo" + ending;
    p.path = (folder / file).string();
    nlohmann::json about = p.json();
    about["file"] = file;
    about["order"] = p.order;
    std::lock_guard lock(mutex_);
    fs::create_directories(folder);
    fs::rename(named, p.path);
    write_file_atomically((folder / about_name).string(),
                          about.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
    return p;
  } catch (const Error& e) {
    fs::remove(named, error);
    // The user knows the photo by its name, not by where it was kept.
    std::string what = e.what();
    if (const auto at = what.find(named); at != std::string::npos) what.replace(at, named.size(), name);
    throw HttpError(422, "input", what);
  }
}

std::vector<StoredPhoto> PhotoStore::list() const {
  std::lock_guard lock(mutex_);
  std::vector<StoredPhoto> all;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    std::error_code error;
    if (fs::exists(entry.path() / about_name, error)) all.push_back(read_photo(entry.path()));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.order < b.order; });
  return all;
}

StoredPhoto PhotoStore::find(const std::string& id) const {
  const bool is_hash = id.size() == 64 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
  const fs::path folder = fs::path(folder_) / id;
  std::lock_guard lock(mutex_);
  std::error_code error;
  if (!is_hash || !fs::exists(folder / about_name, error)) throw HttpError(404, "missing", "there is no such photo");
  return read_photo(folder);
}

void PhotoStore::remove(const std::string& id) {
  const fs::path folder = fs::path(find(id).path).parent_path();
  std::lock_guard lock(mutex_);
  fs::remove_all(folder);
}

}  // namespace sfumato
