// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/file.h"
#include "base/fnv.h"
#include "checks.h"
#include "command.h"
#include "files/vips.h"
#include "net/builtin_nets.h"
#include "neural_options.h"
#include "only_where.h"
#include "paint/net_picture.h"
#include "paint/patch_picture.h"
#include "picture_batch.h"
#include "sfumato/error.h"
#include "sfumato/version.h"
#include "side_output.h"
#include "transfer/match_file.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

struct Options {
  PictureBatch pictures;
  std::string with = "patches", net, preview;
  std::vector<std::string> styles;
  std::vector<double> style_weights;
  std::optional<int> size;
  PatchPaint patches;
  NetPaint by_net;
  NeuralFlags neural;
  bool keeps_colors = false;
};

class PaintCommand {
 public:
  explicit PaintCommand(Options o) : o_(std::move(o)) {}

  int run() {
    PictureBatch& pictures = o_.pictures;
    check();
    if (o_.with == "net" && o_.net.empty()) o_.net = usual_painting_net;
    const Batch batch = pictures.plan(fs::path(o_.styles.empty() ? o_.net : o_.styles.front()).stem().string());
    check_regions(batch);
    check_outputs(batch);
    const PaintRender render{o_.keeps_colors, pictures.dithers, pictures.run.threads};
    o_.patches.render = o_.by_net.render = o_.neural.paint.render = render;
    NeuralOptions& neural = o_.neural.paint.options;
    neural.seed = o_.patches.options.seed, neural.style_scale = o_.patches.style_scale, neural.exact = o_.by_net.exact;
    if (o_.size) o_.patches.size = neural.size = o_.by_net.size = *o_.size;
    set_vips_threads(render.threads);
    for (const std::string& path : o_.styles) styles_.emplace_back(path, pictures.open);
    if (o_.with == "net") net_.emplace(PaintNet::read(o_.net));
    key_ = key();
    BatchRun runner(pictures.run);
    if (o_.with == "neural") runner.let_work_stop();
    auto judge = [&](const Job& job) {
      const Verdict verdict = pictures.judge(job, key_);
      // A painting that was stopped is there, and goes on.
      return verdict.is_current && goes_on(job) ? Verdict{} : verdict;
    };
    if (pictures.run.dry_run) return runner.dry_run(batch, judge);
    if (!o_.neural.trace.empty() && !pictures.run.resume) write_file_atomically(o_.neural.trace, "");
    return runner.run(batch, judge,
                      [&](const Job& job, nlohmann::json& record) { tell(runner, job, do_one(runner, job), record); });
  }

 private:
  void check() const {
    if (o_.with != "net" && o_.styles.empty())
      throw Error(Code::usage, "found no style; expected --style and a picture");
    if (o_.with != "neural" && o_.styles.size() > 1)
      throw Error(Code::usage, "found several styles; expected one, or --with neural, which mixes them");
    if (!o_.style_weights.empty() && o_.style_weights.size() != o_.styles.size())
      throw Error(Code::usage, fmt::format("found {} style weights; expected {}, one for each style",
                                           o_.style_weights.size(), o_.styles.size()));
    if (o_.patches.options.patch.side % 2 == 0)
      throw Error(Code::usage, fmt::format("found --brush {}; expected an odd number", o_.patches.options.patch.side));
  }

  void check_outputs(const Batch& batch) const {
    std::vector<std::string> others = sources();
    for (const Job& job : batch.jobs) {
      for (const std::string& path : sources()) check_output(job.output, path);
      others.insert(others.end(), {job.input, job.output});
    }
    check_side_output(o_.preview, others);
    check_side_output(o_.neural.trace, others);
  }

  void check_regions(const Batch& batch) const {
    const std::vector<std::string>& masks = o_.neural.style_masks;
    if (o_.neural.mask.empty() && masks.empty()) return;
    if (o_.neural.mask.empty() || masks.size() != o_.styles.size())
      throw Error(Code::usage, fmt::format("found {} style masks for {} styles; expected --mask and one --style-mask "
                                           "for each style",
                                           masks.size(), o_.styles.size()));
    if (batch.jobs.size() != 1)
      throw Error(Code::usage, fmt::format("found {} photos for one --mask; expected one photo", batch.jobs.size()));
  }

  static std::string checkpoint_of(const Job& job) { return job.output + ".checkpoint"; }
  bool goes_on(const Job& job) const {
    return o_.with == "neural" && o_.pictures.run.resume && fs::exists(checkpoint_of(job));
  }

