// SPDX-License-Identifier: Apache-2.0
// What papers report on styles learned from exemplars, to stand beside our numbers.
#pragma once

#include <string>
#include <vector>

namespace sfumato {

// Mean L2 distances in Lab to the photographer's result. [Zhu2017] tables 1 and 2; [Yan2016] as quoted there, 0: not.
struct PublishedStyle {
  std::string id, title;
  double input, yan2016, zhu2017;
};
const std::vector<PublishedStyle>& published_styles();

// These and a row of ours, as lines of text: input distance, errors, ratio of error to input.
std::string published_table(const std::string& title, double input, double error);

}  // namespace sfumato
