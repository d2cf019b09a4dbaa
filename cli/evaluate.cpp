// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "base/threads.h"
#include "checks.h"
#include "command.h"
#include "files/vips.h"
#include "look_options.h"
#include "pair_names.h"
#include "photo.h"
#include "progress.h"
#include "report/compare.h"
#include "report/published.h"
#include "report/recovery.h"
#include "sfumato/error.h"
#include "side_output.h"

namespace sfumato {
namespace {

struct Options {
  std::string first, second, input, masks, protocol = "plain", report, title, progress = "auto";
  LookOptions look;
  int jobs = 1, threads = 0, shown = 24;
  bool recursive = false, dry_run = false, json = false;

  bool renders() const { return !look.looks.empty() || !look.settings.empty(); }
};

nlohmann::json json_of(const Score& s) {
  // JSON has no infinity.
  nlohmann::json j{{"ssim", s.ssim},
                   {"l2_lab", s.l2_lab},
                   {"delta_e_76", s.delta_e_76},
                   {"delta_e_2000", s.delta_e_2000},
                   {"cdf_distance", s.cdf_distance}};
  j["psnr_db"] = std::isinf(s.psnr_db) ? nlohmann::json() : nlohmann::json(s.psnr_db);
  j["equal"] = std::isinf(s.psnr_db);
  if (s.people)
    j["human_centered"] = {
        {"psnr_db", std::isinf(s.people->psnr_db) ? nlohmann::json() : nlohmann::json(s.people->psnr_db)},
        {"delta_e_76", s.people->delta_e_76}};
  return j;
}

template <class T>
void add_ratio(nlohmann::json& j, const T& scored, const std::optional<double>& ratio) {
  if (!scored.input) return;
  j["input"] = json_of(*scored.input);
  j["ratio"] = ratio ? nlohmann::json(*ratio) : nlohmann::json();
}

class Evaluator {
 public:
  explicit Evaluator(Options o) : o_(std::move(o)), protocol_(find_protocol(o_.protocol)) {}

  int run() {
    if (o_.renders() && !o_.input.empty())
      throw Error(Code::usage, "found --input beside --look; with --look the first pictures are the input");
    if ((protocol_ == Protocol::ppr10k) == o_.masks.empty())
      throw Error(Code::usage, "--protocol ppr10k and --masks need each other");
    check_report(o_.report);
    recipe_ = o_.look.load();
    look_ = recipe_.resolve().look;
    std::vector<std::string> beside;
    for (const std::string& name : {o_.input, o_.masks})
      if (!name.empty()) beside.push_back(name);
    pairs_ = match_names(o_.first, o_.second, beside, o_.recursive);
    if (o_.dry_run) return dry_run();
    set_vips_threads(o_.threads);
    results_.resize(pairs_.size());
    {
      Progress progress(o_.progress, static_cast<int>(pairs_.size()));
      progress_ = &progress;
      parallel_for(static_cast<int>(pairs_.size()), o_.jobs, [&](int i) {
        evaluate_one(i);
        progress.step(pairs_[i].name);
      });
      progress_ = nullptr;
    }
    return finish();
  }

 private:
  int dry_run() const {
    int refused = 0;
    for (const NamedPair& p : pairs_) {
      refused += !p.problem.empty();
      std::string line = printable(p.first);
      line += p.problem.empty() ? " : " + printable(p.second) : "  (" + p.problem + ")";
      for (const std::string& name : p.beside)
        if (p.problem.empty()) line += " : " + printable(name);
      fmt::print("{}\n", line);
    }
    return exit_code(refused, 0);
  }

  void evaluate_one(int i) {
    const NamedPair& pair = pairs_[i];
    nlohmann::json record{
        {"name", pair.name}, {o_.renders() ? "before" : "output", pair.first}, {"target", pair.second}};
    try {
      if (!pair.problem.empty()) throw Error(Code::input, pair.problem, pair.first);
      results_[i] = compared(pair);
      record["status"] = "done";
      record.update(json_of(results_[i]->score));
      add_ratio(record, *results_[i], results_[i]->ratio());
    } catch (const Error& e) {
      ++refused_;
      too_large_ += e.code() == Code::resource;
      record.update({{"status", "refused"}, {"error", {{"code", static_cast<int>(e.code())}, {"message", e.what()}}}});
      say(fmt::format("sfumato: {}", e.what()));
    }
    if (o_.json) print(record);
  }

