// SPDX-License-Identifier: Apache-2.0
#include "picture_batch.h"

#include <fmt/format.h>

#include <filesystem>

#include "checks.h"
#include "command.h"
#include "files/metadata.h"
#include "sfumato/error.h"

namespace sfumato {

namespace fs = std::filesystem;

void PictureBatch::declare_inputs(CLI::App& app) {
  app.add_option("inputs", batch.inputs, "Pictures, or folders of pictures");
  app.add_option(
         "--output,-o", batch.output,
         "A file; or a folder, if it ends in /, exists, or several pictures go there. Default: beside each input")
      ->check(not_empty());
  app.add_option("--name", batch.name, "Names of outputs in a folder; {stem}, {look}, {ext} and {dir} are filled in")
      ->capture_default_str();
  app.add_flag("--recursive,-r", batch.recursive, "Look into folders within folders");
  app.add_option("--from-file", batch.list, "Read names of inputs from a file, one per line; - is standard input");
  app.add_flag("--null,-0", batch.zero_separated, "Names in --from-file end in NUL");
}

void PictureBatch::declare_files(CLI::App& app) {
  app.add_option("--format", save.format,
                 "jpg, png, tif, webp, avif, heic or jxl. Default: by the output's name; in folders as the input");
  app.add_option("--quality", save.quality, "Of lossy formats; from 90 on JPEG keeps full color resolution")
      ->check(within(1, 100))
      ->capture_default_str();
  app.add_option("--bits", save.bits, "8, 16 or 32 (float) per channel, 0: as the input; no more than the format holds")
      ->check(CLI::IsMember({0, 8, 16, 32}))
      ->capture_default_str();
  app.add_flag("--lossless", save.is_lossless, "WebP and JPEG XL without loss, AVIF within one step of 8 bits");
  app.add_flag("--compress", save.compresses, "Deflate in TIFF");
  app.add_option("--icc", icc_, "keep: the input's color profile; srgb: convert")
      ->check(CLI::IsMember({"keep", "srgb"}))
      ->capture_default_str();
  app.add_option("--dither", dither_, "Triangular noise of one step in 8-bit outputs, against banding")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  app.add_flag("--accept-truncated", open.accept_truncated,
               "Render damaged files as far as they can be read, instead of refusing them");
  app.add_option("--max-pixels", open.max_pixels, "Refuse larger pictures before decoding")
      ->check(within(1LL, 1000000000000000LL))
      ->capture_default_str();
}

void PictureBatch::declare_run(CLI::App& app) {
  run.declare(app);
  app.add_option("--shard", batch.shard, "i/n: only the i-th of n parts of the inputs, by a hash of their names");
}

Batch PictureBatch::plan(const std::string& look) {
  batch.look = look;
  batch.if_exists = run.mode();
  batch.format = save.format;
  save.converts_to_srgb = icc_ == "srgb";
  dithers = dither_ == "on";
  Batch planned = plan_batch(batch);
  for (const Job& job : planned.jobs) check_format(job.output);
  return planned;
}

void PictureBatch::check_format(const std::string& output) const {
  const std::string format = output_format(save, output);
  if (!save.format.empty() && is_output_name(output) && output_format({}, output) != format)
    throw Error(Code::usage, fmt::format("found --format {} for it; expected a name that says so", save.format),
                output);
  if (save.is_lossless && format == "jpg")
    throw Error(Code::usage, "found --lossless; JPEG has losses, expected another format", output);
}

// The output is there and was made from the same by this version.
bool PictureBatch::is_current(const Job& job, const std::string& key) const {
  if (!job.exists || batch.if_exists == IfExists::overwrite) return false;
  if (batch.if_exists == IfExists::skip) return true;
  if (!run.resume && batch.if_exists != IfExists::update) return false;
  const auto record = read_look(read_xmp(job.output));
  std::error_code error;
  return record && record->key == recorded_key(key, save, dithers) &&
         fs::last_write_time(job.output, error) >= fs::last_write_time(job.input, error);
}

BatchRun::Verdict PictureBatch::judge(const Job& job, const std::string& key) const {
  if (is_current(job, key)) return {true, {}};
  // Resumed and updating runs render anew what an earlier one made of another look or input; what others made stays.
  const bool updates = batch.if_exists == IfExists::update && job.exists;
  if (!updates && !(run.resume && !job.problem.empty())) return {false, job.problem};
  const bool is_ours = read_look(read_xmp(job.output)).has_value();
  if (is_ours) return {};
  return {false,
          updates ? "exists and is not a picture that this program made; choose --if-exists overwrite" : job.problem};
}

WholeJob PictureBatch::whole_job(const Job& job, const std::string& name, const std::string& key) const {
  WholeJob file{job.input, job.output, open, save, run.threads};
  file.save.look_name = name;
  file.save.look_text = command_line();
  file.save.key = recorded_key(key, save, dithers);
  return file;
}

void tell(BatchRun& runner, const Job& job, const FileReport& report, nlohmann::json& record) {
  record.update({{"width", report.width}, {"height", report.height}, {"warnings", report.warnings}});
  if (report.confidence) record["confidence"] = *report.confidence;
  for (const std::string& w : report.warnings) runner.say(fmt::format("sfumato: {}: warning: {}", job.input, w));
}

}  // namespace sfumato
