// SPDX-License-Identifier: Apache-2.0
// Which file of one folder belongs to which of another, by name alone.
#pragma once

#include <string>
#include <vector>

namespace sfumato {

struct NamedPair {
  std::string name;  // the first one's, below its folder
  std::string first, second;
  std::vector<std::string> beside;  // one for each further folder
  std::string problem;              // not empty: cannot be paired, and why
};

// Files; or folders, in which a name stands for the same name with any extension, else for the one name
// that continues it after _ - . or a blank ("photo" and "photo_velvia"). Further folders are matched with the
// second. Files of the first two without a partner come with a problem.
// Throws Code::usage for a file against a folder, Code::input for what does not exist or holds no pictures.
std::vector<NamedPair> match_names(const std::string& first, const std::string& second,
                                   const std::vector<std::string>& beside, bool recursive);

}  // namespace sfumato
