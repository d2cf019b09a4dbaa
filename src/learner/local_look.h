// SPDX-License-Identifier: Apache-2.0
// What a look for the whole picture leaves over, learned by place: maps predicted from the photo, and a transform of
// color for each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "grade/choose.h"
#include "learner/learner.h"

namespace sfumato {

enum class LocalKind {
  automatic,  // with an encoder where one is given, without otherwise, from `fewest_pairs_for_maps` pairs on
  maps,       // from the photo's own colors, texture and places
  exemplar,   // also from an encoder's features
  off,
};

constexpr int fewest_pairs_for_maps = 15;

struct LocalOptions {
  LocalKind kind = LocalKind::automatic;
  std::string encoder_weights;  // SqueezeNet 1.1, VGG-16 or VGG-19; empty: none
  int components = 96;          // of the encoder's features
  LocalTrainOptions train;
};

// Whether a learner of maps should be tried for so many pairs. Throws Code::usage: exemplar without an encoder.
bool wants_local(const LocalOptions&, int pairs);

struct LocalLearned {
  Look look;  // a polynomial of color for the whole picture and three more, with an adapter that maps them
  GradeReport::Model row;
};

// The row holds the error of pairs left out in five parts, each predicted without having been seen, and whether that is
// enough less than that of the model that `grade` chose.
// progress: share done; returning false stops with Code::stopped.
LocalLearned learn_local(const PairSet&, const GradeReport& grade, const GradeOptions&, const LocalOptions&,
                         const std::function<bool(double)>& progress);

}  // namespace sfumato
