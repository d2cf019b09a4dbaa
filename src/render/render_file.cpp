// SPDX-License-Identifier: Apache-2.0
#include "render/render_file.h"

#include <fmt/format.h>

#include "base/fnv.h"
#include "files/vips.h"
#include "render/plan.h"
#include "render/stream.h"
#include "sfumato/version.h"

namespace sfumato {

std::string render_key(const Look& look) {
  // All that changes pixels; tables by content, since a LUT file may change under its name.
  const std::string text = print_look(look) + version();
  std::uint64_t h = fnv1a(text.data(), text.size());
  for (const LookStep& step : look.steps)
    if (step.table) h = fnv1a(step.table->nodes.data(), step.table->nodes.size() * sizeof(float), h);
  return fmt::format("{:016x}", h);
}

FileReport render_file(const FileJob& job) {
  OpenPicture picture = open_picture(job.input, job.open);
  const Plan plan(job.look, picture.profile, job.save.converts_to_srgb ? nullptr : picture.out_profile);
  if (!plan.is_point()) allow_random_access(picture, job.input);

  auto counter = std::make_shared<StreamReport>();
  const Sample sample = output_sample(job.save, job.output, picture.sample());
  const std::shared_ptr<VipsImage> rendered(stream(plan, picture.image.get(), sample, job.render, counter), g_object_unref);
  SaveOptions save = job.save;
  if (job.record_look) {
    save.look_name = job.look.id;
    save.look_text = print_look(job.look);
    save.key = render_key(job.look);
  }
  const std::vector<std::string> not_carried = save_picture(rendered.get(), job.output, save, job.input);

  FileReport report{picture.image->Xsize, picture.image->Ysize, counter->not_finite, std::move(picture.warnings)};
  report.warnings.insert(report.warnings.end(), not_carried.begin(), not_carried.end());
  if (report.not_finite > 0) report.warnings.push_back(fmt::format("found {} samples that are not finite; rendered as black or white", report.not_finite));
  return report;
}

}  // namespace sfumato
