// SPDX-License-Identifier: Apache-2.0
// What Gram matrices and covariances are made of.
#pragma once

#include <torch/torch.h>

namespace sfumato {

// f f^T / N of features [C, N]. Backward in one product instead of the two that autograd makes of a matrix that stands
// on both sides.
struct SecondMoment : torch::autograd::Function<SecondMoment> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& f) {
    context->save_for_backward({f});
    return f.matmul(f.t()) / static_cast<double>(f.size(1));
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& slopes) {
    const torch::Tensor f = context->get_saved_variables()[0];
    // Transposed, so that it lies in memory as features with channels last do.
    return {f.t().matmul((slopes[0] + slopes[0].t()) / static_cast<double>(f.size(1))).t()};
  }
};

inline torch::Tensor second_moment(const torch::Tensor& f) { return SecondMoment::apply(f); }

}  // namespace sfumato
