// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "contact_sheet.h"
#include "look/recipe.h"
#include "render/analyze_file.h"
#include "sfumato/error.h"
#include "sfumato/look.h"
#include "side_output.h"

namespace sfumato {
namespace {

struct Args {
  std::string name, sheet, output;
  std::vector<std::string> looks;
  bool json = false, overwrites = false;
};

int list(const Args& args) {
  nlohmann::json all = nlohmann::json::array();
  for (const std::string& name : look_names()) {
    const Look look = find_look(name);
    if (args.json)
      all.push_back({{"id", look.id}, {"title", look.title}, {"about", look.about}, {"origin", look.origin}});
    else
      fmt::print("{:<23} {}\n", look.id, look.about);
  }
  if (args.json) fmt::print("{}\n", all.dump(1));
  return 0;
}

int sheet(const Args& args) {
  if (args.output.empty()) throw Error(Code::usage, "--sheet needs --output: the picture to write");
  check_new_output(args.output, {args.sheet}, args.overwrites);
  const Analysis photo = analyze_file(args.sheet);
  std::vector<std::string> names = args.looks;
  if (!args.name.empty()) names.insert(names.begin(), args.name);
  std::vector<Look> looks;
  for (const std::string& name : names.empty() ? look_names() : names) {
    looks.push_back(LookRecipe{{find_look(name)}, 1, {}}.resolve(&photo).look);
    looks.back().id = name;
  }
  write_contact_sheet(args.sheet, looks, args.output);
  return 0;
}

const Registered looks_command(
    {"looks", "List the built-in looks, print one, or show all on a photo",
     "  sfumato looks\n  sfumato looks classic-chrome > mine.json\n  sfumato looks --sheet photo.jpg -o sheet.jpg",
     [](CLI::App& app) {
       auto args = std::make_shared<Args>();
       app.add_option("look", args->name, "Print this look's text, to be edited and rendered; with --sheet, show it");
       app.add_option("--sheet", args->sheet, "A photo to show every look on");
       app.add_option("--output,-o", args->output, "Where --sheet goes");
       app.add_option("--look,-l", args->looks, "Only these looks on the sheet")
           ->allow_extra_args(false)
           ->type_name("LOOK");
       app.add_flag("--overwrite", args->overwrites, "Replace the sheet if it exists");
       app.add_flag("--json", args->json, "The list as JSON");
       return [args] {
         if (!args->sheet.empty()) return sheet(*args);
         if (!args->output.empty())
           throw Error(Code::usage, "found --output without --sheet; expected > to keep what is printed", args->output);
         if (args->name.empty()) return list(*args);
         fmt::print("{}", print_look(find_look(args->name)));
         return 0;
       };
     }});

}  // namespace
}  // namespace sfumato
