// SPDX-License-Identifier: Apache-2.0
#include "filters/box_convolution.h"

namespace sfumato {

void BoxConvolution::place(const float* distance, std::ptrdiff_t step, int n, double radius) {
  radius_ = radius;
  for (auto* v : {&at_, &value_, &sum_}) v->resize(static_cast<std::size_t>(n));
  first_.resize(static_cast<std::size_t>(n));
  end_.resize(static_cast<std::size_t>(n));
  at_[0] = 0.0;
  for (int i = 1; i < n; ++i) at_[i] = at_[i - 1] + distance[i * step];
  for (int i = 0, first = 0, end = 0; i < n; ++i) {
    while (at_[first] < at_[i] - radius) ++first;
    while (end < n && at_[end] <= at_[i] + radius) ++end;
    first_[i] = first, end_[i] = end;
  }
}

void BoxConvolution::apply(DomainFilter kind, float* samples, std::ptrdiff_t step) {
  for (std::size_t i = 0; i < value_.size(); ++i) value_[i] = samples[static_cast<std::ptrdiff_t>(i) * step];
  if (kind == DomainFilter::normalized_convolution)
    normalized(samples, step);
  else
    interpolated(samples, step);
}

void BoxConvolution::normalized(float* samples, std::ptrdiff_t step) {
  double sum = 0.0;
  for (std::size_t i = 0; i < value_.size(); ++i) sum_[i] = sum += value_[i];
  for (std::size_t i = 0; i < value_.size(); ++i) {
    const double before = first_[i] > 0 ? sum_[first_[i] - 1] : 0.0;
    samples[static_cast<std::ptrdiff_t>(i) * step] =
        static_cast<float>((sum_[end_[i] - 1] - before) / (end_[i] - first_[i]));
  }
}

// Of the interpolated signal from the first sample to `at`, which lies before sample `after` and not before the
// previous.
double BoxConvolution::integral_to(double at, int after) const {
  const int n = static_cast<int>(value_.size());
  if (after == 0) return (at - at_[0]) * value_[0];
  const double past = at - at_[after - 1];
  if (after == n) return sum_[n - 1] + past * value_[n - 1];
  const double slope = (value_[after] - value_[after - 1]) / (at_[after] - at_[after - 1]);
  return sum_[after - 1] + past * (value_[after - 1] + 0.5 * past * slope);
}

void BoxConvolution::interpolated(float* samples, std::ptrdiff_t step) {
  sum_[0] = 0.0;
  for (std::size_t i = 1; i < value_.size(); ++i)
    sum_[i] = sum_[i - 1] + 0.5 * (value_[i] + value_[i - 1]) * (at_[i] - at_[i - 1]);
  for (std::size_t i = 0; i < value_.size(); ++i) {
    const double area = integral_to(at_[i] + radius_, end_[i]) - integral_to(at_[i] - radius_, first_[i]);
    samples[static_cast<std::ptrdiff_t>(i) * step] = static_cast<float>(area / (2.0 * radius_));
  }
}

}  // namespace sfumato
