// SPDX-License-Identifier: Apache-2.0
// Files that a command writes beside its pictures, or instead of some: reports, looks, previews, traces. Checked before
// work starts, so that nothing is lost and no work is in vain. Empty paths pass.
#pragma once

#include <string>
#include <vector>

namespace sfumato {

// Throws Code::usage when it is one of the files that are read or written as well, Code::output when it cannot be
// written.
void check_side_output(const std::string& path, const std::vector<std::string>& others);

// Also throws Code::output when it exists and must not be replaced; `option` is what would allow that.
void check_new_output(const std::string& path, const std::vector<std::string>& others, bool replaces,
                      const char* option = "--overwrite");

// Reports replace reports: also throws Code::usage for a name that does not end in .html.
void check_report(const std::string& path);

}  // namespace sfumato
