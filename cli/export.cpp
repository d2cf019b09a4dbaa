// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/file.h"
#include "command.h"
#include "files/lut_file.h"
#include "look_options.h"
#include "render/bake.h"
#include "render/glsl.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

struct Args {
  LookOptions look;
  std::string output, title;
  int size = 0;
  bool glsl = false;
};

void warn_not_carried(const std::vector<std::string>& ops, const char* why) {
  if (!ops.empty()) fmt::print("not carried: {} ({})\n", fmt::join(ops, ", "), why);
}

int export_glsl(const Args& args, const Look& look) {
  const GlslLook glsl = print_glsl(look);
  write_file_atomically(args.output, glsl.text);
  fmt::print("{}: GLSL ES 3.00, vec3 look(vec3 encoded_srgb, Site at){}\n", args.output, glsl.tables ? fmt::format(", {} 3D textures to bind", glsl.tables) : "");
  warn_not_carried(glsl.not_carried, "they need neighbors, or curves before a table");
  return 0;
}

int export_table(const Args& args, const Look& look) {
  const std::string extension = std::filesystem::path(args.output).extension().string();
  const bool is_hald = extension == ".png";
  if (extension != ".cube" && extension != ".3dl" && !is_hald)
    throw Error(Code::usage, fmt::format("found '{}'; expected .cube, .3dl, .png (HaldCLUT) or --glsl", extension), args.output);
  // A Hald of level 8 is what most programs ship; 33 nodes are what cube users expect.
  const int size = args.size ? args.size : is_hald ? 64 : extension == ".3dl" ? 17 : 33;
  const Baked baked = bake(look, size);
  const std::string title = args.title.empty() ? look.title : args.title;
  if (is_hald) {
    write_hald(baked.table, args.output);
  } else {
    write_file_atomically(args.output, extension == ".cube" ? print_cube(baked.table, title) : print_3dl(baked.table));
  }
  fmt::print("{}: {} nodes per axis\n", args.output, size);
  fmt::print("residual to the renderer: delta E 2000 mean {:.4f}, p99 {:.4f}, max {:.4f}; difference mean {:.2e}, max {:.2e}\n", baked.mean_e, baked.p99_e,
             baked.max_e, baked.mean_difference, baked.max_difference);
  if (baked.outside > 0) fmt::print("outside 0..1: {:.1f} % of the nodes{}\n", 100 * baked.outside, extension == ".cube" ? "" : ", clipped in this format");
  warn_not_carried(baked.not_carried, "they depend on position or neighbors");
  return 0;
}

const Registered export_command({"export", "Write a look as .cube, .3dl, HaldCLUT or GLSL, and say what is lost",
    "  sfumato export --look classic-chrome -o classic-chrome.cube\n"
    "  sfumato export --look velvia --size 64 -o velvia.png\n"
    "  sfumato export --look provia --glsl -o provia.glsl",
    [](CLI::App& app) {
      auto args = std::make_shared<Args>();
      args->look.declare(app);
      app.add_option("--output,-o", args->output, "File to write; its extension chooses the format")->required();
      app.add_option("--size", args->size, "Nodes per axis. Default: 33, .3dl 17, HaldCLUT 64")->check(CLI::Range(2, 144));
      app.add_option("--title", args->title, "Title in the file. Default: the look's");
      app.add_flag("--glsl", args->glsl, "Write GLSL ES 3.00 source");
      return [args] {
        const LookRecipe recipe = args->look.load();
        if (recipe.is_adaptive()) fmt::print("not carried: what adapts the look to each photo; this is the look for all photos\n");
        const Look look = recipe.resolve().look;
        return args->glsl ? export_glsl(*args, look) : export_table(*args, look);
      };
    }});

}  // namespace
}  // namespace sfumato
