// SPDX-License-Identifier: Apache-2.0
// The photos of the user, kept in the state folder under the hash of their bytes.
#pragma once

#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sfumato {

struct StoredPhoto {
  std::string id, name;  // SHA-256; the name it came with
  std::string path;      // of the bytes
  int width = 0, height = 0, bits = 8;
  std::string profile;  // "sRGB" or "embedded"
  long long order = 0;  // of arrival

  nlohmann::json json() const;
};

// What of a name that came from outside may stand in a path: its last part, without control characters, not hidden.
std::string safe_file_name(const std::string& name);

class PhotoStore {
 public:
  // Makes the folder, 0700.
  explicit PhotoStore(std::string folder);

  // Takes the file at `path` over, if it is a picture. Throws Code::input, Code::resource when it is none.
  StoredPhoto add(const std::string& path, const std::string& sha256, const std::string& name);
  std::vector<StoredPhoto> list() const;
  // Throws HttpError 404.
  StoredPhoto find(const std::string& id) const;
  void remove(const std::string& id);

 private:
  const std::string folder_;
  mutable std::mutex mutex_;
};

}  // namespace sfumato
