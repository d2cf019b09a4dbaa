// SPDX-License-Identifier: Apache-2.0
// name=value behind the folders that a benchmark reads.
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {

using Options = std::map<std::string, std::string>;

// Throws Code::usage for names that `usual` does not have.
inline Options options_of(int argc, char** argv, const Options& usual) {
  Options all = usual;
  for (int i = 3; i < argc; ++i) {
    const std::string text = argv[i], name = text.substr(0, text.find('='));
    if (!usual.count(name) || name == text)
      throw Error(Code::usage, fmt::format("found '{}'; expected name=value of the names in the first lines of the "
                                           "benchmark's file",
                                           text));
    all[name] = text.substr(name.size() + 1);
  }
  return all;
}

// "1,5,25". Throws Code::usage: what is no positive number.
inline std::vector<int> numbers_of(const std::string& text) {
  std::vector<int> all;
  for (const auto part : split_words(text, ',')) {
    const auto number = parse_integer(part);
    if (!number || *number < 1)
      throw Error(Code::usage, fmt::format("found '{}'; expected whole numbers from 1 on, as 1,5,25", text));
    all.push_back(static_cast<int>(*number));
  }
  return all;
}

}  // namespace sfumato