  Compared compared(const NamedPair& pair) const {
    const Photo first(pair.first), target(pair.second);
    check_one_size(first, target);
    Comparison c{pair.name, {}, first.scored(protocol_), target.scored(protocol_)};
    std::optional<Photo> other;  // the one of ours and the input that is not `first`
    if (o_.renders()) {
      const std::optional<Analysis> analysis =
          recipe_.is_adaptive() ? std::optional(analyze(first.srgb())) : std::nullopt;
      const Look look = recipe_.resolve(analysis ? &*analysis : nullptr).look;
      other.emplace(first, look, o_.threads);
      remember(pair, look);
      c.before = c.ours;
      c.ours = other->scored(protocol_);
    } else if (!o_.input.empty()) {
      other.emplace(pair.beside.front());
      check_one_size(*other, target);
      c.before = other->scored(protocol_);
    }
    Plane weights;
    if (!o_.masks.empty()) {
      weights = human_weights(Photo(pair.beside.back()).scored(Protocol::plain).srgb, target.width(), target.height());
      c.weights = &weights;
    }
    return compare(c, protocol_, o_.threads, !o_.report.empty());
  }

  void remember(const NamedPair& pair, const Look& look) const {
    const std::lock_guard lock(adapted_mutex_);
    adapted_[std::filesystem::path(pair.name).replace_extension().string()] = look;
  }

  // Of pairs that sfumato generate made, whose numbers are known.
  std::vector<RecoveredKnob> recovered() const {
    if (recipe_.looks.size() != 1 || adapted_.empty()) return {};
    const auto manifest = manifest_of(pairs_.front().first);
    return manifest ? recovered_knobs(*manifest, recipe_.looks.front(), adapted_) : std::vector<RecoveredKnob>();
  }

  int finish() {
    std::vector<Compared> done;
    for (auto& r : results_)
      if (r) done.push_back(std::move(*r));
    const int code = exit_code(refused_, too_large_);
    const Summary s = summarize(done);
    if (o_.json) {
      nlohmann::json j{{"done", done.size()}, {"refused", refused_.load()}, {"protocol", o_.protocol}, {"exit", code}};
      if (!done.empty()) {
        j["mean"] = json_of(s.score);
        add_ratio(j, s, s.ratio);
        if (s.input) j["worse_than_input"] = s.worse_than_input;
        if (s.consistency) j["group_consistency"] = *s.consistency;
        if (s.input_consistency) j["input_group_consistency"] = *s.input_consistency;
      }
      print(j);
    } else if (!done.empty()) {
      print_table(done, s);
    }
    if (!o_.report.empty() && !done.empty()) write_report(done);
    return code;
  }

  void print_table(const std::vector<Compared>& done, const Summary& s) const {
    std::size_t width = 12;
    for (const Compared& c : done) width = std::max(width, printable(c.name).size());
    const bool has_input = s.input.has_value();
    auto line = [&](const std::string& name, std::vector<std::string> cells, const std::string& ratio) {
      std::string text = fmt::format("{:<{}}", name, width);
      if (has_input) cells.push_back(ratio);
      for (const std::string& cell : cells) text += fmt::format("  {:>8}", cell);
      fmt::print("{}\n", text);
    };
    auto text = [](const std::optional<double>& ratio) { return ratio ? fmt::format("{:.3f}", *ratio) : "-"; };
    line("", score_columns(protocol_), "ratio");
    for (const Compared& c : done) line(printable(c.name), score_cells(c.score, protocol_), text(c.ratio()));
    line(fmt::format("mean of {}", done.size()), score_cells(s.score, protocol_), text(s.ratio));
    if (has_input) line("untouched", score_cells(*s.input, protocol_), "1.000");
    if (s.worse_than_input) fmt::print("{} of {} worse than untouched\n", s.worse_than_input, done.size());
    if (has_input && protocol_ == Protocol::uniform)
      fmt::print("{}", published_table(title(), s.input->l2_lab, s.score.l2_lab));
    for (const RecoveredKnob& k : recovered())
      fmt::print("{} from {:.3g} to {:.3g}: mean error {:.4f}, worst {:.4f}, {:.1f} % explained\n", k.name, k.low,
                 k.high, k.mean_error, k.worst_error, 100 * k.explained);
    if (s.consistency)
      fmt::print("group consistency {:.3f}{}\n", *s.consistency,
                 s.input_consistency ? fmt::format(", untouched {:.3f}", *s.input_consistency) : "");
  }

