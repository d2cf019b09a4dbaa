// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <map>
#include <mutex>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/text.h"
#include "base/threads.h"
#include "batch.h"
#include "command.h"
#include "files/metadata.h"
#include "files/vips.h"
#include "look_options.h"
#include "progress.h"
#include "render/render_file.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

volatile std::sig_atomic_t stopping = 0;

// The first signal lets the pictures at work finish; one that comes later than a supervisor's echo ends the program.
void on_stop_signal(int signal) {
  static std::atomic<long> first = 0;
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const long ms = now.tv_sec * 1000 + now.tv_nsec / 1000000;
  if (!stopping) {
    first = ms;
    stopping = 1;
  } else if (ms - first > 300) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

struct Options {
  BatchOptions batch;
  LookOptions look;
  FileJob job;
  std::string if_exists = "fail", icc = "keep", dither = "on", progress = "auto";
  int jobs = 1;
  bool dry_run = false, resume = false, json = false, fail_fast = false;
};

class Renderer {
 public:
  explicit Renderer(Options o) : o_(std::move(o)) {}

  int run() {
    o_.job.recipe = o_.look.load();
    if (o_.look.looks.empty() && o_.look.settings.empty())
      throw Error(Code::usage, "found neither --look nor --set; sfumato looks lists the looks");
    o_.batch.look = o_.job.recipe.resolve().look.id;
    o_.job.save.converts_to_srgb = o_.icc == "srgb";
    o_.job.render.dither = o_.dither == "on";
    o_.batch.format = o_.job.save.format;
    key_ = render_key(o_.job.recipe);
    const Batch batch = plan_batch(o_.batch);
    for (const Job& job : batch.jobs) output_format(o_.job.save, job.output);
    if (o_.dry_run) return dry_run(batch);
    make_folders(batch);
    render_all(batch);
    return finish(static_cast<int>(batch.jobs.size()));
  }

 private:
  int dry_run(const Batch& batch) {
    int refused = 0;
    for (const Job& job : batch.jobs) {
      const bool is_readable = access(job.input.c_str(), R_OK) == 0;
      const std::string problem = !is_readable ? "cannot be read" : job.problem;
      refused += !problem.empty();
      fmt::print("{} -> {}{}\n", printable(job.input), printable(job.output), problem.empty() ? is_current(job) ? "  (up to date)" : "" : "  (" + problem + ")");
    }
    return refused == 0 ? 0 : refused < static_cast<int>(batch.jobs.size()) ? 3 : 4;
  }

  static void make_folders(const Batch& batch) {
    for (const std::string& folder : batch.folders) {
      std::error_code error;
      fs::create_directories(folder, error);
      if (error) throw Error(Code::output, "cannot be made: " + error.message(), folder);
    }
  }

  // The output is there and was made from this look by this version.
  bool is_current(const Job& job) const {
    if (!job.exists || o_.batch.if_exists == IfExists::overwrite) return false;
    if (o_.batch.if_exists == IfExists::skip) return true;
    if (!o_.resume && o_.batch.if_exists != IfExists::update) return false;
    const auto record = read_look(read_xmp(job.output));
    std::error_code error;
    return record && record->key == key_ && fs::last_write_time(job.output, error) >= fs::last_write_time(job.input, error);
  }

  void render_all(const Batch& batch) {
    const int count = static_cast<int>(batch.jobs.size());
    // One picture: the signal ends the program, and nothing is left behind. Several: the one at work is finished.
    if (count > 1)
      for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction action{};
        action.sa_handler = on_stop_signal;
        action.sa_flags = SA_RESTART;
        sigaction(signal, &action, nullptr);
      }
    set_vips_threads(o_.job.render.threads);
    Progress progress(o_.progress, count);
    progress_ = &progress;
    parallel_for(count, std::max(1, o_.jobs), [&](int i) {
      if (stopping || (o_.fail_fast && refused_ > 0)) {
        ++left_;
        return;
      }
      render_one(batch.jobs[i]);
      progress.step(batch.jobs[i].output);
    });
    progress_ = nullptr;
  }

  void render_one(const Job& job) {
    const auto start = std::chrono::steady_clock::now();
    nlohmann::json record{{"input", job.input}, {"output", job.output}};
    try {
      if (is_current(job)) {
        ++skipped_;
        record["status"] = "skipped";
      } else if (!job.problem.empty() && !o_.resume) {
        throw Error(Code::input, job.problem, job.output);
      } else {
        FileJob file = o_.job;
        file.input = job.input;
        file.output = job.output;
        const FileReport report = render_file(file);
        ++done_;
        record.update({{"status", "done"}, {"width", report.width}, {"height", report.height}, {"warnings", report.warnings}});
        if (report.confidence) record["confidence"] = *report.confidence;
        for (const std::string& w : report.warnings) say(fmt::format("sfumato: {}: warning: {}", job.input, w));
      }
    } catch (const Error& e) {
      ++refused_;
      ++codes_[static_cast<int>(e.code()) % 8];
      record.update({{"status", "refused"}, {"error", {{"code", static_cast<int>(e.code())}, {"message", e.what()}}}});
      say(fmt::format("sfumato: {}", e.what()));
    }
    record["ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
    if (o_.json) print(record);
  }

  void say(const std::string& line) {
    std::lock_guard lock(mutex_);
    if (progress_) progress_->clear();
    fmt::print(stderr, "{}\n", printable(line));
  }

  void print(const nlohmann::json& record) {
    std::lock_guard lock(mutex_);
    // Names that are not UTF-8 cannot stand in JSON; their bytes are replaced.
    fmt::print("{}\n", record.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    std::fflush(stdout);
  }

  int finish(int count) {
    const int code = exit_code(count);
    if (o_.json) print({{"done", done_.load()}, {"skipped", skipped_.load()}, {"refused", refused_.load()}, {"left", left_.load()}, {"exit", code}});
    if (stopping) say(fmt::format("sfumato: stopped; {} of {} left; the same command with --resume goes on", left_.load(), count));
    return code;
  }

  int exit_code(int count) const {
    if (stopping) return 75;
    if (refused_ == 0) return 0;
    if (codes_[5] > 0) return 5;
    if (refused_ < count) return 3;
    return codes_[6] == count ? 6 : codes_[7] == count ? 7 : 4;
  }

  Options o_;
  std::string key_;
  std::atomic<int> done_ = 0, skipped_ = 0, refused_ = 0, left_ = 0;
  std::atomic<int> codes_[8]{};
  std::mutex mutex_;
  Progress* progress_ = nullptr;
};

void declare_inputs(CLI::App& app, Options& o) {
  app.add_option("inputs", o.batch.inputs, "Pictures, or folders of pictures");
  app.add_option("--output,-o", o.batch.output, "A file; or a folder, if it ends in /, exists, or several pictures go there. Default: beside each input");
  app.add_option("--name", o.batch.name, "Names of outputs in a folder; {stem}, {look}, {ext} and {dir} are filled in")->capture_default_str();
  app.add_flag("--recursive,-r", o.batch.recursive, "Look into folders within folders");
  app.add_option("--from-file", o.batch.list, "Read names of inputs from a file, one per line; - is standard input");
  app.add_flag("--null,-0", o.batch.zero_separated, "Names in --from-file end in NUL");
}

void declare_files(CLI::App& app, Options& o) {
  app.add_option("--format", o.job.save.format, "jpg, png, tif, webp, avif, heic or jxl. Default: by the output's name, else as the input");
  app.add_option("--quality", o.job.save.quality, "Of lossy formats; from 90 on JPEG keeps full color resolution")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--bits", o.job.save.bits, "8, 16 or 32 (float) per channel; 0 keeps the input's where the format can")->check(CLI::IsMember({0, 8, 16, 32}))->capture_default_str();
  app.add_flag("--lossless", o.job.save.is_lossless, "WebP, AVIF and JPEG XL without loss");
  app.add_flag("--compress", o.job.save.compresses, "Deflate in TIFF");
  app.add_option("--icc", o.icc, "keep: the input's color profile; srgb: convert")->check(CLI::IsMember({"keep", "srgb"}))->capture_default_str();
  app.add_option("--dither", o.dither, "Triangular noise of one step in 8-bit outputs, against banding")->check(CLI::IsMember({"on", "off"}))->capture_default_str();
  app.add_flag("--accept-truncated", o.job.open.accept_truncated, "Render damaged files as far as they can be read, instead of refusing them");
  app.add_option("--max-pixels", o.job.open.max_pixels, "Refuse larger pictures before decoding")->capture_default_str();
}

void declare_batch(CLI::App& app, Options& o) {
  app.add_option("--if-exists", o.if_exists, "What to do with outputs that exist; update renders where the input or the look changed")
      ->check(CLI::IsMember({"fail", "skip", "overwrite", "rename", "update"}))->capture_default_str();
  app.add_flag("--dry-run", o.dry_run, "Say what would be done");
  app.add_flag("--resume", o.resume, "Skip outputs that an earlier run of the same command finished");
  app.add_flag("--fail-fast", o.fail_fast, "Stop at the first refused input");
  app.add_option("--jobs,-j", o.jobs, "Pictures at a time")->check(CLI::Range(1, 256))->capture_default_str();
  app.add_option("--threads", o.job.render.threads, "Threads per picture; 0: one per processor")->check(CLI::Range(0, 256))->capture_default_str();
  app.add_option("--shard", o.batch.shard, "i/n: only the i-th of n parts of the inputs, by a hash of their names");
  app.add_flag("--json", o.json, "One JSON object per input on standard output, then a summary");
  app.add_option("--progress", o.progress, "auto: a bar on terminals")->check(CLI::IsMember({"auto", "bar", "none"}))->capture_default_str();
}

const Registered render_command({"render", "Render pictures through a look at full resolution",
    "  sfumato render photo.jpg --look classic-chrome -o styled.jpg\n"
    "  sfumato render holiday/ -r --look velvia --strength 0.7 -o styled/\n"
    "  sfumato render scan.tif --look film.cube --set grain.amount=0.2",
    [](CLI::App& app) {
      auto o = std::make_shared<Options>();
      declare_inputs(app, *o);
      o->look.declare(app);
      declare_files(app, *o);
      declare_batch(app, *o);
      return [o] {
        static const std::map<std::string, IfExists> modes{{"fail", IfExists::fail}, {"skip", IfExists::skip}, {"overwrite", IfExists::overwrite},
                                                           {"rename", IfExists::rename}, {"update", IfExists::update}};
        o->batch.if_exists = modes.at(o->if_exists);
        return Renderer(*o).run();
      };
    }});

}  // namespace
}  // namespace sfumato
