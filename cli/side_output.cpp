// SPDX-License-Identifier: Apache-2.0
#include "side_output.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "batch.h"
#include "sfumato/error.h"

namespace sfumato {

void check_side_output(const std::string& path, const std::vector<std::string>& others) {
  if (path.empty()) return;
  for (const std::string& other : others) check_output(path, other);
  const AtomicFile probe(path);  // leaves nothing unless committed
}

void check_new_output(const std::string& path, const std::vector<std::string>& others, bool replaces,
                      const char* option) {
  check_side_output(path, others);
  if (!path.empty() && !replaces && std::filesystem::exists(path))
    throw Error(Code::output, fmt::format("exists already; choose another name or {}", option), path);
}

void check_report(const std::string& path) {
  if (path.empty()) return;
  const std::string ending = extension_of(path);
  if (ending != "html" && ending != "htm")
    throw Error(Code::usage, fmt::format("found '.{}'; expected a report's name, ending in .html", ending), path);
  check_side_output(path, {});
}

}  // namespace sfumato
