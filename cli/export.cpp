// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>

#include "base/file.h"
#include "base/text.h"
#include "checks.h"
#include "command.h"
#include "files/lut_file.h"
#include "look_options.h"
#include "render/analyze_file.h"
#include "render/bake.h"
#include "render/glsl.h"
#include "sfumato/error.h"
#include "side_output.h"

namespace sfumato {
namespace {

struct Args {
  LookOptions look;
  std::string photo, output, title;
  int size = 0;
  bool glsl = false, overwrites = false;
};

struct TableFormat {
  const char* extension;
  int size;    // that users of the format expect
  bool clips;  // values to 0..1
  void (*write)(const CubeTable&, const std::string& title, const std::string& path);
};

std::span<const TableFormat> table_formats() {
  static constexpr TableFormat all[]{
      {"cube", 33, false,
       [](const CubeTable& t, const std::string& title, const std::string& path) {
         write_file_atomically(path, print_cube(t, title));
       }},
      {"3dl", 17, true,
       [](const CubeTable& t, const std::string&, const std::string& path) {
         write_file_atomically(path, print_3dl(t));
       }},
      {"png", 64, true, [](const CubeTable& t, const std::string&, const std::string& path) { write_hald(t, path); }}};
  return all;
}

class Exporter {
 public:
  explicit Exporter(Args args) : args_(std::move(args)), recipe_(args_.look.load()), look_(resolve()) {}

  int run() {
    args_.look.require();
    std::vector<std::string> inputs = args_.look.looks;
    inputs.push_back(args_.photo);
    check_new_output(args_.output, inputs, args_.overwrites);
    if (recipe_.is_adaptive() && args_.photo.empty())
      fmt::print("not carried: what adapts the look to each photo; this is the look for all photos, --photo for one\n");
    const bool is_glsl_name = extension_of(args_.output) == "glsl";
    if (args_.glsl && !is_glsl_name && table_format())
      throw Error(Code::usage, "found --glsl and the name of a LUT; expected one of them", args_.output);
    if (args_.glsl || is_glsl_name)
      write_glsl();
    else
      write_table();
    return 0;
  }

 private:
  Look resolve() const {
    if (args_.photo.empty()) return recipe_.resolve().look;
    const Analysis photo = analyze_file(args_.photo);
    return recipe_.resolve(&photo).look;
  }

  void write_glsl() const {
    const GlslLook glsl = print_glsl(look_);
    write_file_atomically(args_.output, glsl.text);
    fmt::print("{}: GLSL ES 3.00, vec3 look(vec3 encoded_srgb, Site at){}\n", printable(args_.output),
               glsl.tables.empty() ? "" : fmt::format(", {} 3D textures to bind", glsl.tables.size()));
    say_not_carried(glsl.not_carried, "it needs neighbors, or curves before a table",
                    "they need neighbors, or curves before a table");
  }

  void write_table() const {
    const TableFormat* const found = table_format();
    if (!found)
      throw Error(
          Code::usage,
          fmt::format("found '.{}'; expected .cube, .3dl, .png (HaldCLUT) or .glsl", extension_of(args_.output)),
          args_.output);
    const TableFormat& format = *found;
    const Baked baked = bake(look_, args_.size ? args_.size : format.size);
    format.write(baked.table, args_.title.empty() ? look_.title : args_.title, args_.output);
    // Of what the file holds: rounded, and clipped where the format must.
    const Residual r = residual_of(*load_lut(args_.output), look_);
    fmt::print("{}: {} nodes per axis\n", printable(args_.output), baked.table.size);
    fmt::print(
        "residual to the renderer: delta E 2000 mean {:.4f}, p99 {:.4f}, max {:.4f}; difference mean {:.2e}, max "
        "{:.2e}\n",
        r.mean_e, r.p99_e, r.max_e, r.mean_difference, r.max_difference);
    if (baked.outside > 0)
      fmt::print("outside 0..1: {:.1f} % of the nodes{}\n", 100 * baked.outside,
                 format.clips ? ", clipped in this format" : "");
    say_not_carried(baked.not_carried, "it depends on position or neighbors", "they depend on position or neighbors");
  }

  // By the output's name; null: it names no LUT.
  const TableFormat* table_format() const {
    for (const TableFormat& f : table_formats())
      if (extension_of(args_.output) == f.extension) return &f;
    return nullptr;
  }

  static void say_not_carried(const std::vector<std::string>& ops, const char* why_it, const char* why_they) {
    if (!ops.empty()) fmt::print("not carried: {} ({})\n", fmt::join(ops, ", "), ops.size() == 1 ? why_it : why_they);
  }

  const Args args_;
  const LookRecipe recipe_;
  const Look look_;
};

const Registered export_command(
    {"export", "Write a look as .cube, .3dl, HaldCLUT or GLSL, and say what is lost",
     "  sfumato export --look classic-chrome -o classic-chrome.cube\n"
     "  sfumato export --look velvia --size 64 -o velvia.png\n"
     "  sfumato export --look provia -o provia.glsl\n"
     "  sfumato export --look classic-chrome-adaptive --photo photo.jpg -o photo.cube",
     [](CLI::App& app) {
       auto args = std::make_shared<Args>();
       args->look.declare(app);
       app.add_option("--output,-o", args->output, "File to write; its extension chooses the format")->required();
       app.add_option("--photo", args->photo, "The look as it is for this photo, where it adapts to each");
       app.add_option("--size", args->size, "Nodes per axis. Default: 33, .3dl 17, HaldCLUT 64")->check(within(2, 144));
       app.add_option("--title", args->title, "Title in the file. Default: the look's");
       app.add_flag("--glsl", args->glsl, "Write GLSL ES 3.00 source, also where the name does not end in .glsl");
       app.add_flag("--overwrite", args->overwrites, "Replace the output if it exists");
       return [args] { return Exporter(*args).run(); };
     }});

}  // namespace
}  // namespace sfumato
