// SPDX-License-Identifier: Apache-2.0
// Which file of one folder belongs to which of another, by name alone.
#pragma once

#include <string>
#include <vector>

namespace sfumato {

struct NamedPair {
  std::string name;           // the first one's, below its folder
  std::string first, second;
  std::string third;          // empty without a third folder
  std::string problem;        // not empty: cannot be paired, and why
};

// Two (or three) files; or folders, in which a name stands for the same name with any extension, else for the one name
// that continues it after _ - . or a blank ("photo" and "photo_velvia"). Files without a partner come with a problem.
// Throws Code::usage for a file against a folder, Code::input for what does not exist or holds no pictures.
std::vector<NamedPair> match_names(const std::string& first, const std::string& second, const std::string& third, bool recursive);

}  // namespace sfumato
