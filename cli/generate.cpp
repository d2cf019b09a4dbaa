// SPDX-License-Identifier: Apache-2.0
#include "pairs/generate.h"
#include "checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "base/file.h"
#include "base/random.h"
#include "batch_run.h"
#include "command.h"
#include "files/vips.h"
#include "look_options.h"
#include "render/mask_file.h"
#include "sfumato/error.h"
#include "sfumato/version.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

struct Options {
  LookOptions look;
  RunOptions run;
  GenerateOptions generate;
  std::vector<std::string> photos;
  std::string output, format = "png";
  bool recursive = false;
  int count = 0, variants = 1;
};

class Generator {
 public:
  explicit Generator(Options o) : o_(std::move(o)) {}

  int run() {
    o_.look.require();
    look_ = o_.look.load().open();
    if (o_.run.mode() == IfExists::rename)
      throw Error(Code::usage, "a pair keeps its photo's name; expected fail, skip, overwrite or update",
                  "--if-exists rename");
    o_.generate.is_tiff16 = o_.format == "tiff16";
    o_.generate.threads = o_.run.threads;
    const Batch batch = plan();
    BatchRun runner(o_.run);
    if (varying_knobs(look_).empty() && o_.variants > 1)
      throw Error(Code::usage, "the look has no ranges: all variants would be the same", "--variants");
    auto judge = [this](const Job& job) {
      const bool current = is_current(job);
      return Verdict{current, current || o_.run.resume ? std::string() : job.problem};
    };
    if (o_.run.dry_run) return runner.dry_run(batch, judge);
    set_vips_threads(o_.run.threads);
    const int code = runner.run(batch, judge, [this](const Job& job, nlohmann::json& record) {
      const GeneratedPair pair = generate_pair(pair_of(job), look_, o_.generate);
      record.update({{"after", (fs::path(o_.output) / pair.after.path).string()},
                     {"width", pair.before.width},
                     {"height", pair.before.height}});
      keep(pair);
    });
    write_records();
    return code;
  }

 private:
  Batch plan() const {
    Batch all;
    for (int k = 1; k <= o_.variants; ++k) {
      BatchOptions b;
      b.inputs = o_.photos;
      b.recursive = o_.recursive;
      b.output = (fs::path(o_.output) / "before").string() + "/";
      b.name = o_.variants == 1 ? "{stem}.{ext}" : fmt::format("{{stem}}-{}.{{ext}}", k);
      b.format = o_.generate.is_tiff16 ? "tif" : "png";
      b.if_exists = o_.run.mode();
      Batch batch = plan_batch(b);
      drop_masks(batch.jobs);
      choose(batch.jobs);
      all.jobs.insert(all.jobs.end(), batch.jobs.begin(), batch.jobs.end());
      for (const std::string& folder : batch.folders) all.folders.push_back(folder);
    }
    for (const Job& job : all.jobs) {
      const std::string folder = (fs::path(o_.output) / fs::path(pair_of(job).after).parent_path()).string();
      if (std::find(all.folders.begin(), all.folders.end(), folder) == all.folders.end()) all.folders.push_back(folder);
    }
    return all;
  }

  // Masks often lie beside their photos.
  void drop_masks(std::vector<Job>& jobs) const {
    if (o_.generate.mask.empty()) return;
    std::set<std::string> masks;
    for (const Job& job : jobs) masks.insert(fs::weakly_canonical(mask_name(o_.generate.mask, job.input)).string());
    std::erase_if(jobs, [&](const Job& job) { return masks.count(fs::weakly_canonical(job.input).string()) > 0; });
  }

