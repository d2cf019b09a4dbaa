// SPDX-License-Identifier: Apache-2.0
#include "learner/local_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "base/threads.h"
#include "files/pth_file.h"
#include "grade/quadratic_grade.h"
#include "grade/trial.h"
#include "learner/components.h"
#include "look/local_adapter.h"
#include "look/values.h"
#include "render/colors.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

constexpr int cells = LocalFeatures::cells, side = LocalFeatures::side;

// The analysis image through a look that works everywhere, as cells.
std::vector<float> cells_through(const Look& look, const Analysis& photo) {
  constexpr int pixels = Analysis::size * Analysis::size;
  std::vector<Rgb<float>> colors(pixels);
  for (int i = 0; i < pixels; ++i) colors[i] = {photo.rgb[i], photo.rgb[pixels + i], photo.rgb[2 * pixels + i]};
  colors = render_colors(Plan(look), colors);
  std::vector<float> rgb(3 * pixels);
  for (int i = 0; i < pixels; ++i)
    rgb[i] = colors[i].r, rgb[pixels + i] = colors[i].g, rgb[2 * pixels + i] = colors[i].b;
  return cell_colors(rgb);
}

// The global look with three mapped steps behind it.
Look with_transforms(const Look& global, const std::vector<float>& transforms) {
  Look look = global;
  const OpInfo& op = *find_op("quadratic_lab");
  for (int k = 0; k < 3; ++k) {
    LookStep step = initial_step(op);
    for (int i = 0; i < 30; ++i) step.values[i] = KnobValue::fixed(std::clamp(transforms[30 * k + i], -2.0f, 2.0f));
    step.where.source = StepWhere::Source::learned;
    step.where.map = k;
    look.steps.push_back(std::move(step));
  }
  return look;
}

class LocalWork {
 public:
  LocalWork(const PairSet& set, const GradeReport& grade, const GradeOptions& grade_options, const LocalOptions& o,
            const std::function<bool(double)>& progress)
      : set_(set), grade_(grade), grade_options_(grade_options), o_(o), progress_(progress) {}

  LocalLearned run() {
    prepare();
    LocalLearned result;
    const std::vector<double> errors = leave_out();
    result.row = judged(errors);
    result.look = fitted(global_without(-1, 1), -1, 1);
    return result;
  }

 private:
  struct Photo {
    std::unique_ptr<TrialPair> trial;
    const Pair* pair;
    const GradeReport::PairError* errors;
    std::vector<float> features, after;
  };

  int count() const { return static_cast<int>(photos_.size()); }
  bool say(double share) const { return !progress_ || progress_(share); }

  void prepare() {
    for (const Pair& pair : set_.pairs)
      for (const auto& e : grade_.pairs)
        if (e.name == pair.name) photos_.push_back({nullptr, &pair, &e, {}, {}});
    parallel_for(count(), 0, [&](int i) {
      photos_[i].trial = std::make_unique<TrialPair>(*photos_[i].pair);
      photos_[i].after = cell_colors(analyze(photos_[i].pair->after.view()).rgb);
      photos_[i].features = local_features(photos_[i].trial->analysis);
    });
    if (o_.kind == LocalKind::maps || o_.encoder_weights.empty()) return;
    encoder_ = encoder_for(read_weights(o_.encoder_weights), o_.encoder_weights);
    std::vector<std::vector<float>> all;
    for (const Photo& p : photos_) {
      all.push_back(encoded(encoder_, p.trial->analysis, 0));
      if (!say(0.1 * static_cast<double>(all.size()) / count()))
        throw Error(Code::stopped, "stopped while reading photos");
    }
    find_components(all, cells, o_.components, encoder_);
    parallel_for(count(), 0, [&](int i) {
      const std::vector<float> more = reduced(encoder_, all[i]);
      photos_[i].features.insert(photos_[i].features.end(), more.begin(), more.end());
    });
  }

  // The part for the whole picture, from the pairs outside of one part. A table would fit better, but what it makes one
  // color, as skies and eyes of one blue, no map could tell apart any more.
  Look global_without(int part, int parts) const {
    std::vector<Samples> samples;
    for (int i = 0; i < count(); ++i)
      if (i % parts != part) samples.push_back(photos_[i].trial->samples);
    return fit_quadratic_grade(samples);
  }

  // Moments of each feature over photos and cells.
  void normalize_over(const std::vector<int>& seen, LocalModel& m) const {
    const std::size_t channels = photos_[0].features.size() / cells;
    for (std::size_t c = 0; c < channels; ++c) {
      double sum = 0, squares = 0;
      for (const int i : seen)
        for (int k = 0; k < cells; ++k) {
          const double v = photos_[i].features[c * cells + k];
          sum += v, squares += v * v;
        }
      const double n = static_cast<double>(seen.size()) * cells, mean = sum / n;
      m.mean.push_back(static_cast<float>(mean));
      m.spread.push_back(static_cast<float>(std::sqrt(std::max(0.0, squares / n - mean * mean)) + 1e-6));
    }
  }

