// SPDX-License-Identifier: Apache-2.0
#include "learner/local_look.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <mutex>
#include <numeric>

#include "base/threads.h"
#include "files/pth_file.h"
#include "learner/local_photos.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr int parts = 5;  // of which one at a time is left out

// The share done of several fits that run at a time.
class SharedProgress {
 public:
  SharedProgress(int fits, double from, double to, const std::function<bool(double)>& say)
      : shares_(fits), from_(from), to_(to), say_(say) {}

  bool operator()(int fit, double share) {
    const std::lock_guard lock(mutex_);
    shares_[fit] = share;
    const double mean = std::accumulate(shares_.begin(), shares_.end(), 0.0) / static_cast<double>(shares_.size());
    return !say_ || say_(from_ + (to_ - from_) * mean);
  }

 private:
  std::mutex mutex_;
  std::vector<double> shares_;
  double from_, to_;
  const std::function<bool(double)>& say_;
};

class LocalWork {
 public:
  LocalWork(const PairSet& set, const GradeReport& grade, const GradeOptions& grade_options, const LocalOptions& o,
            const std::function<bool(double)>& progress)
      : grade_(grade), grade_options_(grade_options), o_(o), progress_(progress) {
    std::vector<const Pair*> pairs;
    for (const Pair& pair : set.pairs)
      for (const GradeReport::PairError& e : grade.pairs)
        if (e.name == pair.name) pairs.push_back(&pair), errors_.push_back(&e);
    if (pairs.size() < 2)
      throw Error(Code::input,
                  fmt::format("found {} pairs; expected at least two, so that one can be left out", pairs.size()),
                  "--local");
    photos_.emplace(pairs, reads_encoder(o.kind) ? o.encoder_weights : "", o.components, [&](double share) {
      if (progress && !progress(read_share * share)) throw Error(Code::stopped, "stopped while reading photos");
    });
  }

  LocalLearned run() {
    const std::vector<Candidate> all = candidates();
    LocalLearned best;
    best.notes = notes_;
    double least = 0;
    for (std::size_t n = 0; n < all.size(); ++n) {
      const double from = read_share + (1 - read_share) * static_cast<double>(n) / static_cast<double>(all.size());
      std::vector<Look> looks = fit(all[n], from, from + (1 - read_share) / static_cast<double>(all.size()));
      GradeReport::Model row = judged(all[n], looks);
      const bool is_better = row.is_accepted && (!best.look || row.mean_error < least);
      if (is_better) best.look = std::move(looks.back()), best.name = row.name, least = row.mean_error;
      best.rows.push_back(std::move(row));
    }
    return best;
  }

 private:
  // Something that can be fitted to the photos numbered in `seen`.
  struct Candidate {
    std::string name;
    int judged_parts;  // so many parts are left out, one at a time
    std::function<Look(const std::vector<int>& seen, const std::function<bool(double)>& progress)> fit;
  };

  int count() const { return photos_->count(); }

  std::vector<Candidate> candidates() {
    switch (o_.kind) {
      case LocalKind::grid:
        return {maps_by(LocalNet::grid)};
      case LocalKind::unet:
        return {maps_by(LocalNet::unet)};
      case LocalKind::automatic:
        return {maps_by(LocalNet::cells), maps_by(LocalNet::grid)};
      case LocalKind::network:
        return {network()};
      default:
        return {maps_by(LocalNet::cells)};
    }
  }

  Candidate maps_by(LocalNet net) const {
    LocalTrainOptions train = o_.train;
    train.net = net;
    train.threads = 1;  // several fits at a time keep the processors busier than several threads for one
    return {name_of(net), parts, [=, this](const std::vector<int>& seen, const std::function<bool(double)>& progress) {
              return photos_->fitted(seen, train, progress);
            }};
  }

  Candidate network() {
    const auto context = std::make_shared<const ContextNet>(
        o_.encoder_weights.empty() ? compact_context()
                                   : context_of(read_weights(o_.encoder_weights), o_.encoder_weights));
    if (!context->fresh.empty() && !context->weights.tensors.empty())
      notes_.push_back(
          fmt::format("{} has no {}: trained afresh", o_.encoder_weights, fmt::join(context->fresh, ", ")));
    ExemplarTrainOptions train = o_.network;
    train.threads = std::max(1, thread_count(train.threads) / 2);  // of two fits at a time
    return {"local network", 1, [=, this](const std::vector<int>& seen, const std::function<bool(double)>& progress) {
              return photos_->fitted(seen, *context, train, progress);
            }};
  }

