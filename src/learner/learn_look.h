// SPDX-License-Identifier: Apache-2.0
// A look from pairs, by whichever learner serves them best: closed form, a network, estimators of grain and focus.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grade/choose.h"
#include "learner/learner.h"
#include "learner/local_look.h"
#include "report/report.h"
#include "sfumato/learn.h"

namespace sfumato {

// The looks with ranges that networks are trained to fill, by name: learn/NAME among the built-in ones, or any look,
// whose rules become ranges. Throws Code::look with the nearest name.
inline constexpr const char* usual_template = "general";
Look training_template(const std::string& name);

struct LearnOptions {
  LearnModel model = LearnModel::automatic;
  Look network_look;  // what a network may change: its ranges
  TrainOptions train;
  GradeOptions grade;
  LocalOptions local;
  bool finds_grain = true;  // from files near full size, see estimate_grain
  bool finds_focus = true;
  bool finds_vignette = true;
  PairOptions pairs;
};

struct LearnedLook {
  Look look;
  GradeReport grade;               // models of the closed forms, and the network's row
  std::optional<Trained> trained;  // whether or not it was chosen
  std::vector<std::string> notes;  // vignette, focus and grain found, what was not tried and why
  std::string json() const;        // for the look's file
};

// Throws Code::input without usable pairs, and what training throws.
LearnedLook learn_look(const PairSet&, const LearnOptions&, const LearnProgress& = {});

// The verification report: every pair, worst first, how the model was chosen, learning curves.
Report report_of(const LearnedLook&, const PairSet&, const std::string& command);

}  // namespace sfumato
