// SPDX-License-Identifier: Apache-2.0
#include "losses/second_moment.h"
#include "losses/style_loss.h"

namespace sfumato {
namespace {

constexpr double ridge = 1e-4;  // of covariances: features are often dependent

// Eigenvalues reach over more than the digits of a float.
std::pair<torch::Tensor, torch::Tensor> eigen(const torch::Tensor& symmetric) {
  const auto [values, vectors] = torch::linalg_eigh(symmetric.to(torch::kDouble));
  return {values, vectors};
}

torch::Tensor root(const torch::Tensor& symmetric) {
  const auto [values, vectors] = eigen(symmetric);
  return (vectors * values.clamp_min(0).sqrt()).matmul(vectors.t());
}

// trace((T B T)^1/2), whose gradient in B is 1/2 T (T B T)^-1/2 T.
torch::Tensor trace_of_root(const torch::Tensor& t, const torch::Tensor& b) {
  torch::Tensor value, gradient;
  {
    torch::NoGradGuard no_grad;
    const auto [values, vectors] = eigen(t.matmul(b.to(torch::kDouble)).matmul(t));
    const torch::Tensor roots = values.clamp_min(ridge * ridge / 4).sqrt();
    value = roots.sum().to(b.scalar_type());
    gradient = (t.matmul((vectors / roots).matmul(vectors.t())).matmul(t) / 2).to(b.scalar_type());
  }
  const torch::Tensor slope = (gradient * b).sum();
  return slope - slope.detach() + value;
}

}  // namespace

// The Wasserstein distance between normal distributions [Olkin1982], over the number of channels. Means and second
// moments of several styles mix linearly.
LayerDistance gaussian_distance(const StyleSamples& styles) {
  torch::Tensor mean, moment;
  for (const auto& [f, weight] : styles) {
    const torch::Tensor m = f.mean(1) * weight, s = second_moment(f) * weight;
    mean = mean.defined() ? mean + m : m;
    moment = moment.defined() ? moment + s : s;
  }
  const torch::Tensor identity = torch::eye(mean.size(0), mean.options()) * ridge;
  const auto covariance = [identity](const torch::Tensor& second, const torch::Tensor& m) {
    return second - m.unsqueeze(1) * m.unsqueeze(0) + identity;
  };
  const torch::Tensor target = covariance(moment, mean), t = root(target), trace = target.trace();
  return [=](const torch::Tensor& f) {
    const torch::Tensor m = f.mean(1);
    const torch::Tensor b = covariance(second_moment(f), m);
    return (m - mean).square().mean() +
           (trace + b.trace() - 2 * trace_of_root(t, b)) / static_cast<double>(mean.size(0));
  };
}

}  // namespace sfumato
