// SPDX-License-Identifier: Apache-2.0
#include "video/render_video.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "base/text.h"
#include "batch_run.h"
#include "checks.h"
#include "command.h"
#include "look_options.h"
#include "render/render_file.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

struct Options {
  BatchOptions batch{.kind = {"video", is_video_name, is_video_output_name, "mp4", "mp4"}};
  RunOptions run;
  LookOptions look;
  SaveVideo save;
  MatchPlan match;
  bool accepts_damage = false;
};

// What the videos are made with: how they are written makes others, too.
std::string mark_of(const ShotLook& look, const SaveVideo& save) {
  return fmt::format("{} {} {} {}", render_key(look.recipe), look.matcher ? look.matcher->key() : "0",
                     save.codec.empty() ? "auto" : save.codec, save.quality);
}

std::optional<std::string> recorded_mark(const std::string& path) {
  try {
    const std::string mark = read_video_info(path).mark;
    if (!mark.empty()) return mark;
  } catch (const Error&) {
    // What cannot be read is not of this program.
  }
  return {};
}

void tell(BatchRun& runner, const Job& job, const VideoReport& report, nlohmann::json& record) {
  record.update({{"width", report.width},
                 {"height", report.height},
                 {"frames", report.frames},
                 {"shots", report.shots},
                 {"warnings", report.warnings}});
  if (report.confidence) record["confidence"] = *report.confidence;
  for (const std::string& w : report.warnings) runner.say(fmt::format("sfumato: {}: warning: {}", job.input, w));
}

int run(Options o) {
  VideoJob base;
  if (o.match.references.empty()) o.look.require();
  base.look.recipe = o.look.load();
  o.batch.look = base.look.recipe.resolve().look.id;
  if (!o.match.references.empty()) {
    base.look.matcher = std::make_shared<const Matcher>(o.match);
    if (o.batch.look == "none") o.batch.look = std::filesystem::path(o.match.references.front()).stem().string();
  }
  o.batch.if_exists = o.run.mode();
  const Batch batch = plan_batch(o.batch);
  for (const Job& job : batch.jobs) {
    if (!o.batch.format.empty() && extension_of(job.output) != o.batch.format)
      throw Error(Code::usage, fmt::format("found --format {} for it; expected a name that says so", o.batch.format),
                  job.output);
    check_video_output(job.output, o.save);
    for (const std::string& reference : o.match.references) check_output(job.output, reference);
  }
  base.save = o.save;
  base.save.mark = mark_of(base.look, o.save);
  base.threads = o.run.threads;
  base.accepts_damage = o.accepts_damage;
  BatchRun runner(o.run);
  runner.let_work_stop();
  const auto judge = [&](const Job& job) { return o.run.judge(job, base.save.mark, recorded_mark); };
  if (o.run.dry_run) return runner.dry_run(batch, judge);
  return runner.run(batch, judge, [&](const Job& job, nlohmann::json& record) {
    VideoJob file = base;
    file.input = job.input;
    file.output = job.output;
    file.progress = [&](double share) {
      runner.show(share, job.input);
      return !BatchRun::is_stopping();
    };
    tell(runner, job, render_video(file), record);
  });
}

const Registered video_command(
    {"video", "Render videos through a look, or with the colors of a picture",
     "  sfumato video clip.mp4 --look classic-chrome -o styled.mp4\n"
     "  sfumato video rushes/ --look best.cube --set grain.amount=0.2 -o graded/\n"
     "  sfumato video clip.mp4 --reference still.jpg --set grain.amount=0.2 -o matched.mp4\n"
     "  sfumato video clip.mov --look mine.safetensors --codec h265 --quality 80 -o clip-mine.mov",
     [](CLI::App& app) {
       auto o = std::make_shared<Options>();
       declare_inputs(app, o->batch);
       o->look.declare(app);
       auto* reference = app.add_option("--reference", o->match.references,
                                        "A picture whose color and light each shot shall have; several count equally");
       reference->allow_extra_args(false)->type_name("PICTURE");
       app.add_option("--reference-strength", o->match.options.strength, "Share of the way to the reference")
           ->check(within(0.0, 1.0))
           ->needs(reference)
           ->capture_default_str();
       app.add_option("--format", o->batch.format,
                      fmt::format("{}. Default: by the output's name; in folders as the input",
                                  fmt::join(video_endings(), ", ")))
           ->check(CLI::IsMember(video_endings()));
       app.add_option("--codec", o->save.codec, "Default: the input's where it can be, else the file type's usual one")
           ->check(CLI::IsMember(video_codecs()));
       app.add_option("--quality", o->save.quality,
                      "Of lossy codecs; 90 looks like the rendered frames, 70 is half as large")
           ->check(within(1, 100))
           ->capture_default_str();
       app.add_flag("--accept-truncated", o->accepts_damage,
                    "Render damaged videos as far as they can be read, instead of refusing them");
       o->run.declare(app);
       return [o] { return run(*o); };
     }});

}  // namespace
}  // namespace sfumato
