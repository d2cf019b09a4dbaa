// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "base/fnv.h"
#include "command.h"
#include "files/vips.h"
#include "net/nets.h"
#include "paint/upscaled_picture.h"
#include "picture_batch.h"
#include "sfumato/error.h"
#include "sfumato/version.h"

namespace sfumato {
namespace {

struct Options {
  PictureBatch pictures;
  UpscaleOptions upscale;
  std::string net;
  int by = 2;
};

int run(Options o) {
  PictureBatch& pictures = o.pictures;
  const std::string name = o.net.empty() ? fmt::format("upscale-x{}", o.by) : o.net;
  const UpscaleNet net = UpscaleNet::read(name);
  const Batch batch = pictures.plan(fmt::format("x{}", net.factor));
  for (const Job& job : batch.jobs)
    if (!o.net.empty()) check_output(job.output, o.net);
  o.upscale.render = {false, pictures.dithers, pictures.run.threads};
  set_vips_threads(pictures.run.threads);
  const std::string text = fmt::format("{} upscale {} {}", version(), name, o.upscale.exact);
  std::uint64_t hash = fnv1a(text.data(), text.size());
  for (const auto& [tensor, t] : net.weights.tensors)
    hash = fnv1a(t.values.data(), t.values.size() * sizeof(float), hash);
  const std::string key = fmt::format("{:016x}", hash);
  BatchRun runner(pictures.run);
  auto judge = [&](const Job& job) { return pictures.judge(job, key); };
  if (pictures.run.dry_run) return runner.dry_run(batch, judge);
  return runner.run(batch, judge, [&](const Job& job, nlohmann::json& record) {
    WholeJob whole = pictures.whole_job(job, "upscale", key);
    whole.enlargement = net.factor;
    tell(runner, job,
         render_whole_file(whole,
                           [&](const PictureSource& photo) {
                             return std::make_shared<const UpscaledPicture>(photo, net, o.upscale);
                           }),
         record);
  });
}

const Registered upscale_command(
    {"upscale", "Enlarge pictures by a network that knows what photos look like",
     "  sfumato upscale small.jpg --by 4 -o large.png\n"
     "  sfumato upscale scans/ --net mine.safetensors -o large/",
     [](CLI::App& app) {
       auto o = std::make_shared<Options>();
       declare_inputs(app, o->pictures.batch);
       auto* by = app.add_option("--by", o->by, "How many times larger each side becomes")
                      ->check(CLI::IsMember(UpscalerOptions::factors))
                      ->capture_default_str();
       app.add_option("--net", o->net, "A network of sfumato train upscale, which knows how much it enlarges")
           ->type_name("FILE")
           ->excludes(by);
       app.add_flag("--exact", o->upscale.exact, "32-bit numbers, also where the processor has shorter ones");
       o->pictures.declare_files(app);
       o->pictures.run.declare(app);
       return [o] { return run(*o); };
     }});

}  // namespace
}  // namespace sfumato
