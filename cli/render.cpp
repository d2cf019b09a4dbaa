// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "batch_run.h"
#include "command.h"
#include "files/vips.h"
#include "look_options.h"
#include "picture_batch.h"
#include "render/render_file.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

struct Options {
  PictureBatch pictures;
  LookOptions look;
};

int run(Options o) {
  FileJob base;
  base.recipe = o.look.load();
  if (o.look.looks.empty() && o.look.settings.empty())
    throw Error(Code::usage, "found neither --look nor --set; sfumato looks lists the looks");
  PictureBatch& pictures = o.pictures;
  const std::string key = render_key(base.recipe);
  const Batch batch = pictures.plan(base.recipe.resolve().look.id);
  base.open = pictures.open, base.save = pictures.save;
  base.render.dither = pictures.dithers;
  base.render.threads = pictures.run.threads;
  BatchRun runner(pictures.run);
  auto judge = [&](const Job& job) { return pictures.judge(job, key); };
  if (pictures.run.dry_run) return runner.dry_run(batch, judge);
  set_vips_threads(base.render.threads);
  return runner.run(batch, judge, [&](const Job& job, nlohmann::json& record) {
    FileJob file = base;
    file.input = job.input;
    file.output = job.output;
    const FileReport report = render_file(file);
    record.update({{"width", report.width}, {"height", report.height}, {"warnings", report.warnings}});
    if (report.confidence) record["confidence"] = *report.confidence;
    for (const std::string& w : report.warnings) runner.say(fmt::format("sfumato: {}: warning: {}", job.input, w));
  });
}

const Registered render_command({"render", "Render pictures through a look at full resolution",
                                 "  sfumato render photo.jpg --look classic-chrome -o styled.jpg\n"
                                 "  sfumato render holiday/ -r --look velvia --strength 0.7 -o styled/\n"
                                 "  sfumato render scan.tif --look film.cube --set grain.amount=0.2",
                                 [](CLI::App& app) {
                                   auto o = std::make_shared<Options>();
                                   o->pictures.declare_inputs(app);
                                   o->look.declare(app);
                                   o->pictures.declare_files(app);
                                   o->pictures.declare_run(app);
                                   return [o] { return run(*o); };
                                 }});

}  // namespace
}  // namespace sfumato