  // Files that the painting is made of, beside the photo.
  std::vector<std::string> sources() const {
    std::vector<std::string> all = o_.styles;
    all.insert(all.end(), o_.neural.style_masks.begin(), o_.neural.style_masks.end());
    for (const std::string& path : {o_.net, o_.neural.paint.options.weights, o_.neural.mask})
      if (!path.empty() && !is_builtin_net(path)) all.push_back(path);
    return all;
  }

  // Identifies outputs, apart from the photo. Files count by their contents.
  std::string key() const {
    const PatchPaint& p = o_.patches;
    std::string text =
        fmt::format("{} {} {} {} {} {} {} {} {}", version(), o_.with, p.options.balance, p.options.patch.side,
                    p.options.uniformity, p.options.seed, o_.with == "net" ? o_.by_net.size : p.size, p.style_scale,
                    o_.by_net.exact + 2 * o_.by_net.keeps_detail) +
        (is_builtin_net(o_.net) ? o_.net : "") + (o_.keeps_colors ? " colors" : "") +
        (o_.with == "neural" ? text_of(o_.neural.paint.options) : "") +
        fmt::format("{}", fmt::join(o_.style_weights, " "));
    std::uint64_t k = fnv1a(text.data(), text.size());
    auto add = [&](const std::string& path) {
      const std::string bytes = read_file(path, std::size_t{1} << 32);
      k = fnv1a(bytes.data(), bytes.size(), k);
    };
    for (const std::string& path : sources()) {
      if (!fs::is_directory(path)) {
        add(path);
        continue;
      }
      std::vector<std::string> files;
      for (const auto& e : fs::directory_iterator(path))
        if (e.is_regular_file()) files.push_back(e.path().string());
      std::sort(files.begin(), files.end());
      for (const std::string& f : files) add(f);
    }
    return fmt::format("{:016x}", k);
  }

  FileReport do_one(BatchRun& runner, const Job& job) const {
    const FileReport report = render(runner, job);
    if (o_.with == "neural" && !BatchRun::is_stopping()) fs::remove(checkpoint_of(job));
    return report;
  }

  FileReport render(BatchRun& runner, const Job& job) const {
    return render_whole_file(
        o_.pictures.whole_job(job, "paint", key_),
        [&](const PictureSource& photo) -> std::shared_ptr<const WholePicture> {
          if (net_) {
            const auto style = styles_.empty() ? std::nullopt : std::optional(styles_[0].source());
            return std::make_shared<const NetPicture>(photo, style ? &*style : nullptr, *net_, o_.by_net);
          }
          if (o_.with == "neural") return paint_neurally(runner, job, photo);
          return std::make_shared<const PatchPicture>(photo, styles_[0].source(), o_.patches,
                                                      [&](const Planes& so_far, double) { preview(so_far); });
        });
  }

  static double aspect_of(const PictureSource& s) { return static_cast<double>(s.width) / s.height; }

  std::shared_ptr<const WholePicture> paint_neurally(BatchRun& runner, const Job& job,
                                                     const PictureSource& photo) const {
    const bool has_regions = !o_.neural.mask.empty();
    std::vector<WeightedStyle> styles;
    for (std::size_t i = 0; i < styles_.size(); ++i) {
      const PictureSource style = styles_[i].source();
      styles.push_back(
          {style, o_.style_weights.empty() ? 1.0 : o_.style_weights[i],
           has_regions ? read_regions(o_.neural.style_masks[i], aspect_of(style), o_.pictures.open) : RegionShares{}});
    }
    std::ofstream trace;
    if (!o_.neural.trace.empty()) trace.open(o_.neural.trace, std::ios::app);
    const NeuralWatch watch{
        [&](const std::string& warning) { runner.say("sfumato: warning: " + warning); },
        [&](const NeuralStep& s) {
          trace << NeuralFlags::trace_line(s) << std::flush;
          runner.show((s.scale - 1 + static_cast<double>(s.step) / s.steps) / s.scales,
                      fmt::format("{} x {}, step {} of {}, loss {:.4g}", s.width, s.height, s.step, s.steps, s.loss));
          return !BatchRun::is_stopping();
        },
        [&](const Planes& so_far) { preview(so_far); }};
    NeuralPaint paint = o_.neural.paint;
    paint.options.checkpoint = checkpoint_of(job), paint.options.resume = o_.pictures.run.resume;
    return std::make_shared<const NeuralPicture>(
        photo, styles, paint, watch,
        has_regions ? read_regions(o_.neural.mask, aspect_of(photo), o_.pictures.open) : RegionShares{});
  }