  // Each without one part, and one of all photos.
  std::vector<Look> fit(const Candidate& candidate, double from, double to) const {
    const int fits = candidate.judged_parts + 1;
    SharedProgress progress(fits, from, to, progress_);
    std::vector<Look> looks(fits);
    parallel_for(fits, o_.train.threads, [&](int part) {
      std::vector<int> seen;
      for (int i = 0; i < count(); ++i)
        if (part == candidate.judged_parts || i % parts != part) seen.push_back(i);
      looks[part] = candidate.fit(seen, [&](double share) { return progress(part, share); });
    });
    return looks;
  }

  // As it comes: a network has the encoder in it.
  static bool reads_encoder(LocalKind kind) { return kind != LocalKind::maps && kind != LocalKind::network; }

  double without_maps(const GradeReport::PairError& e) const {
    return grade_.chosen == "static" ? e.left_out_static : grade_.chosen == "adaptive" ? e.left_out_adaptive : e.start;
  }

  const char* name_of(LocalNet net) const {
    if (net == LocalNet::cells) return o_.encoder_weights.empty() || o_.kind == LocalKind::maps ? "maps" : "exemplar";
    return net == LocalNet::grid ? "grid" : "unet";
  }

  GradeReport::Model judged(const Candidate& candidate, const std::vector<Look>& looks) const {
    GradeReport::Model row{candidate.name, 1, false, "", 0, 0};
    std::vector<int> left_out;
    for (int i = 0; i < count(); ++i)
      if (i % parts < candidate.judged_parts) left_out.push_back(i);
    std::vector<double> errors(left_out.size());
    const int n = static_cast<int>(left_out.size());
    parallel_for(n, 0, [&](int i) { errors[i] = photos_->error_of(looks[left_out[i] % parts], left_out[i]); });
    double other = 0, worst = 0, worst_input = 0.1;
    for (int i = 0; i < n; ++i) {
      const GradeReport::PairError& e = *errors_[left_out[i]];
      row.mean_error += errors[i] / n, other += without_maps(e) / n;
      worst = std::max(worst, errors[i]), worst_input = std::max(worst_input, e.input);
    }
    row.worst_ratio = worst / worst_input;
    row.is_accepted =
        row.mean_error < (1 - grade_options_.least_gain) * other && row.worst_ratio <= grade_options_.worst_allowed;
    row.reason =
        fmt::format("error {:.3f} against {:.3f} of {} for the whole picture{}", row.mean_error, other, grade_.chosen,
                    row.worst_ratio > grade_options_.worst_allowed ? "; one came out worse than any input" : "");
    return row;
  }

  static constexpr double read_share = 0.1;
  const GradeReport& grade_;
  const GradeOptions& grade_options_;
  const LocalOptions& o_;
  const std::function<bool(double)>& progress_;
  std::optional<LocalPhotos> photos_;
  std::vector<const GradeReport::PairError*> errors_;  // of each photo
  std::vector<std::string> notes_;
};

}  // namespace

const std::map<std::string, LocalKind>& local_kinds() {
  static const std::map<std::string, LocalKind> all{
      {"auto", LocalKind::automatic}, {"grid", LocalKind::grid},         {"maps", LocalKind::maps},
      {"unet", LocalKind::unet},      {"exemplar", LocalKind::exemplar}, {"network", LocalKind::network},
      {"off", LocalKind::off}};
  return all;
}

bool wants_local(const LocalOptions& o, int pairs) {
  if (o.kind == LocalKind::exemplar && o.encoder_weights.empty())
    throw Error(Code::usage, "needs --local-encoder: the weights of a SqueezeNet 1.1, VGG-16 or VGG-19",
                "--local exemplar");
  if (o.network.image % 8 != 0)
    throw Error(Code::usage, fmt::format("found {}; expected a multiple of 8", o.network.image), "--local-size");
  if (o.kind == LocalKind::off) return false;
  return o.kind != LocalKind::automatic || pairs >= fewest_pairs_for_maps;
}

LocalLearned learn_local(const PairSet& set, const GradeReport& grade, const GradeOptions& options,
                         const LocalOptions& local, const std::function<bool(double)>& progress) {
  return LocalWork(set, grade, options, local, progress).run();
}

}  // namespace sfumato
