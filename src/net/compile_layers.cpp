// SPDX-License-Identifier: Apache-2.0
// The nodes that become oneDNN primitives.
#include <algorithm>

#include "net/compiler.h"
#include "net/folded.h"

namespace sfumato {
namespace {

using dnnl::algorithm;
using dnnl::memory;
using dnnl::prop_kind;
using Tag = memory::format_tag;

dnnl::algorithm algorithm_of(NodeKind activation) {
  switch (activation) {
    case NodeKind::tanh:
      return algorithm::eltwise_tanh;
    case NodeKind::sigmoid:
      return algorithm::eltwise_logistic;
    case NodeKind::sqrt:
      return algorithm::eltwise_sqrt;
    default:
      return algorithm::eltwise_relu;  // with a slope: leaky
  }
}

float slope_of(const Node& activation) { return activation.kind == NodeKind::leaky_relu ? activation.slope : 0.0f; }

dnnl::primitive_attr own_scratch() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

// How the file holds kernels, and how oneDNN names their sides: [groups,] outputs, inputs, rows, columns.
struct KernelLayout {
  memory::dims dims;
  Tag tag;
};

KernelLayout layout_of(const Node& node, std::int64_t inputs) {
  const std::int64_t g = node.groups, out = node.channels / g, in = inputs / g, k = node.kernel;
  const bool transposed = node.kind == NodeKind::conv_transposed;
  if (g == 1) return {{out, in, k, k}, transposed ? Tag::iohw : Tag::oihw};
  return {{g, out, in, k, k}, transposed ? Tag::giohw : Tag::goihw};
}

memory::desc any_layout(const KernelLayout& layout, bool wide) {
  return {layout.dims, wide ? memory::data_type::f32 : memory::data_type::bf16, Tag::any};
}

// Few output channels leave most of a register empty. So many pixels of a row are then computed as channels of one: in
// memory, [.., w / together, together * channels] is [.., w, channels].
int pixels_together(const Node& node, const Shape& out) {
  constexpr int most_channels = 4, together = 4;
  const bool fits =
      node.kind == NodeKind::conv && node.groups == 1 && node.stride == 1 && node.dilation == 1 && node.kernel >= 3;
  return fits && out.c <= most_channels && out.w % together == 0 ? together : 1;
}

}  // namespace

dnnl::memory NetCompiler::constant(const std::vector<float>& values, const memory::dims& dims, Tag tag,
                                   const memory::desc& as) {
  const memory plain({dims, memory::data_type::f32, tag}, program_.engine(), const_cast<float*>(values.data()));
  memory kept(as, program_.engine());
  dnnl::stream stream(program_.engine());
  dnnl::reorder(plain, kept).execute(stream, const_cast<memory&>(plain), kept);
  stream.wait();
  return kept;
}

dnnl::memory NetCompiler::vector_of(const std::vector<float>& values) {
  memory kept({{static_cast<memory::dim>(values.size())}, memory::data_type::f32, Tag::a}, program_.engine());
  std::copy(values.begin(), values.end(), static_cast<float*>(kept.get_data_handle()));
  return kept;
}

dnnl::primitive_attr NetCompiler::attributes(const FusedNode& fused) const {
  dnnl::primitive_attr attributes = own_scratch();
  dnnl::post_ops after;
  if (!fused.added.empty()) after.append_sum(1.0f);
  if (fused.activation) append_activation(after, algorithm_of(fused.activation->kind), slope_of(*fused.activation));
  attributes.set_post_ops(after);
  return attributes;
}

// A value that holds what the step adds to: the addend's own buffer if nobody else reads it, else a copy.
Value NetCompiler::added_to(const FusedNode& fused) {
  Value& added = values_.at(fused.added);
  const bool wide = wide_.at(fused.output);
  if (added.readers == 1 && added.wide == wide) {
    added.readers = 0;
    Value value = program_.make_over(added, added.shape);
    value.readers = readers_[fused.output];
    return values_[fused.output] = value;
  }
  read_.push_back(fused.added);
  const Value copy = make(fused.output);
  program_.add_reorder(added.memory, copy.memory);
  return copy;
}

Value NetCompiler::padded(const Value& in, const Node& node, Pads& pads) {
  if (node.pad_mode == PadMode::zero) return in;
  const Value larger = program_.make(
      {in.shape.n, in.shape.c, in.shape.h + pads.top + pads.bottom, in.shape.w + pads.left + pads.right}, in.wide);
  program_.add([in, larger, pads] { reflect_pad(in.nhwc(), pads, larger.nhwc()); });
  temporary_.push_back(larger);
  pads = {};
  return larger;
}

void NetCompiler::write_conv(const FusedNode& fused) {
  const Node& node = *fused.node;
  const bool wide = exact_ || node.kind == NodeKind::linear;
  const Value source = read(node.inputs[0], wide);
  Pads pads = node.kind == NodeKind::linear ? Pads{} : pads_of(node, source.shape);
  const Value in = padded(source, node, pads);
  Value out = fused.added.empty() ? make(fused.output) : added_to(fused);
  KernelLayout layout = layout_of(node, source.shape.c);
  FoldedKernel kernel = folded_kernel(fused, weights_);
  memory::dims stride{node.stride, node.stride};
  if (const int together = pixels_together(node, out.shape); together > 1) {
    kernel = side_by_side(kernel, node, together);
    layout.dims = {node.channels * together, source.shape.c, node.kernel, node.kernel + together - 1};
    stride[1] = together;
    out = program_.make_over(out, {out.shape.n, out.shape.c * together, out.shape.h, out.shape.w / together});
  }
  const memory bias = vector_of(kernel.bias);
  const memory::dims gap{node.dilation - 1, node.dilation - 1};
  const auto description = describe<dnnl::convolution_forward>(
      program_.engine(), attributes(fused), prop_kind::forward_inference, algorithm::convolution_direct,
      in.memory.get_desc(), any_layout(layout, wide), bias.get_desc(), out.memory.get_desc(), stride, gap,
      memory::dims{pads.top, pads.left}, memory::dims{pads.bottom, pads.right});
  const memory weights = constant(kernel.weight, layout.dims, layout.tag, description.weights_desc());
  program_.add(
      dnnl::convolution_forward(description), description.scratchpad_desc(),
      {{DNNL_ARG_SRC, in.memory}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, out.memory}});
}

