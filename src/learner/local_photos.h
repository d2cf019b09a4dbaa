// SPDX-License-Identifier: Apache-2.0
// Pairs as learners of maps see them, and the fit of one learner to some of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "grade/trial.h"
#include "learner/learner.h"
#include "look/local_adapter.h"
#include "pairs/pair.h"

namespace sfumato {

class LocalPhotos {
 public:
  // The pairs must live as long. encoder_weights: a file, or empty; of its features `components` are kept.
  // progress: share of photos that the encoder has read; it may throw.
  LocalPhotos(const std::vector<const Pair*>&, const std::string& encoder_weights, int components,
              const std::function<void(double)>& progress);

  int count() const { return static_cast<int>(photos_.size()); }

  // A table for the whole picture and three instead of it, with an adapter that maps them, from the photos numbered in
  // `seen`. Several may be fitted at a time.
  Look fitted(const std::vector<int>& seen, const LocalTrainOptions&,
              const std::function<bool(double)>& progress) const;

  // A polynomial for the whole picture, with an adapter that changes its coefficients from pixel to pixel.
  Look fitted(const std::vector<int>& seen, const ContextNet&, const ExemplarTrainOptions&,
              const std::function<bool(double)>& progress) const;

  // Mean delta E 2000 of a look with an adapter.
  double error_of(const Look&, int photo) const;

 private:
  struct Photo {
    std::unique_ptr<TrialPair> trial;
    const Pair* pair = nullptr;
    LocalSample seen, mirrored;  // features not yet normalized
  };

  ExemplarSample exemplar_sample(const Photo&, const LocalModel&, int image) const;
  // One polynomial: a static grade of edits that contradict each other is a bad start for tables.
  Look global(const std::vector<int>& seen) const;
  // Moments of each feature over photos and cells.
  void normalize_over(const std::vector<int>& seen, LocalModel&) const;

  std::vector<Photo> photos_;
  LocalEncoder encoder_;
};

}  // namespace sfumato
