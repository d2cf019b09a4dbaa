// SPDX-License-Identifier: Apache-2.0
// Box filters over samples at uneven places on a line: normalized and interpolated convolution of [Gastal2011].
#pragma once

#include <cstddef>
#include <vector>

#include "filters/domain_transform.h"

namespace sfumato {

class BoxConvolution {
 public:
  // Places n samples by their distances from the ones before (distance[0] is not read), and finds each one's box.
  void place(const float* distance, std::ptrdiff_t step, int n, double radius);
  // Filters n samples in place. Beyond its ends the signal continues with its end samples.
  void apply(DomainFilter, float* samples, std::ptrdiff_t step);

 private:
  void normalized(float* samples, std::ptrdiff_t step);
  void interpolated(float* samples, std::ptrdiff_t step);
  double integral_to(double at, int after) const;

  double radius_ = 0;
  std::vector<double> at_, value_, sum_;
  std::vector<int> first_, end_;  // samples within the box: first_ .. end_ - 1
};

}  // namespace sfumato
