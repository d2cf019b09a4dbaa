// SPDX-License-Identifier: Apache-2.0
#include "grade/expected_table.h"

#include <algorithm>
#include <cmath>

#include "base/threads.h"
#include "files/lut_file.h"
#include "grade/dense_solver.h"
#include "grade/lattice.h"
#include "lane/scalar.h"

namespace sfumato {
namespace {

// A channel of a sample.
struct Place {
  int sample, channel;
};

// One row per place: what each random look deviates there, and what the samples deviate from the looks' mean.
struct Equations {
  DenseMatrix looks;
  Eigen::VectorXf target;
};

Equations equations_of(const CubeTable& mean, const Samples& s, const std::vector<Place>& places,
                       const ExpectationOptions& o) {
  const LookSample& prior = look_sample();
  const int rows = static_cast<int>(places.size());
  Equations e{DenseMatrix::Zero(rows, o.looks), Eigen::VectorXf(rows)};
  parallel_for(rows, 0, [&](int row) {
    const auto [i, channel] = places[row];
    const float weight =
        1.0f / std::sqrt(o.misfit * o.misfit + pixel_noise * pixel_noise / s.count[i] + o.alike * s.disagreement[i]);
    const Corners corners = corners_of(mean, s.before[i]);
    float* to = e.looks.data() + static_cast<std::size_t>(row) * o.looks;
    for (int k = 0; k < 4; ++k) {
      const float* from = prior.values.data() + (static_cast<std::size_t>(corners.node[k]) * 3 + channel) * prior.count;
      const float share = corners.share[k] * weight;
      for (int j = 0; j < o.looks; ++j) to[j] += share * from[j];
    }
    e.target[row] = part(s.after[i] - table3(&mean, s.before[i]), channel) * weight;
  });
  return e;
}

class Expectation {
 public:
  Expectation(const Samples& samples, const ExpectationOptions& o)
      : samples_(samples),
        o_(o),
        mean_(identity_cube(LookSample::nodes_per_axis)),
        // Each look's weight has the variance 1 / count, so that the prior covariance is that of the looks.
        normal_(DenseMatrix::Identity(o.looks, o.looks) * static_cast<float>(o.looks)),
        right_(Eigen::VectorXf::Zero(o.looks)) {
    for (std::size_t i = 0; i < prior_.mean.size(); ++i) mean_.nodes[i / 3 * 4 + i % 3] = prior_.mean[i];
  }

  // With what is not clipped, then also with what is and, by that, would not go nearly so far: of pairs that
  // contradict each other those that are not clipped must not decide alone.
  CubeTable table() {
    std::vector<Place> whole, clipped;
    for (int i = 0; i < static_cast<int>(samples_.size()); ++i)
      for (int c = 0; c < 3; ++c) (end_of(part(samples_.after[i], c)) ? clipped : whole).push_back({i, c});
    add(whole);
    const CubeTable first = solved();
    constexpr float far = 0.05f;  // encoded
    std::erase_if(clipped, [&](const Place& p) {
      return std::abs(part(samples_.missing(p.sample, table3(&first, samples_.before[p.sample])), p.channel)) < far;
    });
    if (clipped.empty()) return first;
    add(clipped);
    return solved();
  }

 private:
  void add(const std::vector<Place>& places) {
    if (places.empty()) return;
    const Equations e = equations_of(mean_, samples_, places, o_);
    add_equations(e.looks, e.target, normal_, right_);
  }

  CubeTable solved() const {
    const Eigen::VectorXf weights = solve_equations(normal_, right_);
    CubeTable table = mean_;
    parallel_for(static_cast<int>(prior_.mean.size()), 0, [&](int i) {
      const Eigen::Map<const Eigen::VectorXf> values(prior_.values.data() + static_cast<std::size_t>(i) * prior_.count,
                                                     o_.looks);
      table.nodes[i / 3 * 4 + i % 3] += values.dot(weights);
    });
    return table;
  }

  const Samples& samples_;
  const ExpectationOptions o_;
  const LookSample& prior_ = look_sample();
  CubeTable mean_;
  DenseMatrix normal_;
  Eigen::VectorXf right_;
};

}  // namespace

CubeTable expected_table(const Samples& samples, const ExpectationOptions& options) {
  return Expectation(samples, options).table();
}

}  // namespace sfumato