  // --count of them, whatever the order in the folder.
  void choose(std::vector<Job>& jobs) const {
    if (o_.count == 0 || o_.count >= static_cast<int>(jobs.size())) return;
    auto place = [this](const Job& j) {
      return random_bits(o_.generate.seed, name_hash(fs::path(j.input).filename().string()));
    };
    std::sort(jobs.begin(), jobs.end(), [&](const Job& a, const Job& b) { return place(a) < place(b); });
    jobs.resize(o_.count);
    std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.input < b.input; });
  }

  PairJob pair_of(const Job& job) const {
    const fs::path before = fs::path(job.output).lexically_relative(o_.output);
    const fs::path inner = before.lexically_relative("before");
    return {job.input, (inner.parent_path() / inner.stem()).string(), o_.output, before.string(),
            (fs::path("after") / inner).string()};
  }

  bool is_current(const Job& job) {
    const IfExists mode = o_.run.mode();
    if (!job.exists || mode == IfExists::overwrite) return false;
    if (!o_.run.resume && mode != IfExists::update && mode != IfExists::skip) return false;
    const auto pair = read_generated(pair_of(job), look_, o_.generate);
    if (!pair && mode == IfExists::skip)
      throw Error(Code::input, "was not made by this look, seed and photo; choose --if-exists update or overwrite",
                  job.output);
    if (pair) keep(*pair);
    return pair.has_value();
  }

  void keep(const GeneratedPair& pair) {
    std::lock_guard lock(mutex_);
    made_[pair.name] = pair;
  }

  void write_records() {
    if (made_.empty()) return;
    Manifest m{version(), o_.generate, look_.id, print_look(look_), {}, {}};
    for (const VaryingKnob& k : varying_knobs(look_)) m.knobs.push_back(k.name);
    for (auto& [name, pair] : made_) m.pairs.push_back(pair);
    write_file_atomically((fs::path(o_.output) / "parameters.csv").string(), print_parameters(m));
    write_file_atomically((fs::path(o_.output) / "manifest.json").string(), print_manifest(m));
  }

  Options o_;
  Look look_;
  std::mutex mutex_;
  std::map<std::string, GeneratedPair> made_;  // by name: the order of work does not show
};

const Registered generate_command(
    {"generate", "Make training pairs: photos, and what a look with ranges makes of each",
     "  sfumato generate --look classic-chrome --photos photos/ -o pairs/ --seed 1\n"
     "  sfumato generate --look natural-light --photos photos/ -r -o pairs/ --seed 7 --count 70\n"
     "  sfumato generate --look mine.json --photos photos/ -o pairs/ --variants 4 --format tiff16",
     [](CLI::App& app) {
       auto o = std::make_shared<Options>();
       o->look.declare(app);
       app.add_option("--photos", o->photos, "Folders of photos, or single ones")->required();
       app.add_flag("--recursive,-r", o->recursive, "Look into folders within folders");
       app.add_option("--output,-o", o->output, "Folder that gets before/, after/, parameters.csv and manifest.json")
           ->required();
       app.add_option("--seed", o->generate.seed,
                      "The same seed gives the same files, whatever the order and the threads")
           ->capture_default_str();
       app.add_option("--count", o->count, "So many photos, chosen by the seed; 0: all")
           ->check(within(0, 100000000))
           ->capture_default_str();
       app.add_option("--variants", o->variants, "Pairs per photo, each drawn anew")
           ->check(within(1, 1000))
           ->capture_default_str();
       app.add_option("--vary", o->generate.vary,
                      "Expose, balance and crop each photo anew first, mildly (0.3) to strongly (1)")
           ->check(within(0.0, 1.0))
           ->capture_default_str();
       app.add_option("--mask", o->generate.mask,
                      "The mask picture of each photo, for looks with masks or regions: {dir}/{stem}_mask.png")
           ->type_name("FILE");
       app.add_option(
              "--strokes", o->generate.strokes,
              "Paint the result in brush strokes of one color each, so wide as a share of the diagonal; 0: none")
           ->check(within(0.0, 0.5))
           ->capture_default_str();
       app.add_option("--long-edge", o->generate.long_edge, "Photos are reduced to this, never enlarged")
           ->check(within(64, 8192))
           ->capture_default_str();
       app.add_option("--format", o->format, "png: 8-bit; tiff16: 16-bit TIFF")
           ->check(CLI::IsMember({"png", "tiff16"}))
           ->capture_default_str();
       o->run.declare(app);
       return [o] { return Generator(*o).run(); };
     }});

}  // namespace
}  // namespace sfumato
