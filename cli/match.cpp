// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "base/file.h"
#include "base/fnv.h"
#include "base/text.h"
#include "checks.h"
#include "command.h"
#include "files/lut_file.h"
#include "files/vips.h"
#include "look/learned_file.h"
#include "picture_batch.h"
#include "sfumato/error.h"
#include "side_output.h"
#include "transfer/match_file.h"
#include "transfer/match_look.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, MatchMethod> methods{{"transport", MatchMethod::transport},
                                                 {"cdf", MatchMethod::cdf},
                                                 {"cdf-rgb", MatchMethod::cdf_rgb},
                                                 {"mean-std", MatchMethod::mean_std}};
const std::map<std::string, MatchOnly> parts{
    {"all", MatchOnly::all}, {"luminance", MatchOnly::luminance}, {"color", MatchOnly::color}};

struct Options {
  PictureBatch pictures;
  MatchPlan plan;
  std::string method = "transport", only = "all", edges = "on", mask, save_look;
  bool is_series = false;
};

class MatchCommand {
 public:
  explicit MatchCommand(Options o) : o_(std::move(o)) {}

  int run() {
    PictureBatch& pictures = o_.pictures;
    const std::string look = fs::path(o_.plan.references.front()).stem().string();
    const Batch batch = pictures.plan(look);
    check(batch);
    MatchPlan& plan = o_.plan;
    plan.options.method = methods.at(o_.method);
    plan.options.only = parts.at(o_.only);
    plan.render.keeps_edges = o_.edges == "on";
    plan.render.dither = pictures.dithers;
    plan.render.threads = pictures.run.threads;
    set_vips_threads(plan.render.threads);
    const Matcher matcher(plan, pictures.open);
    key_ = key_of(matcher, batch);
    BatchRun runner(pictures.run);
    auto judge = [&](const Job& job) { return pictures.judge(job, key_); };
    if (pictures.run.dry_run) return runner.dry_run(batch, judge);
    // A picture that is skipped may still lack its look.
    if (!o_.save_look.empty() && !o_.is_series && !fs::exists(o_.save_look) && judge(batch.jobs[0]).is_current)
      save_look(matcher.match(batch.jobs[0].input, o_.mask));
    if (o_.is_series) {
      std::vector<std::string> photos;
      for (const Job& job : batch.jobs) photos.push_back(job.input);
      series_ = matcher.match_series(photos);
      save_look(series_);
    }
    return runner.run(batch, judge,
                      [&](const Job& job, nlohmann::json& record) { tell(runner, job, do_one(matcher, job), record); });
  }

 private:
  void check(const Batch& batch) const {
    const bool has_regions = !o_.mask.empty() || o_.plan.regions > 1;
    const bool is_one_table = o_.is_series || batch.jobs.size() == 1;
    if (!o_.mask.empty() && batch.jobs.size() != 1)
      throw Error(Code::usage, fmt::format("found {} photos for one --mask; expected one photo", batch.jobs.size()));
    if (o_.is_series && has_regions)
      throw Error(Code::usage, "found regions with --series; expected one table for all photos, without regions");
    if (o_.mask.empty() != o_.plan.reference_masks.empty())
      throw Error(Code::usage, "expected both --mask and --reference-mask, or neither");
    if (!o_.mask.empty() && o_.plan.regions > 1)
      throw Error(Code::usage, "found masks and --regions; expected one of them");
    std::vector<std::string> read = o_.plan.references;
    read.insert(read.end(), o_.plan.reference_masks.begin(), o_.plan.reference_masks.end());
    if (!o_.mask.empty()) read.push_back(o_.mask);
    for (const Job& job : batch.jobs) {
      for (const std::string& path : read) check_output(job.output, path);
    }
    if (o_.save_look.empty()) return;
    if (has_regions)
      throw Error(Code::usage, "found regions with --save-look; a look is the same everywhere in the picture",
                  o_.save_look);
    if (!is_one_table)
      throw Error(Code::usage, "found several photos, each with a table of its own; --series makes one for all",
                  o_.save_look);
    const std::string ending = extension_of(o_.save_look);
    if (ending != "cube" && ending != "json" && ending != "safetensors")
      throw Error(Code::usage, fmt::format("found '.{}'; expected .cube, .json or .safetensors", ending), o_.save_look);
    for (const Job& job : batch.jobs) read.insert(read.end(), {job.input, job.output});
    const RunOptions& run = o_.pictures.run;
    const bool replaces = run.resume || (run.mode() != IfExists::fail && run.mode() != IfExists::rename);
    for (const std::string& path : {o_.save_look, table_name()})
      check_new_output(path, read, replaces, "--if-exists overwrite");
  }

