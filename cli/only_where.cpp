// SPDX-License-Identifier: Apache-2.0
#include "only_where.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace sfumato {
namespace {

struct Rule {
  const CLI::Option* choice;
  std::vector<std::string> values;
  std::vector<const CLI::Option*> options;
};

// --with net or neural, as it is typed.
std::string typed(const CLI::Option& choice, const std::string& values) { return choice.get_name() + " " + values; }

std::string expected(const Rule& rule) {
  return typed(*rule.choice, fmt::format("{}", fmt::join(rule.values, " or ")));
}

void check(const Rule& rule) {
  const auto value = rule.choice->as<std::string>();
  if (std::find(rule.values.begin(), rule.values.end(), value) != rule.values.end()) return;
  for (const CLI::Option* o : rule.options)
    if (o->count() > 0)
      throw CLI::ValidationError(
          fmt::format("{}: found with {}; expected {}", o->get_name(), typed(*rule.choice, value), expected(rule)));
}

void add(CLI::App& app, Rule rule) {
  static std::map<const CLI::App*, std::vector<Rule>> rules;
  rules[&app].push_back(std::move(rule));
  app.parse_complete_callback([&app] { std::for_each(rules[&app].begin(), rules[&app].end(), check); });
}

}  // namespace

void only_where(CLI::App& app, const std::string& choice, const std::vector<std::string>& values,
                const std::vector<std::string>& options) {
  Rule rule{app.get_option(choice), values, {}};
  for (const std::string& name : options) {
    CLI::Option* o = app.get_option(name);
    o->description(fmt::format("{} ({})", o->get_description(), expected(rule)));
    rule.options.push_back(o);
  }
  add(app, std::move(rule));
}

void only_where(CLI::App& app, const std::string& choice, const std::vector<std::string>& values, const char* group) {
  Rule rule{app.get_option(choice), values, {}};
  for (CLI::Option* o : app.get_options([&](const CLI::Option* o) { return o->get_group() == group; })) {
    o->group(fmt::format("{} ({})", group, expected(rule)));
    rule.options.push_back(o);
  }
  add(app, std::move(rule));
}

}  // namespace sfumato
