// SPDX-License-Identifier: Apache-2.0
// Complete files for the user: made by the program's own commands, so that they are what the command line makes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "http.h"
#include "wish.h"

namespace sfumato {

// A folder that goes when this does.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& parent);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class FilesOut {
 public:
  FilesOut(std::string program, std::string folder, Wishes& wishes)
      : program_(std::move(program)), folder_(std::move(folder)), wishes_(wishes) {}

  // The wished picture in full: {format?, quality?, bits?}.
  Response save(const Wish&, const nlohmann::json& request) const;
  // The look: {format: json, cube, 3dl, hald or glsl}.
  Response export_look(const Wish&, const nlohmann::json& request);
  // The line that makes the same file from the photo where the user has it.
  std::string command(const Wish&, const nlohmann::json& request) const;

 private:
  std::vector<std::string> render_arguments(const Wish&, const nlohmann::json& request, const std::string& input,
                                            const std::string& output) const;

  const std::string program_, folder_;
  Wishes& wishes_;
};

// The file as a download of that name.
Response download(const std::string& path, const std::string& name);

// Its name without ending, "_", the look's; the format's ending, by default the photo's own.
std::string output_name(const Wish&, const nlohmann::json& request);

}  // namespace sfumato