void NetCompiler::write_conv_transposed(const FusedNode& fused) {
  const Node& node = *fused.node;
  const Value in = read(node.inputs[0], true);
  const Pads pads = pads_of(node, in.shape);
  const Value out = make(fused.output);
  const KernelLayout layout = layout_of(node, in.shape.c);
  const FoldedKernel kernel = folded_kernel(fused, weights_);
  const memory bias = vector_of(kernel.bias);
  const memory::dims stride{node.stride, node.stride}, gap{node.dilation - 1, node.dilation - 1};
  const auto description = describe<dnnl::deconvolution_forward>(
      program_.engine(), attributes(fused), prop_kind::forward_inference, algorithm::deconvolution_direct,
      in.memory.get_desc(), any_layout(layout, true), bias.get_desc(), out.memory.get_desc(), stride, gap,
      memory::dims{pads.top, pads.left}, memory::dims{pads.bottom, pads.right});
  const memory weights = constant(kernel.weight, layout.dims, layout.tag, description.weights_desc());
  program_.add(
      dnnl::deconvolution_forward(description), description.scratchpad_desc(),
      {{DNNL_ARG_SRC, in.memory}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, out.memory}});
}

// A batch norm that no convolution could take in: its constants are those of a mean of 0 and a variance of 1.
void NetCompiler::write_norm(const FusedNode& fused) {
  using Flags = dnnl::normalization_flags;
  const Value in = read(fused.node->inputs[0], wide_.at(fused.output));
  const Value out = make(fused.output);
  const Affine affine = affine_of(*fused.node, weights_);
  const std::vector<float> zeros(affine.scale.size()), ones(affine.scale.size(), 1.0f);
  const Flags flags = Flags::use_global_stats | Flags::use_scale | Flags::use_shift |
                      (fused.activation ? Flags::fuse_norm_relu : Flags::none);
  const auto description = describe_norm(program_.engine(), own_scratch(), in.memory.get_desc(), 0.0f, flags);
  program_.add(dnnl::batch_normalization_forward(description), description.scratchpad_desc(),
               {{DNNL_ARG_SRC, in.memory},
                {DNNL_ARG_DST, out.memory},
                {DNNL_ARG_MEAN, vector_of(zeros)},
                {DNNL_ARG_VARIANCE, vector_of(ones)},
                {DNNL_ARG_SCALE, vector_of(affine.scale)},
                {DNNL_ARG_SHIFT, vector_of(affine.shift)}});
}

