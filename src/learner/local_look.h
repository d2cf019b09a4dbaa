// SPDX-License-Identifier: Apache-2.0
// What a look for the whole picture leaves over, learned by place: maps predicted from the photo, and a transform of
// color for each.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "grade/choose.h"
#include "learner/learner.h"

namespace sfumato {

enum class LocalKind {
  automatic,  // the better of cells and grid, with the encoder where one is given, from `fewest_pairs_for_maps` pairs
              // on
  grid,       // a bilateral grid of weights, read along a learned guide
  maps,       // from the photo's own colors, texture and places
  unet,       // maps, also from what is around each place
  exemplar,   // maps, also from an encoder's features
  network,    // a transform for each pixel, by a network trained end to end [Zhu2017]
  off,
};

// By their names: auto, grid, ...
const std::map<std::string, LocalKind>& local_kinds();

constexpr int fewest_pairs_for_maps = 15;

struct LocalOptions {
  LocalKind kind = LocalKind::automatic;
  std::string encoder_weights;  // SqueezeNet 1.1, VGG-16 or VGG-19; empty: none
  int components = 96;          // of the encoder's features
  LocalTrainOptions train;
  ExemplarTrainOptions network;
};

// Whether a learner of maps should be tried for so many pairs. Throws Code::usage: exemplar without an encoder.
bool wants_local(const LocalOptions&, int pairs);

struct LocalLearned {
  // The best of those accepted (see LocalPhotos::fitted). Nothing: none was.
  std::optional<Look> look;
  std::string name;                      // of its row
  std::vector<GradeReport::Model> rows;  // of all that were tried
  std::vector<std::string> notes;
};

// A row holds the error of pairs left out in five parts (of the first part alone for a network, which takes long), each
// predicted without having been seen, and whether that is enough less than that of the model that `grade` chose. Pairs
// without a row in `grade` are left alone. progress: share done; returning false stops with Code::stopped. Throws
// Code::input for fewer than two pairs.
LocalLearned learn_local(const PairSet&, const GradeReport& grade, const GradeOptions&, const LocalOptions&,
                         const std::function<bool(double)>& progress);

}  // namespace sfumato
