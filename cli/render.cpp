// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "batch_run.h"
#include "command.h"
#include "files/metadata.h"
#include "files/vips.h"
#include "look_options.h"
#include "render/render_file.h"
#include "sfumato/error.h"
#include "show_maps.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

struct Options {
  BatchOptions batch;
  LookOptions look;
  FileJob job;
  RunOptions run;
  std::string icc = "keep", dither = "on", mask, maps;
  bool snaps = false;
};

class Renderer {
 public:
  explicit Renderer(Options o) : o_(std::move(o)) {}

  int run() {
    o_.job.recipe = o_.look.load();
    if (o_.look.looks.empty() && o_.look.settings.empty())
      throw Error(Code::usage, "found neither --look nor --set; sfumato looks lists the looks");
    o_.batch.look = o_.job.recipe.resolve().look.id;
    o_.batch.if_exists = o_.run.mode();
    o_.job.save.converts_to_srgb = o_.icc == "srgb";
    o_.job.render.dither = o_.dither == "on";
    o_.job.render.threads = o_.run.threads;
    o_.batch.format = o_.job.save.format;
    o_.job.mask.snaps = o_.snaps;
    const Batch batch = plan_batch(o_.batch);
    for (const Job& job : batch.jobs) output_format(o_.job.save, job.output);
    BatchRun runner(o_.run);
    auto judge = [this](const Job& job) { return this->judge(job); };
    if (o_.run.dry_run) return runner.dry_run(batch, judge);
    set_vips_threads(o_.job.render.threads);
    return runner.run(batch, judge, [&](const Job& job, nlohmann::json& record) {
      FileJob file = o_.job;
      file.input = job.input;
      file.output = job.output;
      file.mask = mask_of(job);
      const FileReport report = render_file(file);
      if (!o_.maps.empty()) record["maps"] = show_maps(file, o_.maps);
      record.update({{"width", report.width}, {"height", report.height}, {"warnings", report.warnings}});
      if (report.confidence) record["confidence"] = *report.confidence;
      for (const std::string& w : report.warnings) runner.say(fmt::format("sfumato: {}: warning: {}", job.input, w));
    });
  }

 private:
  // The output is there and was made from this look by this version.
  bool is_current(const Job& job) const {
    if (!job.exists || o_.batch.if_exists == IfExists::overwrite) return false;
    if (o_.batch.if_exists == IfExists::skip) return true;
    if (!o_.run.resume && o_.batch.if_exists != IfExists::update) return false;
    const auto record = read_look(read_xmp(job.output));
    std::error_code error;
    return record && record->key == render_key(o_.job.recipe, mask_of(job)) &&
           fs::last_write_time(job.output, error) >= fs::last_write_time(job.input, error);
  }

  BatchRun::Verdict judge(const Job& job) const {
    if (is_current(job)) return {true, {}};
    // A resumed run renders anew what an earlier one made of another look or input; what others made stays.
    const bool is_renewed = o_.run.resume && !job.problem.empty() && read_look(read_xmp(job.output)).has_value();
    return {false, is_renewed ? std::string() : job.problem};
  }

  MaskOptions mask_of(const Job& job) const {
    MaskOptions mask = o_.job.mask;
    if (!o_.mask.empty()) mask.path = mask_name(o_.mask, job.input);
    return mask;
  }

  Options o_;
};

void declare_mask(CLI::App& app, Options& o) {
  auto* mask = app.add_option("--mask", o.mask,
                              "A picture whose bright parts the look works on, or whose colors a look with regions "
                              "reads; {dir} and {stem} are filled in: {dir}/{stem}_mask.png");
  mask->type_name("FILE");
  app.add_option("--feather", o.job.mask.feather, "Width of the mask's soft border, as a share of the diagonal")
      ->check(CLI::Range(0.0, 0.2))
      ->needs(mask)
      ->capture_default_str();
  app.add_option("--show-maps", o.maps,
                 "A folder for gray pictures of where each part of the look works, white where it does all of it")
      ->type_name("FOLDER");
  app.add_flag("--snap", o.snaps, "The mask's border moves to edges of the photo nearby")->needs(mask);
}

void declare_inputs(CLI::App& app, Options& o) {
  app.add_option("inputs", o.batch.inputs, "Pictures, or folders of pictures");
  app.add_option(
      "--output,-o", o.batch.output,
      "A file; or a folder, if it ends in /, exists, or several pictures go there. Default: beside each input");
  app.add_option("--name", o.batch.name, "Names of outputs in a folder; {stem}, {look}, {ext} and {dir} are filled in")
      ->capture_default_str();
  app.add_flag("--recursive,-r", o.batch.recursive, "Look into folders within folders");
  app.add_option("--from-file", o.batch.list, "Read names of inputs from a file, one per line; - is standard input");
  app.add_flag("--null,-0", o.batch.zero_separated, "Names in --from-file end in NUL");
}

void declare_files(CLI::App& app, Options& o) {
  app.add_option("--format", o.job.save.format,
                 "jpg, png, tif, webp, avif, heic or jxl. Default: by the output's name, else as the input");
  app.add_option("--quality", o.job.save.quality, "Of lossy formats; from 90 on JPEG keeps full color resolution")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--bits", o.job.save.bits, "8, 16 or 32 (float) per channel; 0 keeps the input's where the format can")
      ->check(CLI::IsMember({0, 8, 16, 32}))
      ->capture_default_str();
  app.add_flag("--lossless", o.job.save.is_lossless, "WebP, AVIF and JPEG XL without loss");
  app.add_flag("--compress", o.job.save.compresses, "Deflate in TIFF");
  app.add_option("--icc", o.icc, "keep: the input's color profile; srgb: convert")
      ->check(CLI::IsMember({"keep", "srgb"}))
      ->capture_default_str();
  app.add_option("--dither", o.dither, "Triangular noise of one step in 8-bit outputs, against banding")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  app.add_flag("--accept-truncated", o.job.open.accept_truncated,
               "Render damaged files as far as they can be read, instead of refusing them");
  app.add_option("--max-pixels", o.job.open.max_pixels, "Refuse larger pictures before decoding")
      ->capture_default_str();
}

const Registered render_command({"render", "Render pictures through a look at full resolution",
                                 "  sfumato render photo.jpg --look classic-chrome -o styled.jpg\n"
                                 "  sfumato render holiday/ -r --look velvia --strength 0.7 -o styled/\n"
                                 "  sfumato render scan.tif --look film.cube --set grain.amount=0.2",
                                 [](CLI::App& app) {
                                   auto o = std::make_shared<Options>();
                                   declare_inputs(app, *o);
                                   o->look.declare(app);
                                   declare_mask(app, *o);
                                   declare_files(app, *o);
                                   o->run.declare(app);
                                   app.add_option(
                                       "--shard", o->batch.shard,
                                       "i/n: only the i-th of n parts of the inputs, by a hash of their names");
                                   return [o] { return Renderer(*o).run(); };
                                 }});

}  // namespace
}  // namespace sfumato
