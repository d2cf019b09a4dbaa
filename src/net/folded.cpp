// SPDX-License-Identifier: Apache-2.0
#include "net/folded.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "net/engine.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr std::size_t most_named = 8;

}  // namespace

Affine affine_of(const Node& node, const TensorFile& file) {
  const auto values = [&](const char* name) -> const std::vector<float>& {
    return file.get(node.prefix() + name).values;
  };
  const auto &weight = values(".weight"), &bias = values(".bias"), &mean = values(".running_mean"),
             &variance = values(".running_var");
  Affine affine;
  for (std::size_t c = 0; c < weight.size(); ++c) {
    const double scale = weight[c] / std::sqrt(static_cast<double>(variance[c]) + node.epsilon);
    affine.scale.push_back(static_cast<float>(scale));
    affine.shift.push_back(static_cast<float>(bias[c] - mean[c] * scale));
  }
  return affine;
}

FoldedKernel folded_kernel(const FusedNode& fused, const TensorFile& file) {
  const Node& node = *fused.node;
  const Tensor& weight = file.get(node.prefix() + ".weight");
  const auto channels = static_cast<std::size_t>(node.channels);
  FoldedKernel kernel{weight.values, std::vector<float>(channels)};
  if (node.bias) kernel.bias = file.get(node.prefix() + ".bias").values;
  if (!fused.norm) return kernel;
  const Affine affine = affine_of(*fused.norm, file);
  const bool outputs_first = node.kind != NodeKind::conv_transposed;
  const std::size_t pixels = static_cast<std::size_t>(node.kernel) * static_cast<std::size_t>(node.kernel);
  const std::size_t per_output = kernel.weight.size() / channels;
  for (std::size_t i = 0; i < kernel.weight.size(); ++i)
    kernel.weight[i] *= affine.scale[outputs_first ? i / per_output : i / pixels % channels];
  for (std::size_t c = 0; c < channels; ++c) kernel.bias[c] = kernel.bias[c] * affine.scale[c] + affine.shift[c];
  return kernel;
}

FoldedKernel side_by_side(const FoldedKernel& kernel, const Node& node, int together) {
  const auto columns = static_cast<std::size_t>(node.kernel), wider = columns + static_cast<std::size_t>(together) - 1;
  const std::size_t lines = kernel.weight.size() / columns;  // of all outputs, inputs and rows
  FoldedKernel result{std::vector<float>(lines * wider * static_cast<std::size_t>(together)), {}};
  auto line = result.weight.begin();
  for (std::size_t pixel = 0; pixel < static_cast<std::size_t>(together); ++pixel) {
    for (std::size_t i = 0; i < lines; ++i, line += static_cast<std::ptrdiff_t>(wider))
      std::copy_n(kernel.weight.begin() + static_cast<std::ptrdiff_t>(i * columns), columns,
                  line + static_cast<std::ptrdiff_t>(pixel));
    result.bias.insert(result.bias.end(), kernel.bias.begin(), kernel.bias.end());
  }
  return result;
}

void check_weights(const NetSpec& spec, const Shapes& shapes, const TensorFile& file) {
  std::vector<std::string> faults;
  for (const NetParameter& parameter : parameters_of(spec, shapes)) {
    const auto found = file.tensors.find(parameter.name);
    const std::string wanted = fmt::format("\"{}\" [{}]", printable(parameter.name), fmt::join(parameter.shape, ", "));
    if (found == file.tensors.end())
      faults.push_back(wanted);
    else if (found->second.shape != parameter.shape)
      faults.push_back(fmt::format("{} (found [{}])", wanted, fmt::join(found->second.shape, ", ")));
  }
  if (faults.empty()) return;
  const std::size_t count = faults.size();
  if (count > most_named) faults.resize(most_named);
  throw Error(Code::look,
              fmt::format("net \"{}\": the weights lack {} tensors: {}{}; expected all of them", printable(spec.name),
                          count, fmt::join(faults, ", "), count > most_named ? ", ..." : ""));
}

}  // namespace sfumato
