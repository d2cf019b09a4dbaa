// SPDX-License-Identifier: Apache-2.0
// What an edit does before its colors, found step by step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sfumato/look.h"

namespace sfumato {

class FirstSteps {
 public:
  // Puts a step before the others, in the place of what was found under this name; nothing: takes that away.
  // False if the step is nearly what it was.
  bool put(const std::string& name, std::optional<LookStep>);
  void clear() { all_.clear(); }

  // All, or all but one.
  std::vector<LookStep> steps(const std::string& but = "") const;
  // These before a look's own, which an adapter knows by number.
  Look before(Look, const std::string& but = "") const;
  std::vector<std::string> notes() const;

 private:
  struct Found {
    std::string name;
    LookStep step;
  };
  std::vector<Found> all_;
};

// Title and numbers.
std::string text_of(const LookStep&);

}  // namespace sfumato
