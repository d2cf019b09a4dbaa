// SPDX-License-Identifier: Apache-2.0
#include "losses/cdf.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>

namespace sfumato {
namespace {

using torch::Tensor;
using torch::autograd::tensor_list;

struct SoftHistogram : torch::autograd::Function<SoftHistogram> {
  static Tensor forward(torch::autograd::AutogradContext* ctx, const Tensor& values, std::int64_t count, double sigma) {
    ctx->save_for_backward({values});
    ctx->saved_data["count"] = count;
    ctx->saved_data["sigma"] = sigma;
    const SoftBins bins{static_cast<int>(count), sigma};
    Tensor out = torch::zeros({values.size(0), count}, torch::kDouble);
    AT_DISPATCH_FLOATING_TYPES(values.scalar_type(), "soft_cdf", [&] {
      const scalar_t* from = values.data_ptr<scalar_t>();
      at::parallel_for(0, values.size(0), 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t r = first; r < last; ++r)
          add_to_soft_histogram(from + r * values.size(1), values.size(1), bins, out.data_ptr<double>() + r * count);
      });
    });
    return out.to(values.scalar_type());
  }

  static tensor_list backward(torch::autograd::AutogradContext* ctx, tensor_list grads) {
    const Tensor values = ctx->get_saved_variables()[0], grad = grads[0].to(torch::kDouble).contiguous();
    const SoftBins bins{static_cast<int>(ctx->saved_data["count"].toInt()), ctx->saved_data["sigma"].toDouble()};
    Tensor out = torch::empty_like(values);
    AT_DISPATCH_FLOATING_TYPES(values.scalar_type(), "soft_cdf", [&] {
      at::parallel_for(0, values.size(0), 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t r = first; r < last; ++r)
          soft_histogram_gradient(values.data_ptr<scalar_t>() + r * values.size(1), values.size(1), bins,
                                  grad.data_ptr<double>() + r * bins.count,
                                  out.data_ptr<scalar_t>() + r * values.size(1));
      });
    });
    return {out, Tensor(), Tensor()};
  }
};

}  // namespace

Tensor soft_cdf(const Tensor& values, const SoftBins& bins) {
  const Tensor mass = SoftHistogram::apply(values.cpu().contiguous(), std::int64_t{bins.count}, bins.sigma);
  return (mass.cumsum(1) / static_cast<double>(values.size(1))).to(values.device());
}

Tensor cdf_loss(const Tensor& a, const Tensor& b, const SoftBins& bins) {
  auto rows = [](const Tensor& t) { return t.reshape({t.size(0) * t.size(1), -1}); };
  return (soft_cdf(rows(a), bins) - soft_cdf(rows(b), bins)).abs().mean();
}

}  // namespace sfumato
