// SPDX-License-Identifier: Apache-2.0
// Which file is the edit of which.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pairs/pair.h"

namespace sfumato {

struct FileMatch {
  std::string before, after;  // paths
};

struct NameMatches {
  std::vector<FileMatch> matched;
  std::vector<RefusedPair> refused;        // second versions of what is matched
  std::vector<std::string> before, after;  // left over
};

// By name: case, extension, folders, separators, words such as "edited" or "copy", a suffix that all files of a side
// share, and counters are passed over, the less the better. Names that fit several ways are left over.
NameMatches match_names(const std::vector<std::string>& before, const std::vector<std::string>& after);

// By what they show: mutual best matches with a clear lead. Unreadable files are left out.
std::vector<FileMatch> match_content(const std::vector<std::string>& before, const std::vector<std::string>& after,
                                     int threads);

// Words of a name that say on which side it belongs: +1 an edit, -1 an original, 0 nothing.
int side_of_name(const std::string& name);

// The file name without folder and extension.
std::string stem_of(const std::string& path);

}  // namespace sfumato