  // `global` and maps trained on the pairs outside of one part.
  Look fitted(const Look& global, int part, int parts) {
    std::vector<int> seen;
    for (int i = 0; i < count(); ++i)
      if (i % parts != part) seen.push_back(i);
    LocalModel model;
    model.encoder = encoder_;
    normalize_over(seen, model);
    std::vector<LocalSample> samples(seen.size());
    parallel_for(static_cast<int>(seen.size()), 0, [&](int n) {
      const Photo& p = photos_[seen[n]];
      samples[n] = {p.features, cells_through(global, p.trial->analysis), p.after};
      normalize(samples[n].features, model);
    });
    std::vector<const LocalSample*> pointers;
    for (const LocalSample& s : samples) pointers.push_back(&s);
    const double from = done_;
    const LocalTrained trained = learner().train_local(pointers, side, o_.train, [&](double share) {
      done_ = from + 0.9 / (parts_ + 1) * share;
      return say(done_);
    });
    model.head = trained.head;
    remember(samples, model);
    Look look = with_transforms(global, trained.transforms);
    look.adapter = std::make_shared<LocalAdapter>(std::move(model));
    return look;
  }

  // What the photos are like, so that others can be told from them.
  static void remember(const std::vector<LocalSample>& samples, LocalModel& m) {
    std::vector<std::vector<float>> keys;
    for (const LocalSample& s : samples) keys.push_back(photo_key(s.features, predict_maps(m, s.features)));
    const auto n = static_cast<double>(keys.size());
    for (int c = 0; c < m.key(); ++c) {
      double sum = 0, squares = 0;
      for (const auto& k : keys) sum += k[c], squares += static_cast<double>(k[c]) * k[c];
      m.key_spread.push_back(static_cast<float>(std::sqrt(std::max(0.0, squares / n - sum * sum / n / n)) + 1e-3));
    }
    std::vector<double> nearest;
    for (const auto& a : keys) {
      double least = std::numeric_limits<double>::infinity();
      for (const auto& b : keys) {
        if (&a == &b) continue;
        double sum = 0;
        for (int c = 0; c < m.key(); ++c) sum += std::pow((a[c] - b[c]) / m.key_spread[c], 2.0);
        least = std::min(least, std::sqrt(sum));
      }
      nearest.push_back(least);
    }
    // Nine of ten photos learned from are as near to another one.
    const auto usual = nearest.begin() + static_cast<std::ptrdiff_t>(nearest.size() * 9 / 10);
    std::nth_element(nearest.begin(), usual, nearest.end());
    m.usual_distance = static_cast<float>(std::max(*usual, 1e-3));
    for (const auto& k : keys) m.photos.insert(m.photos.end(), k.begin(), k.end());
  }

  std::vector<double> leave_out() {
    std::vector<double> errors(count());
    for (int part = 0; part < parts_; ++part) {
      const Look look = fitted(global_without(part, parts_), part, parts_);
      parallel_for(count(), 0, [&](int i) {
        if (i % parts_ == part) errors[i] = error_of(look, photos_[i]);
      });
    }
    return errors;
  }

  static double error_of(const Look& look, const Photo& photo) {
    const Picture& before = photo.pair->before;
    Picture out(before.width(), before.height(), Sample::f32);
    render(Plan(look.adapter->adapt(look, photo.trial->analysis).look), before.view(), out.view(), {.threads = 1});
    return photo.trial->error_in(out);
  }

  double without_maps(const GradeReport::PairError& e) const {
    return grade_.chosen == "static" ? e.left_out_static : grade_.chosen == "adaptive" ? e.left_out_adaptive : e.input;
  }

  GradeReport::Model judged(const std::vector<double>& errors) const {
    GradeReport::Model row{encoder_.net.name.empty() ? "maps" : "exemplar", 1, false, "", 0, 0};
    double other = 0, worst = 0, worst_input = 0.1;
    for (int i = 0; i < count(); ++i) {
      row.mean_error += errors[i] / count(), other += without_maps(*photos_[i].errors) / count();
      worst = std::max(worst, errors[i]), worst_input = std::max(worst_input, photos_[i].errors->input);
    }
    row.worst_ratio = worst / worst_input;
    row.is_accepted =
        row.mean_error < (1 - grade_options_.least_gain) * other && row.worst_ratio <= grade_options_.worst_allowed;
    row.reason =
        fmt::format("error {:.3f} against {:.3f} of {} for the whole picture{}", row.mean_error, other, grade_.chosen,
                    row.worst_ratio > grade_options_.worst_allowed ? "; one came out worse than any input" : "");
    return row;
  }

  static constexpr int parts_ = 5;
  const PairSet& set_;
  const GradeReport& grade_;
  const GradeOptions& grade_options_;
  const LocalOptions& o_;
  const std::function<bool(double)>& progress_;
  std::vector<Photo> photos_;
  LocalEncoder encoder_;
  double done_ = 0.1;
};

}  // namespace

bool wants_local(const LocalOptions& o, int pairs) {
  if (o.kind == LocalKind::exemplar && o.encoder_weights.empty())
    throw Error(Code::usage, "needs --local-encoder: the weights of a SqueezeNet 1.1, VGG-16 or VGG-19",
                "--local exemplar");
  if (o.kind == LocalKind::off) return false;
  return o.kind != LocalKind::automatic || pairs >= fewest_pairs_for_maps;
}

LocalLearned learn_local(const PairSet& set, const GradeReport& grade, const GradeOptions& options,
                         const LocalOptions& local, const std::function<bool(double)>& progress) {
  return LocalWork(set, grade, options, local, progress).run();
}

}  // namespace sfumato
