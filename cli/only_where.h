// SPDX-License-Identifier: Apache-2.0
// Options that mean something only where another one has certain values.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace sfumato {

// The help of each of `options` says so, and one that is given elsewhere is a usage error instead of being ignored.
// `choice` is an option of words, or a positional one.
void only_where(CLI::App&, const std::string& choice, const std::vector<std::string>& values,
                const std::vector<std::string>& options);
// All options of a group, whose title says so.
void only_where(CLI::App&, const std::string& choice, const std::vector<std::string>& values, const char* group);

}  // namespace sfumato