// A batch norm of one picture that takes mean and variance from it.
void NetCompiler::write_instance_norm(const FusedNode& fused) {
  using Flags = dnnl::normalization_flags;
  const Node& node = *fused.node;
  const Value in = read(node.inputs[0], wide_.at(fused.output));
  const Value out = make(fused.output);
  const Shape one{1, in.shape.c, in.shape.h, in.shape.w};
  const memory::desc data = desc_of(one, in.wide);
  Flags flags = fused.activation ? Flags::fuse_norm_relu : Flags::none;
  Arguments constants;
  if (node.affine) {
    flags |= Flags::use_scale | Flags::use_shift;
    constants = {{DNNL_ARG_SCALE, vector_of(weights_.get(node.prefix() + ".weight").values)},
                 {DNNL_ARG_SHIFT, vector_of(weights_.get(node.prefix() + ".bias").values)}};
  }
  const auto description = describe_norm(program_.engine(), own_scratch(), data, node.epsilon, flags);
  const dnnl::batch_normalization_forward norm(description);
  for (std::int64_t i = 0; i < in.shape.n; ++i) {
    memory from(data, program_.engine(), DNNL_MEMORY_NONE), to(data, program_.engine(), DNNL_MEMORY_NONE);
    const std::size_t offset = static_cast<std::size_t>(i) * data.get_size();
    program_.add([in, out, from, to, offset]() mutable {
      from.set_data_handle(static_cast<std::byte*>(in.memory.get_data_handle()) + offset);
      to.set_data_handle(static_cast<std::byte*>(out.memory.get_data_handle()) + offset);
    });
    Arguments arguments = constants;
    arguments[DNNL_ARG_SRC] = from;
    arguments[DNNL_ARG_DST] = to;
    program_.add(norm, description.scratchpad_desc(), arguments);
  }
}

void NetCompiler::write_group_norm(const FusedNode& fused) {
  const Node node = *fused.node;
  const Value in = read(node.inputs[0], wide_.at(fused.output));
  const Value out = make(fused.output);
  std::vector<float> weight, bias;
  if (node.affine) {
    weight = weights_.get(node.prefix() + ".weight").values;
    bias = weights_.get(node.prefix() + ".bias").values;
  }
  const bool relu = fused.activation != nullptr;
  program_.add([=] { group_norm(in.nhwc(), node, weight, bias, relu, out.nhwc()); });
}

void NetCompiler::write_pool(const FusedNode& fused) {
  const Node& node = *fused.node;
  const Value in = read(node.inputs[0], wide_.at(fused.output));
  const Value out = make(fused.output);
  const Pads pads = pads_of(node, in.shape);
  const algorithm kind = node.kind == NodeKind::max_pool ? algorithm::pooling_max
                         : node.count_pad && !node.ceil  ? algorithm::pooling_avg_include_padding
                                                         : algorithm::pooling_avg_exclude_padding;
  const auto description = describe_pool(program_.engine(), own_scratch(), kind, in.memory.get_desc(),
                                         out.memory.get_desc(), {node.stride, node.stride}, {node.kernel, node.kernel},
                                         {pads.top, pads.left}, {pads.bottom, pads.right});
  program_.add(dnnl::pooling_forward(description), description.scratchpad_desc(),
               {{DNNL_ARG_SRC, in.memory}, {DNNL_ARG_DST, out.memory}});
}

void NetCompiler::write_activation(const FusedNode& fused) {
  const Node& node = *fused.node;
  const Value in = read(node.inputs[0], wide_.at(fused.output));
  const Value out = make(fused.output);
  const auto description =
      describe_eltwise(program_.engine(), own_scratch(), algorithm_of(node.kind), in.memory.get_desc(), slope_of(node));
  program_.add(dnnl::eltwise_forward(description), description.scratchpad_desc(),
               {{DNNL_ARG_SRC, in.memory}, {DNNL_ARG_DST, out.memory}});
}

void NetCompiler::write_binary(const FusedNode& fused) {
  const Node& node = *fused.node;
  const bool wide = wide_.at(fused.output);
  const Value first = read(node.inputs[0], wide), second = read(node.inputs[1], wide);
  const Value out = make(fused.output);
  const algorithm kind = node.kind == NodeKind::add ? algorithm::binary_add : algorithm::binary_mul;
  const auto description = describe<dnnl::binary>(program_.engine(), attributes(fused), kind, first.memory.get_desc(),
                                                  second.memory.get_desc(), out.memory.get_desc());
  program_.add(dnnl::binary(description), description.scratchpad_desc(),
               {{DNNL_ARG_SRC_0, first.memory}, {DNNL_ARG_SRC_1, second.memory}, {DNNL_ARG_DST, out.memory}});
}

void NetCompiler::write_concat(const FusedNode& fused) {
  std::vector<memory::desc> sources;
  Arguments arguments;
  for (const std::string& input : fused.node->inputs) {
    const Value in = read(input, wide_.at(fused.output));
    arguments[DNNL_ARG_MULTIPLE_SRC + static_cast<int>(sources.size())] = in.memory;
    sources.push_back(in.memory.get_desc());
  }
  const Value out = make(fused.output);
  arguments[DNNL_ARG_DST] = out.memory;
  const auto description = describe_concat(program_.engine(), own_scratch(), out.memory.get_desc(), sources);
  program_.add(dnnl::concat(description), description.scratchpad_desc(), arguments);
}

}  // namespace sfumato
