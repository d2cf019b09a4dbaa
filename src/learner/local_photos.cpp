// SPDX-License-Identifier: Apache-2.0
#include "learner/local_photos.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/threads.h"
#include "files/pth_file.h"
#include "grade/quadratic_grade.h"
#include "learner/components.h"
#include "look/values.h"
#include "render/bake.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

constexpr int cells = LocalFeatures::cells, side = LocalFeatures::side;

constexpr int table_size = 17;  // 2 x 9 - 1: what training adds in 9 nodes fits

LookStep table_step(CubeTable table) {
  LookStep step = initial_step(*find_op("lut3d"));
  step.values[0] = KnobValue::fixed(1);
  step.table = std::make_shared<const CubeTable>(std::move(table));
  return step;
}

// A table for the whole picture, and a mapped one for each map.
Look look_of(CubeTable whole, std::vector<CubeTable> mapped) {
  Look look;
  look.steps.push_back(table_step(std::move(whole)));
  for (std::size_t k = 0; k < mapped.size(); ++k) {
    LookStep step = table_step(std::move(mapped[k]));
    step.where.source = StepWhere::Source::learned;
    step.where.map = static_cast<int>(k);
    look.steps.push_back(std::move(step));
  }
  return look;
}

Analysis mirrored(const Analysis& photo) {
  Analysis result = photo;
  for (auto row = result.rgb.begin(); row != result.rgb.end(); row += Analysis::size)
    std::reverse(row, row + Analysis::size);
  return result;
}

LocalSample sample_of(const Analysis& before, const Analysis& after) {
  return {local_features(before), cell_colors(before.rgb), cell_colors(after.rgb)};
}

// What the photos are like, so that others can be told from them.
void remember(const std::vector<std::vector<float>>& keys, LocalModel& m) {
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

}  // namespace

LocalPhotos::LocalPhotos(const std::vector<const Pair*>& pairs, const std::string& encoder_weights, int components,
                         const std::function<void(double)>& progress)
    : photos_(pairs.size()) {
  parallel_for(count(), 0, [&](int i) {
    Photo& p = photos_[i];
    p.pair = pairs[i];
    p.trial = std::make_unique<TrialPair>(*p.pair);
    const Analysis after = analyze(p.pair->after.view());
    p.seen = sample_of(p.trial->analysis, after);
    p.mirrored = sample_of(mirrored(p.trial->analysis), mirrored(after));
  });
  if (encoder_weights.empty()) return;
  encoder_ = encoder_for(read_weights(encoder_weights), encoder_weights);
  std::vector<std::vector<float>> all;
  for (const Photo& p : photos_) {
    all.push_back(encoded(encoder_, p.trial->analysis, 0));
    all.push_back(encoded(encoder_, mirrored(p.trial->analysis), 0));
    progress(static_cast<double>(all.size()) / 2 / count());
  }
  find_components(all, cells, components, encoder_);
  parallel_for(2 * count(), 0, [&](int i) {
    const std::vector<float> more = reduced(encoder_, all[i]);
    Photo& p = photos_[i / 2];
    std::vector<float>& features = (i % 2 ? p.mirrored : p.seen).features;
    features.insert(features.end(), more.begin(), more.end());
  });
}

Look LocalPhotos::global(const std::vector<int>& seen) const {
  std::vector<Samples> samples;
  samples.reserve(seen.size());
  for (const int i : seen) samples.push_back(photos_[i].trial->samples);
  return fit_quadratic_grade(samples);
}

void LocalPhotos::normalize_over(const std::vector<int>& seen, LocalModel& m) const {
  const std::size_t channels = photos_[0].seen.features.size() / cells;
  for (std::size_t c = 0; c < channels; ++c) {
    double sum = 0, squares = 0;
    for (const int i : seen)
      for (int k = 0; k < cells; ++k) {
        const double v = photos_[i].seen.features[c * cells + k];
        sum += v, squares += v * v;
      }
    const double n = static_cast<double>(seen.size()) * cells, mean = sum / n;
    m.mean.push_back(static_cast<float>(mean));
    m.spread.push_back(static_cast<float>(std::sqrt(std::max(0.0, squares / n - mean * mean)) + 1e-6));
  }
}

Look LocalPhotos::fitted(const std::vector<int>& seen, const LocalTrainOptions& o,
                         const std::function<bool(double)>& progress) const {
  LocalModel model;
  model.encoder = encoder_;
  model.net = o.net;
  normalize_over(seen, model);
  std::vector<LocalSample> samples;
  for (const int i : seen)
    for (const LocalSample* s : {&photos_[i].seen, &photos_[i].mirrored}) samples.push_back(*s);
  std::vector<const LocalSample*> pointers;
  for (LocalSample& s : samples) normalize(s.features, model), pointers.push_back(&s);
  LocalTrainOptions options = o;
  options.start = bake(global(seen), table_size).table;
  LocalTrained trained = learner().train_local(pointers, side, options, progress);
  model.head = std::move(trained.head);
  model.guide = std::move(trained.guide);
  std::vector<std::vector<float>> keys;
  for (std::size_t n = 0; n < seen.size(); ++n) {
    const std::vector<float>& f = samples[2 * n].features;
    keys.push_back(photo_key(f, predict_maps(model, f, photos_[seen[n]].trial->analysis)));
  }
  remember(keys, model);
  Look look = look_of(std::move(options.start), std::move(trained.tables));
  look.adapter = std::make_shared<LocalAdapter>(std::move(model));
  return look;
}

ExemplarSample LocalPhotos::exemplar_sample(const Photo& p, const LocalModel& model, int image) const {
  const Analysis& photo = p.trial->analysis;
  ExemplarSample s{picture_of(photo, image), p.seen.features, p.mirrored.features, pixel_colors(photo.rgb),
                   pixel_colors(analyze(p.pair->after.view()).rgb)};
  normalize(s.features, model), normalize(s.mirrored_features, model);
  return s;
}

Look LocalPhotos::fitted(const std::vector<int>& seen, const ContextNet& context, const ExemplarTrainOptions& o,
                         const std::function<bool(double)>& progress) const {
  Look look = global(seen);
  LocalModel model;
  normalize_over(seen, model);
  std::vector<ExemplarSample> samples(seen.size());
  std::vector<const ExemplarSample*> pointers;
  std::vector<std::vector<float>> keys;
  for (std::size_t n = 0; n < seen.size(); ++n) {
    samples[n] = exemplar_sample(photos_[seen[n]], model, o.image);
    pointers.push_back(&samples[n]), keys.push_back(photo_key(samples[n].features));
  }
  ExemplarTrainOptions options = o;
  for (const KnobValue& v : look.steps[0].values) options.start.push_back(v.preset);
  ExemplarTrained trained = learner().train_exemplar(pointers, context, options, progress);
  model.network = std::move(trained.net);
  model.head = std::move(trained.weights);
  remember(keys, model);
  look.adapter = std::make_shared<LocalAdapter>(std::move(model));
  return look;
}

double LocalPhotos::error_of(const Look& look, int photo) const {
  const Photo& p = photos_[photo];
  const Plan plan(look.adapter->adapt(look, p.trial->analysis).look);
  return p.trial->error_in(rendered(plan, p.pair->before.view(), Sample::f32, {.threads = 1}));
}

}  // namespace sfumato
