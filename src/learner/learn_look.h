// SPDX-License-Identifier: Apache-2.0
// A look from pairs, by whichever learner serves them best: closed form, a network, estimators of grain and focus.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "grade/choose.h"
#include "learner/learner.h"
#include "learner/local_look.h"
#include "report/report.h"

namespace sfumato {

enum class LearnModel {
  automatic,  // what pairs left out show to be best; a network only from `fewest_pairs_for_net` pairs on
  closed,     // of those, closed forms only
  network,    // a network, whatever the others reach
};

constexpr int fewest_pairs_for_net = 24;

struct LearnOptions {
  LearnModel model = LearnModel::automatic;
  Look network_look;  // what a network may change: its ranges
  TrainOptions train;
  GradeOptions grade;
  LocalOptions local;
  bool finds_grain = true;  // from files near full size, see estimate_grain
  bool finds_focus = true;
  PairOptions pairs;
};

struct LearnedLook {
  Look look;
  GradeReport grade;               // models of the closed forms, and the network's row
  std::optional<Trained> trained;  // whether or not it was chosen
  std::vector<std::string> notes;  // grain and focus found, what was not tried and why
  std::string json() const;        // for the look's file
};

// what: a phrase; share: 0..1 of the whole. Returning false stops with Code::stopped.
using LearnProgress = std::function<bool(double share, const std::string& what)>;

// Throws Code::input without usable pairs, and what training throws.
LearnedLook learn_look(const PairSet&, const LearnOptions&, const LearnProgress& = {});

// The verification report: every pair, worst first, how the model was chosen, learning curves.
Report report_of(const LearnedLook&, const PairSet&, const std::string& command);

}  // namespace sfumato