  // Of the table that a .json or .cube look is kept in; empty for others.
  std::string table_name() const {
    return extension_of(o_.save_look) == "safetensors" ? std::string()
                                                       : fs::path(o_.save_look).replace_extension(".cube").string();
  }

  // Of a mask's and a series' names too: what they hold is not read before outputs are judged.
  std::string key_of(const Matcher& matcher, const Batch& batch) const {
    std::string text = matcher.key() + o_.mask;
    if (o_.is_series)
      for (const Job& job : batch.jobs) text += '\n' + job.input;
    return fmt::format("{:016x}", fnv1a(text.data(), text.size()));
  }

  FileReport do_one(const Matcher& matcher, const Job& job) const {
    const Match match = o_.is_series ? series_ : matcher.match(job.input, o_.mask);
    const MatchRender& render = matcher.plan().render;
    FileReport report = render_whole_file(
        o_.pictures.whole_job(job, "match", key_),
        [&](const PictureSource& source) { return std::make_shared<const MatchedPicture>(match, source, render); });
    if (!o_.is_series) save_look(match);
    return report;
  }

  void save_look(const Match& match) const {
    const bool is_kept = o_.pictures.run.mode() == IfExists::skip && fs::exists(o_.save_look);
    if (o_.save_look.empty() || is_kept) return;
    const std::string& path = o_.save_look;
    const std::string reference = fs::path(o_.plan.references.front()).filename().string();
    Look look = look_of(match.front().table);
    look.id = fs::path(path).stem().string();
    look.title = look.id;
    look.about = "The colors of " + reference + ".";
    const std::string ending = extension_of(path);
    if (ending == "safetensors") return write_look(path, look, {});
    const std::string cube = table_name();
    write_file_atomically(cube, print_cube(*match.front().table, look.title));
    if (ending == "cube") return;
    look.steps[0].file = fs::path(cube).filename().string();
    write_file_atomically(path, print_look(look));
  }

  Options o_;
  std::string key_;
  Match series_;
};

void declare_match(CLI::App& app, Options& o) {
  app.add_option("--reference", o.plan.references,
                 "A picture whose color and light the photos shall have; several count equally")
      ->required()
      ->allow_extra_args(false)
      ->type_name("PICTURE");
  app.add_option("--method", o.method,
                 "transport: all colors together; cdf: lightness and two color axes each by its distribution; cdf-rgb: "
                 "red, green and blue so; mean-std: means and deviations")
      ->check(CLI::IsMember({"transport", "cdf", "cdf-rgb", "mean-std"}))
      ->capture_default_str();
  app.add_option("--only", o.only, "What to take over")
      ->check(CLI::IsMember({"all", "luminance", "color"}))
      ->capture_default_str();
  app.add_option("--strength", o.plan.options.strength, "Share of the way to the reference")
      ->check(within(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--protection", o.plan.options.protection, "Of skin, sky, whites and shadows")
      ->check(within(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--edges", o.edges,
                 "on: the change is smoothed along the photo's edges, detail is the photo's; off: each color alone, as "
                 "in the look that --save-look writes")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  app.add_option("--reach", o.plan.render.exchange.reach, "Of that smoothing, as a share of the longer side")
      ->check(within(0.001, 1.0))
      ->capture_default_str();
  app.add_option("--edge-step", o.plan.render.exchange.edges,
                 "Change between neighbors, summed over red, green and blue, that counts as an edge")
      ->check(within(0.01, 10.0))
      ->capture_default_str();
  app.add_option("--mask", o.mask,
                 "Regions of the photo: a gray picture (white and black are two regions), or one of flat colors; each "
                 "takes the colors of the same region in --reference-mask");
  app.add_option("--reference-mask", o.plan.reference_masks, "Regions of the reference; one for each")
      ->allow_extra_args(false);
  app.add_option("--regions", o.plan.regions, "Find so many soft regions in the photo and in the references; 0: none")
      ->check(within(0, most_found_regions))
      ->capture_default_str();
  app.add_flag("--series", o.is_series, "One change for all photos, so that a series or the frames of a shot agree");
  app.add_option("--save-look", o.save_look,
                 "Write the change of colors as a look: .cube, .json (its table beside it) or .safetensors");
}

const Registered match_command(
    {"match", "Give pictures the color and light of a reference picture",
     "  sfumato match photo.jpg --reference sunset.jpg -o out.jpg\n"
     "  sfumato match shoot/ --reference best.jpg --series --save-look best.cube -o matched/\n"
     "  sfumato match photo.jpg --reference night.jpg --regions 3 --strength 0.8",
     [](CLI::App& app) {
       auto o = std::make_shared<Options>();
       declare_inputs(app, o->pictures.batch);
       declare_match(app, *o);
       o->pictures.declare_files(app);
       o->pictures.run.declare(app);
       return [o] { return MatchCommand(*o).run(); };
     }});

}  // namespace
}  // namespace sfumato
