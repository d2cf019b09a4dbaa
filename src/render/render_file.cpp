// SPDX-License-Identifier: Apache-2.0
#include "render/render_file.h"

#include <fmt/format.h>

#include "base/fnv.h"
#include "files/vips.h"
#include "render/analyze_file.h"
#include "render/plan.h"
#include "render/stream.h"
#include "sfumato/version.h"

namespace sfumato {

std::string render_key(const LookRecipe& recipe, const MaskOptions& mask) {
  const std::string text = version() + mask.key();
  const std::uint64_t h = recipe.hash();
  return fmt::format("{:016x}", fnv1a(&h, sizeof h, fnv1a(text.data(), text.size())));
}

void warn_of(const std::vector<std::string>& not_carried, FileReport& report) {
  report.warnings.insert(report.warnings.end(), not_carried.begin(), not_carried.end());
  if (report.not_finite > 0)
    report.warnings.push_back(
        fmt::format("found {} samples that are not finite; rendered as black or white", report.not_finite));
}

namespace {

// The look for this photo. An adaptive one needs all of it before the first pixel, which decoding need not wait for;
// JPEG files are faster read once more at an eighth of their size.
LookRecipe::Resolved resolve(const FileJob& job, OpenPicture& picture) {
  if (!job.recipe.is_adaptive()) return job.recipe.resolve();
  const bool once = decode_ahead(picture, job.input) && picture.format != "jpeg";
  const Analysis photo = once ? analyze_picture(picture, job.input) : analyze_file(job.input, job.open);
  return job.recipe.resolve(&photo);
}

}  // namespace

FileReport render_file(const FileJob& job) {
  OpenPicture picture = open_picture(job.input, job.open);
  const LookRecipe::Resolved resolved = resolve(job, picture);
  const Look look = masked(resolved.look, job.mask, job.input,
                           static_cast<double>(picture.image->Xsize) / picture.image->Ysize, job.open);

  const Plan plan(look, picture.profile, job.save.converts_to_srgb ? nullptr : picture.out_profile);
  if (!plan.is_point()) allow_random_access(picture, job.input);

  auto counter = std::make_shared<StreamReport>();
  const Sample sample = output_sample(job.save, job.output, picture.sample());
  const std::shared_ptr<VipsImage> rendered(stream(plan, picture.image.get(), sample, job.render, counter),
                                            g_object_unref);
  SaveOptions save = job.save;
  if (job.record_look) {
    save.look_name = look.id;
    save.look_text = print_look(look);
    save.key = recorded_key(render_key(job.recipe, job.mask), save, job.render.dither);
  }
  const std::vector<std::string> not_carried = save_picture(rendered.get(), job.output, save, job.input);

  FileReport report{picture.image->Xsize, picture.image->Ysize, counter->not_finite, std::move(picture.warnings), {}};
  if (job.recipe.is_adaptive()) report.confidence = resolved.confidence;
  warn_of(not_carried, report);
  return report;
}

FileReport render_file(const std::string& input, const Look& look, const std::string& output, const OpenOptions& open,
                       const SaveOptions& save, const RenderOptions& render) {
  return render_file({input, output, {{look}}, {}, open, save, render});
}

}  // namespace sfumato
