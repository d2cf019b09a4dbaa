// SPDX-License-Identifier: Apache-2.0
// Learning in closed form: of doing nothing, one look for all photos and a look that adapts, the one that leaving
// pairs out shows to be best.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "grade/auto_grade.h"
#include "pairs/pair.h"

namespace sfumato {

struct GradeOptions {
  bool may_adapt = true;
  double least_gain = 0.02;    // a larger model must lessen the error by this share
  double worst_allowed = 1.0;  // of larger models than these; see GradeReport::Model::worst_ratio
  std::string command;         // for the report
  Look first;                  // steps of the same numbers for all photos, behind which colors are learned
  StaticGradeOptions shared;
};

// Errors are mean delta E 2000 over some 2000 pixels of a pair.
struct GradeReport {
  struct Model {
    std::string name;    // "identity", "static", "adaptive"
    float strength = 1;  // that leaving out showed to be best
    bool is_accepted = false;
    std::string reason;     // why it was taken or not
    double mean_error = 0;  // of pairs left out; of the pairs learned from when there is but one
    double worst_ratio =
        0;  // the worst pair's error over its input distance; of more than ten pairs: largest over largest
  };
  struct PairError {
    std::string name;
    double input = 0;                                     // distance of the target from the input
    double start = 0;                                     // from the input behind GradeOptions::first
    double fitted = 0;                                    // by the chosen look, which saw the pair
    double left_out_static = -1, left_out_adaptive = -1;  // negative: not tried
  };

  std::string chosen;  // a model's name
  std::vector<Model> models;
  std::vector<PairError> pairs;
  std::vector<std::string> warnings;
  double explained = 0;      // see AutoGrade
  double contradiction = 0;  // see Samples
  double seconds = 0;
  std::string data_hash;  // of all pixels learned from
  std::string command;

  std::string json() const;
};

struct Learned {
  Look look;  // without GradeOptions::first
  GradeReport report;
};

// progress: share done, and what is being done. Throws Code::input for a set without pairs.
using GradeProgress = std::function<void(double, const std::string&)>;
Learned learn_grade(const PairSet&, const GradeOptions& = {}, const GradeProgress& = {});

}  // namespace sfumato
