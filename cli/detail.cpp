// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/fnv.h"
#include "base/text.h"
#include "checks.h"
#include "command.h"
#include "files/read_pixels.h"
#include "files/vips.h"
#include "picture_batch.h"
#include "sfumato/error.h"
#include "sfumato/version.h"
#include "transfer/detail.h"

namespace sfumato {
namespace {

const std::map<std::string, DomainFilter> variants{{"recursive", DomainFilter::recursive},
                                                   {"normalized", DomainFilter::normalized_convolution},
                                                   {"interpolated", DomainFilter::interpolated_convolution}};

struct Options {
  PictureBatch pictures;
  DetailOptions detail;
  std::string variant = "recursive", strokes;
};

// What outputs are made from, see SaveOptions.
std::string key_of(const char* name, const Options& o) {
  const DetailOptions& d = o.detail;
  const std::string text = fmt::format("{} {} {} {} {} {} {} {} {}", version(), name, d.detail, d.lines, o.variant,
                                       d.reach, d.edges, d.iterations, o.strokes);
  return fmt::format("{:016x}", fnv1a(text.data(), text.size()));
}

int run(const char* name, Options o) {
  PictureBatch& pictures = o.pictures;
  const Batch batch = pictures.plan(name);
  if (!o.strokes.empty() && batch.jobs.size() != 1)
    throw Error(Code::usage,
                fmt::format("found {} photos for one picture of strokes; expected one", batch.jobs.size()));
  o.detail.variant = variants.at(o.variant);
  o.detail.dither = pictures.dithers;
  o.detail.threads = pictures.run.threads;
  const std::string key = key_of(name, o);
  BatchRun runner(pictures.run);
  auto judge = [&](const Job& job) { return pictures.judge(job, key); };
  if (pictures.run.dry_run) return runner.dry_run(batch, judge);
  set_vips_threads(o.detail.threads);
  Picture strokes;
  if (!o.strokes.empty()) {
    for (const Job& job : batch.jobs) check_output(job.output, o.strokes);
    strokes = read_pixels(open_picture(o.strokes, pictures.open), o.strokes);
  }
  return runner.run(batch, judge, [&](const Job& job, nlohmann::json& record) {
    const FileReport report = render_whole_file(pictures.whole_job(job, name, key), [&](const PictureSource& source) {
      return o.strokes.empty() ? detailed(source, o.detail) : colorized(source, strokes, o.detail);
    });
    tell(runner, job, report, record);
  });
}

void declare_filter(CLI::App& app, Options& o) {
  app.add_option("--reach", o.detail.reach, "How far pixels are mixed, as a share of the longer side")
      ->check(within(0.001, 1.0))
      ->capture_default_str();
  app.add_option("--edge-step", o.detail.edges,
                 "Change between neighbors, summed over red, green and blue, that counts as an edge")
      ->check(within(0.01, 10.0))
      ->capture_default_str();
  app.add_option("--variant", o.variant, "Of the domain transform: recursive, or a convolution over boxes")
      ->check(CLI::IsMember({"recursive", "normalized", "interpolated"}))
      ->capture_default_str();
  app.add_option("--iterations", o.detail.iterations, "Rounds of rows and columns")
      ->check(within(1, 8))
      ->capture_default_str();
}

const Registered detail_command({"detail",
                                 "Smooth pictures between their edges, bring out their detail, or draw their contours",
                                 "  sfumato detail photo.jpg --amount 1 -o crisp.jpg\n"
                                 "  sfumato detail photo.jpg --amount -1 -o smooth.jpg\n"
                                 "  sfumato detail photo.jpg --amount -1 --lines 0.8 --reach 0.05 -o drawn.jpg",
                                 [](CLI::App& app) {
                                   auto o = std::make_shared<Options>();
                                   declare_inputs(app, o->pictures.batch);
                                   app.add_option(
                                          "--amount", o->detail.detail,
                                          "-1 leaves no detail within edges, 0 is the photo, 1 doubles the detail")
                                       ->check(within(-1.0, 4.0))
                                       ->capture_default_str();
                                   app.add_option("--lines", o->detail.lines, "Contours drawn on it, as dark as this")
                                       ->check(within(0.0, 1.0))
                                       ->capture_default_str();
                                   declare_filter(app, *o);
                                   o->pictures.declare_files(app);
                                   o->pictures.run.declare(app);
                                   return [o] { return run("detail", *o); };
                                 }});

const Registered colorize_command(
    {"colorize", "Give a picture the colors of strokes painted over it",
     "  sfumato colorize gray.jpg --strokes strokes.png -o colored.jpg", [](CLI::App& app) {
       auto o = std::make_shared<Options>();
       o->detail.reach = 0.3f;
       o->detail.edges = 0.3f;
       declare_inputs(app, o->pictures.batch);
       app.add_option("--strokes", o->strokes,
                      "A picture of the photo's size, transparent but for strokes of color that spread up to its edges")
           ->required();
       declare_filter(app, *o);
       o->pictures.declare_files(app);
       o->pictures.run.declare(app);
       return [o] { return run("colorize", *o); };
     }});

}  // namespace
}  // namespace sfumato
