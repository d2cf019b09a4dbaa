// SPDX-License-Identifier: Apache-2.0
#include "tensor/net.h"

#include <random>

namespace sfumato {
namespace {

namespace F = torch::nn::functional;

// What a node's tensors are without a file.
torch::Tensor fresh(const NetParameter& p, std::mt19937_64& random) {
  if (p.fan_in == 0) {
    const bool is_one = p.name.ends_with(".weight") || p.name.ends_with(".running_var");
    return is_one ? torch::ones(p.shape) : torch::zeros(p.shape);
  }
  torch::Tensor t = torch::empty(p.shape);
  const double bound = std::sqrt(6.0 / static_cast<double>(p.fan_in));
  for (float *v = t.data_ptr<float>(), *end = v + t.numel(); v < end; ++v)
    *v = static_cast<float>((static_cast<double>(random() >> 11) * 0x1p-53 * 2.0 - 1.0) * bound);
  return t;
}

Shapes any_shapes(const NetSpec& spec) { return infer_shapes(spec, input_shapes(spec, 256, 256)); }

torch::Tensor padded(const torch::Tensor& in, const Node& node, const Pads& p) {
  if (!p.top && !p.left && !p.bottom && !p.right) return in;
  const std::vector<std::int64_t> sides{p.left, p.right, p.top, p.bottom};
  if (node.kind == NodeKind::max_pool)
    return F::pad(in, F::PadFuncOptions(sides).value(-std::numeric_limits<double>::infinity()));
  // LibTorch 1.13 does not reflect bfloat16.
  if (node.pad_mode == PadMode::reflect)
    return F::pad(in.to(torch::kFloat), F::PadFuncOptions(sides).mode(torch::kReflect)).to(in.scalar_type());
  return F::pad(in, F::PadFuncOptions(sides));
}

torch::Tensor average_pool(const torch::Tensor& in, const Node& node, const Pads& p) {
  const torch::Tensor sum =
      F::avg_pool2d(padded(in, node, p), F::AvgPool2dFuncOptions(node.kernel).stride(node.stride));
  const bool reaches_over = p.bottom > node.pad || p.right > node.pad;
  if (node.count_pad && !reaches_over) return sum;
  // Windows are averages over the samples that count.
  torch::Tensor counts = torch::ones_like(in.slice(0, 0, 1).slice(1, 0, 1));
  if (node.count_pad && node.pad)
    counts = F::pad(counts, F::PadFuncOptions({node.pad, node.pad, node.pad, node.pad}).value(1));
  const int done = node.count_pad ? node.pad : 0;
  counts = F::pad(counts, F::PadFuncOptions({p.left - done, p.right - done, p.top - done, p.bottom - done}));
  return sum / F::avg_pool2d(counts, F::AvgPool2dFuncOptions(node.kernel).stride(node.stride));
}

}  // namespace

TensorNet::TensorNet(NetSpec spec, std::uint64_t seed) : spec_(std::move(spec)) {
  std::mt19937_64 random(seed);
  for (const NetParameter& p : parameters_of(spec_, any_shapes(spec_)))
    (p.trained ? parameters_ : fixed_)[p.name] = fresh(p, random).requires_grad_(p.trained);
}

TensorNet::TensorNet(NetSpec spec, const TensorFile& file) : spec_(std::move(spec)) {
  for (const NetParameter& p : parameters_of(spec_, any_shapes(spec_)))
    (p.trained ? parameters_ : fixed_)[p.name] = from_file_tensor(file.get(p.name, p.shape)).requires_grad_(p.trained);
}

void TensorNet::freeze(torch::Dtype compute) {
  for (auto& [name, t] : parameters_) {
    t = t.detach().to(compute);
    if (t.dim() == 4) t = t.contiguous(torch::MemoryFormat::ChannelsLast);
  }
}

void TensorNet::make_orthogonal() {
  torch::NoGradGuard no_grad;
  for (auto& [name, t] : parameters_) {
    if (t.dim() < 2) continue;
    const torch::Tensor columns = t.detach().flatten(1).t().to(torch::kDouble);
    torch::Tensor q = std::get<0>(torch::linalg_qr(columns.contiguous())).t();
    if (q.size(0) < t.size(0)) q = q.repeat({(t.size(0) + q.size(0) - 1) / q.size(0), 1}).narrow(0, 0, t.size(0));
    t.copy_(q.reshape(t.sizes()).to(torch::kFloat) * std::sqrt(2.0));
  }
}

TensorNet TensorNet::cut(const std::vector<std::string>& outputs) const {
  TensorNet part = *this;
  part.spec_ = up_to(spec_, outputs);
  NamedTensors* const all[2]{&part.parameters_, &part.fixed_};
  for (NamedTensors* tensors : all) tensors->clear();
  for (const NetParameter& p : parameters_of(part.spec_, any_shapes(part.spec_)))
    (p.trained ? part.parameters_ : part.fixed_)[p.name] = (p.trained ? parameters_ : fixed_).at(p.name);
  return part;
}

void TensorNet::to(torch::Device device) {
  for (NamedTensors* all : {&parameters_, &fixed_})
    for (auto& [name, t] : *all) t = t.detach().to(device).requires_grad_(t.requires_grad());
}

void TensorNet::set(const NamedTensors& values) {
  torch::NoGradGuard no_grad;
  for (auto& [name, t] : parameters_)
    if (const auto v = values.find(name); v != values.end()) t.copy_(v->second);
}

torch::Tensor TensorNet::parameter(const Node& node, const char* name, torch::Dtype type) const {
  const std::string key = node.prefix() + "." + name;
  const auto found = parameters_.find(key);
  return (found != parameters_.end() ? found->second : fixed_.at(key)).to(type);
}

torch::Tensor TensorNet::run(const Node& node, const std::vector<torch::Tensor>& in, torch::Dtype type) const {
  const torch::Tensor& x = in[0];
  const auto p = [&](const char* name) { return parameter(node, name, type); };
  const auto bias = [&] { return node.bias ? p("bias") : torch::Tensor(); };
  const Shape shape{1, x.size(1), x.size(2), x.size(3)};
  switch (node.kind) {
    case NodeKind::conv: {
      const Pads pads = pads_of(node, shape);
      auto options =
          F::Conv2dFuncOptions().bias(bias()).stride(node.stride).dilation(node.dilation).groups(node.groups);
      // Zeros on equal sides are left to the convolution, which need not write them.
      if (node.pad_mode == PadMode::zero && pads.top == pads.bottom && pads.left == pads.right)
        return F::conv2d(x, p("weight"), options.padding({pads.top, pads.left}));
      return F::conv2d(padded(x, node, pads), p("weight"), options);
    }
    case NodeKind::conv_transposed: {
      const Pads off = pads_of(node, shape);
      const torch::Tensor all = F::conv_transpose2d(
          x, p("weight"),
          F::ConvTranspose2dFuncOptions().bias(bias()).stride(node.stride).dilation(node.dilation).groups(node.groups));
      return padded(all, node, {-off.top, -off.left, -off.bottom, -off.right});
    }
    case NodeKind::batch_norm:
      return torch::batch_norm(x, p("weight"), p("bias"), p("running_mean"), p("running_var"), false, 0.0, node.epsilon,
                               false);
    case NodeKind::instance_norm:
      return torch::instance_norm(x, node.affine ? p("weight") : torch::Tensor(),
                                  node.affine ? p("bias") : torch::Tensor(), {}, {}, true, 0.0, node.epsilon, false);
    case NodeKind::group_norm:
      return torch::group_norm(x, node.groups, node.affine ? p("weight") : torch::Tensor(),
                               node.affine ? p("bias") : torch::Tensor(), node.epsilon, false);
    case NodeKind::relu:
      return x.relu();
    case NodeKind::leaky_relu:
      return torch::leaky_relu(x, node.slope);
    case NodeKind::tanh:
      return x.tanh();
    case NodeKind::sigmoid:
      return x.sigmoid();
    case NodeKind::sqrt:
      return x.sqrt();
    case NodeKind::max_pool:
      return F::max_pool2d(padded(x, node, pads_of(node, shape)),
                           F::MaxPool2dFuncOptions(node.kernel).stride(node.stride).dilation(node.dilation));
    case NodeKind::average_pool:
      return average_pool(x, node, pads_of(node, shape));
    case NodeKind::global_average_pool:
      return x.mean({2, 3}, true);
    case NodeKind::global_deviation:
      return (x.flatten(2).var(2, true) + node.epsilon).sqrt().unsqueeze(-1).unsqueeze(-1);
    case NodeKind::resize: {
      std::vector<std::int64_t> size{node.height, node.width};
      if (in.size() == 2)
        size = {in[1].size(2), in[1].size(3)};
      else if (node.factor != 0)
        size = {static_cast<std::int64_t>(std::floor(x.size(2) * static_cast<double>(node.factor))),
                static_cast<std::int64_t>(std::floor(x.size(3) * static_cast<double>(node.factor)))};
      return node.mode == ResizeMode::nearest ? torch::upsample_nearest2d(x, size)
                                              : torch::upsample_bilinear2d(x, size, false);
    }
    case NodeKind::add:
      return x + in[1];
    case NodeKind::mul:
      return x * in[1];
    case NodeKind::concat:
      return torch::cat(in, 1);
    case NodeKind::linear:
      return torch::linear(x.flatten(1), p("weight"), bias()).unsqueeze(-1).unsqueeze(-1);
    case NodeKind::flatten:
      return x.flatten(1).unsqueeze(-1).unsqueeze(-1);
    case NodeKind::scale_shift: {
      const auto constants = [&](const std::vector<float>& v) {
        return torch::tensor(v).to(x.options()).view({1, -1, 1, 1});
      };
      torch::Tensor y = x;
      if (!node.order.empty()) y = y.index_select(1, torch::tensor(node.order, torch::kLong).to(x.device()));
      if (!node.scale.empty()) y = y * constants(node.scale);
      if (!node.shift.empty()) y = y + constants(node.shift);
      return y;
    }
  }
  return x;
}

NamedTensors TensorNet::operator()(const NamedTensors& inputs, torch::Dtype compute, const Dropout* dropout) const {
  const auto dropped = [&](const torch::Tensor& x, const std::string& name) {
    if (!dropout) return x;
    const auto share = dropout->shares.find(name);
    if (share == dropout->shares.end() || share->second <= 0) return x;
    const torch::Tensor kept = torch::rand({x.size(0), x.size(1), 1, 1}, dropout->generator).ge(share->second);
    return x * kept.to(x.options()) / (1 - share->second);
  };
  NamedTensors values;
  for (const NetInput& input : spec_.inputs) {
    values[input.name] = dropped(inputs.at(input.name).to(compute), input.name);
  }
  for (const Node& node : spec_.nodes) {
    std::vector<torch::Tensor> in;
    for (const std::string& name : node.inputs) in.push_back(values.at(name));
    values[node.name] = dropped(run(node, in, compute), node.name);
  }
  NamedTensors outputs;
  for (const std::string& name : spec_.outputs) outputs[name] = values.at(name).to(torch::kFloat);
  return outputs;
}

TensorFile TensorNet::file() const {
  TensorFile out;
  for (const NamedTensors* all : {&parameters_, &fixed_})
    for (const auto& [name, t] : *all) out.tensors[name] = to_file_tensor(t);
  return out;
}

sfumato::Tensor to_file_tensor(const torch::Tensor& t) {
  const torch::Tensor host = t.detach().to(torch::kCPU, torch::kFloat).contiguous();
  return {host.sizes().vec(), {host.data_ptr<float>(), host.data_ptr<float>() + host.numel()}};
}

torch::Tensor from_file_tensor(const sfumato::Tensor& t) {
  return torch::from_blob(const_cast<float*>(t.values.data()), t.shape, torch::kFloat).clone();
}

}  // namespace sfumato