  std::string title() const {
    if (!o_.title.empty()) return o_.title;
    return o_.renders() ? "How near " + look_.id + " comes" : "How near the pictures come";
  }

  void write_report(const std::vector<Compared>& done) const {
    Report report = report_of(done, title(), protocol_);
    report.most_shown = static_cast<std::size_t>(o_.shown);
    report.command = command_line();
    if (o_.renders()) report.look_text = print_look(look_);
    if (const auto knobs = recovered(); !knobs.empty()) report.tables.push_back(recovery_table(knobs));
    if (refused_) report.lead += fmt::format(" {} of {} pairs could not be compared.", refused_.load(), pairs_.size());
    write_file_atomically(o_.report, html(report));
    if (!o_.json) fmt::print("{}\n", printable(o_.report));
  }

  int exit_code(int refused, int too_large) const {
    return refused == 0 ? 0 : refused < static_cast<int>(pairs_.size()) ? 3 : too_large == refused ? 6 : 4;
  }

  void say(const std::string& line) {
    std::lock_guard lock(mutex_);
    if (progress_) progress_->clear();
    fmt::print(stderr, "{}\n", printable(line));
  }

  void print(const nlohmann::json& record) {
    std::lock_guard lock(mutex_);
    fmt::print("{}\n", record.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    std::fflush(stdout);
  }

  Options o_;
  Protocol protocol_;
  LookRecipe recipe_;
  Look look_;  // the one for all photos
  std::vector<NamedPair> pairs_;
  std::vector<std::optional<Compared>> results_;
  std::atomic<int> refused_ = 0, too_large_ = 0;
  std::mutex mutex_;
  mutable std::mutex adapted_mutex_;
  mutable std::map<std::string, Look> adapted_;  // the look as it was for each pair, by name without extension
  Progress* progress_ = nullptr;
};

const Registered evaluate_command(
    {"evaluate", "Measure how near pictures come to their targets",
     "  sfumato evaluate outputs/ targets/ --input photos/ --report report.html\n"
     "  sfumato evaluate before/ after/ --look mine.json --protocol fivek\n"
     "  sfumato evaluate mine.jpg theirs.jpg",
     [](CLI::App& app) {
       auto o = std::make_shared<Options>();
       app.add_option("pictures", o->first,
                      "Pictures to measure, a folder or one file; with --look: photos to render first")
           ->required();
       app.add_option("targets", o->second, "What they should be, matched by name")->required();
       app.add_option("--input", o->input, "The pictures before any edit: what the error is compared with");
       o->look.declare(app);
       app.add_option("--protocol", o->protocol,
                      "plain: 8-bit PSNR and luma SSIM, colors as stored; fivek: as papers on MIT-Adobe FiveK; "
                      "uniform: mean L2 in Lab of 16-bit ProPhoto, beside published tables; ppr10k, starenhancer: as "
                      "those papers")
           ->check(CLI::IsMember(protocol_names()))
           ->capture_default_str();
       app.add_option(
           "--masks", o->masks,
           "For ppr10k: masks of people, white on black, matched by name; names up to the first _ are groups");
       app.add_option("--report", o->report, "Write an HTML report with pictures, error maps and curves");
       app.add_option("--title", o->title, "Title of the report");
       app.add_option("--shown", o->shown, "Photos with pictures in the report, the worst ones")
           ->check(within(0, 10000))
           ->capture_default_str();
       app.add_flag("--recursive,-r", o->recursive, "Look into folders within folders");
       app.add_flag("--dry-run", o->dry_run, "Say what would be compared with what");
       app.add_option("--jobs,-j", o->jobs, "Photos at a time")->check(within(1, 256))->capture_default_str();
       app.add_option("--threads", o->threads, "Threads per photo; 0: one per processor")
           ->check(within(0, 256))
           ->capture_default_str();
       app.add_flag("--json", o->json, "One JSON object per photo on standard output, then a summary");
       app.add_option("--progress", o->progress, "auto: a bar on terminals")
           ->check(CLI::IsMember({"auto", "bar", "none"}))
           ->capture_default_str();
       return [o] { return Evaluator(*o).run(); };
     }});

}  // namespace
}  // namespace sfumato
