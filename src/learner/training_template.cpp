// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "learner/learn_look.h"
#include "look/builtin.h"
#include "look/rules.h"
#include "look/values.h"
#include "sfumato/error.h"

namespace sfumato {

namespace fs = std::filesystem;

Look training_template(const std::string& name) {
  const std::vector<std::string> looks = look_names();
  if (fs::path(name).has_extension() || std::binary_search(looks.begin(), looks.end(), name))
    return with_ranges_for_rules(find_look(name));
  std::vector<std::string> templates;
  for (const BuiltinText& b : builtin_texts())
    if (b.is_for_learning()) templates.push_back(fs::path(b.id).filename().string());
  if (std::find(templates.begin(), templates.end(), name) == templates.end())
    throw Error(Code::look, unknown_name("template", name, templates) + ", a look, or the path of one");
  return with_ranges_for_rules(find_look("learn/" + name));
}

}  // namespace sfumato
