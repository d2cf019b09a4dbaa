// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "base/text.h"
#include "batch_run.h"
#include "checks.h"
#include "command.h"
#include "files/vips.h"
#include "look_options.h"
#include "picture_batch.h"
#include "render/render_file.h"
#include "sfumato/error.h"
#include "show_maps.h"
#include "video/encoding.h"

namespace sfumato {
namespace {

struct Options {
  PictureBatch pictures;
  LookOptions look;
  MaskOptions mask;  // of one picture; its path follows from mask_pattern
  std::string mask_pattern, maps;

  MaskOptions mask_of(const Job& job) const {
    MaskOptions m = mask;
    if (!mask_pattern.empty()) m.path = mask_name(mask_pattern, job.input);
    return m;
  }
};

void declare_mask(CLI::App& app, Options& o) {
  auto* mask = app.add_option("--mask", o.mask_pattern,
                              "A picture whose bright parts the look works on, or whose colors a look with regions "
                              "reads; {dir} and {stem} are filled in: {dir}/{stem}_mask.png");
  mask->type_name("FILE");
  app.add_option("--feather", o.mask.feather, "Width of the mask's soft border, as a share of the diagonal")
      ->check(within(0.0, 0.2))
      ->needs(mask)
      ->capture_default_str();
  app.add_option("--show-maps", o.maps,
                 "A folder for gray pictures of where each part of the look works, white where it does all of it")
      ->type_name("FOLDER");
  app.add_flag("--snap", o.mask.snaps, "The mask's border moves to edges of the photo nearby")->needs(mask);
}

// Maps are named after their photo.
void check_maps(const std::string& folder, const Batch& batch) {
  std::map<std::string, std::string> inputs;
  for (const Job& job : batch.jobs) {
    if (folder.empty()) return;
    const auto [other, is_new] = inputs.emplace(std::filesystem::path(job.input).stem().string(), job.input);
    if (!is_new)
      throw Error(Code::usage,
                  fmt::format("found two photos for its maps, {} and {}; expected different names with --show-maps",
                              printable(other->second), printable(job.input)),
                  folder);
  }
}

int run(Options o) {
  FileJob base;
  o.look.require();
  base.recipe = o.look.load();
  PictureBatch& pictures = o.pictures;
  const Batch batch = pictures.plan(base.recipe.resolve().look.id);
  for (const Job& job : batch.jobs)
    if (const std::string mask = o.mask_of(job).path; !mask.empty()) check_output(job.output, mask);
  check_maps(o.maps, batch);
  base.open = pictures.open, base.save = pictures.save;
  base.render.dither = pictures.dithers;
  base.render.threads = pictures.run.threads;
  BatchRun runner(pictures.run);
  auto judge = [&](const Job& job) {
    if (is_video_name(job.input)) return Verdict{false, "is a video; sfumato video renders those"};
    return pictures.judge(job, render_key(base.recipe, o.mask_of(job)));
  };
  if (pictures.run.dry_run) return runner.dry_run(batch, judge);
  set_vips_threads(base.render.threads);
  make_folder(o.maps);
  return runner.run(batch, judge, [&](const Job& job, nlohmann::json& record) {
    FileJob file = base;
    file.input = job.input;
    file.output = job.output;
    file.mask = o.mask_of(job);
    const FileReport report = render_file(file);
    if (!o.maps.empty()) record["maps"] = show_maps(file, o.maps);
    tell(runner, job, report, record);
  });
}

const Registered render_command({"render", "Render pictures through a look at full resolution",
                                 "  sfumato render photo.jpg --look classic-chrome -o styled.jpg\n"
                                 "  sfumato render holiday/ -r --look velvia --strength 0.7 -o styled/\n"
                                 "  sfumato render scan.tif --look film.cube --set grain.amount=0.2",
                                 [](CLI::App& app) {
                                   auto o = std::make_shared<Options>();
                                   declare_inputs(app, o->pictures.batch);
                                   o->look.declare(app);
                                   declare_mask(app, *o);
                                   o->pictures.declare_files(app);
                                   o->pictures.run.declare(app);
                                   return [o] { return run(*o); };
                                 }});

}  // namespace
}  // namespace sfumato
