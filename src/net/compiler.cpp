// SPDX-License-Identifier: Apache-2.0
#include "net/compiler.h"

namespace sfumato {
namespace {

// Sums of many values, which any width may enter.
bool sums_up(NodeKind kind) { return kind == NodeKind::global_average_pool || kind == NodeKind::global_deviation; }

// oneDNN's transposed convolutions are slower in bfloat16; linear layers wait for memory, not for arithmetic.
bool makes_wide(NodeKind kind) {
  return sums_up(kind) || kind == NodeKind::linear || kind == NodeKind::conv_transposed;
}

}  // namespace

NetCompiler::NetCompiler(const NetSpec& spec, const Shapes& shapes, const TensorFile& weights, bool exact,
                         Program& program)
    : spec_(spec), shapes_(shapes), weights_(weights), exact_(exact), program_(program) {}

void NetCompiler::compile(std::vector<const float*>& inputs, std::vector<float*>& outputs) {
  const auto planar = [&](const Shape& s) {
    return dnnl::memory({{s.n, s.c, s.h, s.w}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::nchw},
                        program_.engine(), DNNL_MEMORY_NONE);
  };
  const std::vector<FusedNode> order = fuse(spec_, shapes_);
  choose_widths();
  count_readers(order);
  for (std::size_t i = 0; i < spec_.inputs.size(); ++i) {
    const Value& value = make(spec_.inputs[i].name);
    dnnl::memory from = planar(value.shape);
    program_.add([from, &source = inputs[i]]() mutable { from.set_data_handle(const_cast<float*>(source)); });
    program_.add_reorder(from, value.memory);
  }
  for (const FusedNode& fused : order) {
    write(fused);
    done();
  }
  for (std::size_t i = 0; i < spec_.outputs.size(); ++i) {
    const Value& value = values_.at(spec_.outputs[i]);
    dnnl::memory to = planar(value.shape);
    program_.add([to, &target = outputs[i]]() mutable { to.set_data_handle(target); });
    program_.add_reorder(value.memory, to);
  }
}

// Rounding to bfloat16 happens where a convolution reads. What only passes through cheap nodes on its way to an output
// stays wide, so that outputs are smooth.
void NetCompiler::choose_widths() {
  for (const NetInput& input : spec_.inputs) wide_[input.name] = true;
  for (const Node& node : spec_.nodes) wide_[node.name] = exact_ || makes_wide(node.kind);
  for (const std::string& output : spec_.outputs) wide_[output] = true;
  for (auto node = spec_.nodes.rbegin(); node != spec_.nodes.rend(); ++node) {
    if (node->kind == NodeKind::conv || sums_up(node->kind) || !wide_[node->name]) continue;
    for (const std::string& input : node->inputs) wide_[input] = true;
  }
}

void NetCompiler::count_readers(const std::vector<FusedNode>& order) {
  for (const FusedNode& fused : order) {
    for (const std::string& input : fused.node->inputs) ++readers_[input];
    if (!fused.added.empty()) ++readers_[fused.added];
  }
  for (const std::string& output : spec_.outputs) ++readers_[output];
}

Value& NetCompiler::make(const std::string& output) {
  Value value = program_.make(shapes_.at(output), wide_.at(output));
  value.readers = readers_[output];
  return values_[output] = value;
}

Value NetCompiler::read(const std::string& name, bool wide) {
  read_.push_back(name);
  const Value& value = values_.at(name);
  if (value.wide == wide) return value;
  const Value converted = program_.make(value.shape, wide);
  program_.add_reorder(value.memory, converted.memory);
  temporary_.push_back(converted);
  return converted;
}

void NetCompiler::done() {
  for (const Value& value : temporary_) program_.release(value);
  for (const std::string& name : read_)
    if (--values_.at(name).readers == 0) program_.release(values_.at(name));
  temporary_.clear();
  read_.clear();
}

void NetCompiler::write(const FusedNode& fused) {
  switch (fused.node->kind) {
    case NodeKind::conv:
    case NodeKind::linear:
      return write_conv(fused);
    case NodeKind::conv_transposed:
      return write_conv_transposed(fused);
    case NodeKind::batch_norm:
      return write_norm(fused);
    case NodeKind::instance_norm:
      return write_instance_norm(fused);
    case NodeKind::group_norm:
      return write_group_norm(fused);
    case NodeKind::relu:
    case NodeKind::leaky_relu:
    case NodeKind::tanh:
    case NodeKind::sigmoid:
    case NodeKind::sqrt:
      return write_activation(fused);
    case NodeKind::max_pool:
    case NodeKind::average_pool:
      return write_pool(fused);
    case NodeKind::add:
    case NodeKind::mul:
      return write_binary(fused);
    case NodeKind::concat:
      return write_concat(fused);
    default:
      return write_own(fused);
  }
}

void NetCompiler::write_own(const FusedNode& fused) {
  const Node node = *fused.node;
  const bool any_width = node.kind == NodeKind::scale_shift || sums_up(node.kind);
  const Value in = read(node.inputs[0], any_width ? values_.at(node.inputs[0]).wide : wide_.at(node.name));
  if (node.inputs.size() == 2) read_.push_back(node.inputs[1]);  // a resize looks only at its size
  const Value out = make(fused.output);
  program_.add([node, in, out] {
    switch (node.kind) {
      case NodeKind::resize:
        return resize(in.nhwc(), node, out.nhwc());
      case NodeKind::scale_shift:
        return scale_shift(in.nhwc(), node, out.nhwc());
      case NodeKind::flatten:
        return flatten(in.nhwc(), out.nhwc());
      case NodeKind::global_average_pool:
        return global_average(in.nhwc(), out.nhwc());
      default:
        return global_deviation(in.nhwc(), node.epsilon, out.nhwc());
    }
  });
}

}  // namespace sfumato
