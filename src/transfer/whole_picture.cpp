// SPDX-License-Identifier: Apache-2.0
#include "transfer/whole_picture.h"

#include <algorithm>

#include "base/threads.h"
#include "files/vips.h"
#include "render/stream.h"
#include "sfumato/error.h"

namespace sfumato {

MutableView FloatRows::resized(int width, int height, int bands) {
  samples_.resize(static_cast<std::size_t>(width) * height * bands);
  const auto stride = static_cast<std::ptrdiff_t>(sizeof(float)) * width * bands;
  return {reinterpret_cast<std::byte*>(samples_.data()), width, height, bands, Sample::f32, stride};
}

namespace {

// Its transparency is interpolated; colors come from elsewhere.
std::shared_ptr<VipsImage> enlarged(const OpenPicture& picture, const WholeJob& job) {
  if (job.enlargement == 1) return picture.image;
  VipsImage* larger = nullptr;
  if (vips_resize(picture.image.get(), &larger, job.enlargement, "kernel", VIPS_KERNEL_LINEAR, nullptr))
    throw Error(Code::input, vips_error_text(), job.input);
  return {larger, g_object_unref};
}

}  // namespace

FileReport render_whole_file(const WholeJob& job, const ReadWhole& read) {
  OpenPicture picture = open_picture(job.input, job.open);
  allow_random_access(picture, job.input);
  VipsImage* in = picture.image.get();
  const std::shared_ptr<const WholePicture> whole = read(
      {picture.width(), picture.height(), picture.profile, job.save.converts_to_srgb ? nullptr : picture.out_profile,
       [in](int y0, int y1, const PictureSource::Use& use) { fetch_rows(in, y0, y1, use); }});
  const std::shared_ptr<VipsImage> canvas = enlarged(picture, job);
  in = canvas.get();
  const auto counter = std::make_shared<StreamReport>();
  const Sample sample = output_sample(job.save, job.output, picture.sample());
  const std::shared_ptr<VipsImage> rendered(
      stream_bands(in, sample, job.threads,
                   [in, whole, counter](int y0, int y1, const MutableView& to) {
                     fetch_rows(in, y0, y1,
                                [&](const View& rows) { counter->not_finite += whole->render_band(rows, y0, y1, to); });
                   }),
      g_object_unref);
  const std::vector<std::string> not_carried = save_picture(rendered.get(), job.output, job.save, job.input);
  FileReport report{in->Xsize, in->Ysize, counter->not_finite, std::move(picture.warnings), {}};
  warn_of(not_carried, report);
  return report;
}

void render_whole(const View& in, const MutableView& out, int threads, const ReadWhole& read) {
  constexpr int band_rows = 64;
  const auto whole = read({in.width, in.height, nullptr, nullptr,
                           [&](int y0, int y1, const PictureSource::Use& use) { use(in.rows(y0, y1)); }});
  parallel_for((in.height + band_rows - 1) / band_rows, threads, [&](int i) {
    const int y0 = i * band_rows, y1 = std::min(in.height, y0 + band_rows);
    whole->render_band(in.rows(y0, y1), y0, y1, out.rows(y0, y1));
  });
}

}  // namespace sfumato
