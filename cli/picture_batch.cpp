// SPDX-License-Identifier: Apache-2.0
#include "picture_batch.h"

#include <fmt/format.h>

#include "checks.h"
#include "command.h"
#include "files/metadata.h"
#include "sfumato/error.h"

namespace sfumato {

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

Verdict PictureBatch::judge(const Job& job, const std::string& key) const {
  return run.judge(job, recorded_key(key, save, dithers), [](const std::string& output) -> std::optional<std::string> {
    const auto record = read_look(read_xmp(output));
    if (!record) return {};
    return record->key;
  });
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