  void preview(const Planes& p) const {
    if (o_.preview.empty()) return;
    Picture picture(p[0].width, p[0].height, Sample::u8);
    for (std::size_t i = 0; i < p[0].values.size(); ++i)
      for (int c = 0; c < 3; ++c)
        picture.samples<std::uint8_t>()[3 * i + c] =
            static_cast<std::uint8_t>(std::clamp(p[c].values[i] * 255.0f + 0.5f, 0.0f, 255.0f));
    const std::shared_ptr<VipsImage> image(
        vips_image_new_from_memory(picture.bytes().data(), picture.bytes().size(), picture.width(), picture.height(), 3,
                                   VIPS_FORMAT_UCHAR),
        g_object_unref);
    image->Type = VIPS_INTERPRETATION_sRGB;
    save_picture(image.get(), o_.preview, {}, o_.preview);
  }

  Options o_;
  std::string key_;
  std::vector<PictureFile> styles_;
  std::optional<PaintNet> net_;
};

void declare_paint(CLI::App& app, Options& o) {
  PatchOptions& patches = o.patches.options;
  app.add_option("--style", o.styles,
                 "A painting whose brushwork and colors the photos shall have; several mix, neurally")
      ->expected(1)
      ->take_all()
      ->type_name("PICTURE");
  app.add_option("--with", o.with,
                 "patches: put together of pieces of the style, which needs nothing else; net: by a trained network; "
                 "neural: optimized until a network sees the style in it")
      ->check(CLI::IsMember({"patches", "net", "neural"}))
      ->capture_default_str();
  app.add_option("--net", o.net,
                 fmt::format("Weights: a Johnson net (safetensors or PyTorch), fast-style-transfer's variables, or a "
                             "folder with MicroAST's files, which takes any --style; without: {}, which comes with the "
                             "program",
                             usual_painting_net))
      ->type_name("FILE");
  app.add_option("--balance", patches.balance, "0: the style's forms; 1: the photo's")
      ->check(within(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--brush", patches.patch.side, "Side of the pieces in pixels, odd: small ones follow the photo")
      ->check(within(3, 15))
      ->capture_default_str();
  app.add_option("--style-scale", o.patches.style_scale,
                 "Size of the style beside the photo: larger makes larger strokes")
      ->check(within(0.1, 4.0))
      ->capture_default_str();
  app.add_option(
         "--size", o.size,
         fmt::format("Longer side, in pixels, of the picture that is painted, at most the photo's: {} by patches, "
                     "whose pieces larger "
                     "photos get finer; {} neurally; the photo's by a net, whose strokes a smaller one makes larger",
                     o.patches.size, o.neural.paint.options.size))
      ->check(within(32, 8192));
  app.add_option("--style-weight", o.style_weights, "Share of each style, in their order")
      ->expected(1)
      ->take_all()
      ->check(within(1e-6, 1e6));
  app.add_option("--uniformity", patches.uniformity, "Cost of using pieces of the style more often than others")
      ->check(within(0.0, 1e6))
      ->capture_default_str();
  app.add_option("--seed", patches.seed, "Another number, another painting")->capture_default_str();
  app.add_flag("--keep-colors", o.keeps_colors, "The photo's colors with the painting's lightness");
  app.add_flag("--keep-detail", o.by_net.keeps_detail,
               "The photo's detail with a network's color and light; photographic networks always keep it");
  app.add_flag("--exact", o.by_net.exact, "Networks in 32-bit numbers, also where the processor has shorter ones");
  app.add_option("--preview", o.preview, "Write the painting so far into this file after each scale");
  o.neural.declare(app);
  only_where(app, "--with", {"patches"}, {"--balance", "--brush", "--uniformity"});
  only_where(app, "--with", {"net"}, {"--net", "--keep-detail"});
  only_where(app, "--with", {"neural"}, {"--style-weight"});
  only_where(app, "--with", {"neural"}, NeuralFlags::group);
  only_where(app, "--with", {"patches", "neural"}, {"--style-scale", "--seed", "--preview"});
  only_where(app, "--with", {"net", "neural"}, {"--exact"});
}

const Registered paint_command(
    {"paint", "Paint pictures in the style of a painting",
     "  sfumato paint photo.jpg --style painting.jpg -o out.png\n"
     "  sfumato paint photos/ --style painting.jpg --balance 0.6 --keep-colors -o painted/\n"
     "  sfumato paint photo.jpg --style painting.jpg --with neural --weights vgg19.safetensors "
     "-o out.png\n"
     "  sfumato paint photo.jpg --with net -o out.jpg\n"
     "  sfumato paint photo.jpg --with net --net udnie.safetensors -o out.jpg",
     [](CLI::App& app) {
       auto o = std::make_shared<Options>();
       declare_inputs(app, o->pictures.batch);
       declare_paint(app, *o);
       o->pictures.declare_files(app);
       o->pictures.run.declare(app);
       return [o] { return PaintCommand(*o).run(); };
     }});

}  // namespace
}  // namespace sfumato
