// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "base/file.h"
#include "command.h"
#include "files/lut_file.h"
#include "look/values.h"
#include "sfumato/error.h"
#include "sfumato/look.h"
#include "side_output.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

// A look beside its table, so that the two move together.
int import_lut(const std::string& input, const std::string& output, const std::string& title, bool overwrites) {
  if (fs::path(output).extension() != ".json") throw Error(Code::usage, "expected a name ending in .json", output);
  check_new_output(output, {input}, overwrites);
  const auto table = load_lut(input);
  const fs::path cube = fs::path(output).replace_extension(".cube");
  Look look;
  look.title = title.empty() ? fs::path(input).stem().string() : title;
  look.about = "Imported from " + fs::path(input).filename().string() + ".";
  LookStep step = initial_step(*find_op("lut3d"));
  step.file = cube.filename().string();
  look.steps.push_back(step);

  std::error_code error;
  if (fs::equivalent(input, cube, error)) {
    fmt::print("{}: in place\n", cube.string());
  } else {
    check_new_output(cube.string(), {}, overwrites);
    write_file_atomically(cube.string(), print_cube(*table, look.title));
    fmt::print("{}: {} nodes per axis{}\n", cube.string(), table->size,
               table->has_shaper() ? fmt::format(", curves of {}", table->shaper[0].size()) : "");
  }
  write_file_atomically(output, print_look(look));
  fmt::print("{}: sfumato render photo.jpg --look {}\n", output, output);
  return 0;
}

const Registered import_command(
    {"import", "Make a look of a .cube, .3dl or HaldCLUT file", "  sfumato import film.3dl -o film.json",
     [](CLI::App& app) {
       struct Args {
         std::string input, output, title;
         bool overwrites = false;
       };
       auto args = std::make_shared<Args>();
       app.add_option("input", args->input, "The table")->required();
       app.add_option("--output,-o", args->output, "The look to write (.json); its table goes beside it")->required();
       app.add_option("--title", args->title, "Title of the look. Default: the file's name");
       app.add_flag("--overwrite", args->overwrites, "Replace the look and its table if they exist");
       return [args] { return import_lut(args->input, args->output, args->title, args->overwrites); };
     }});

}  // namespace
}  // namespace sfumato
