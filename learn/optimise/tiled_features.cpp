// SPDX-License-Identifier: Apache-2.0
#include "optimise/tiled_features.h"

#include <fmt/format.h>

#include "sfumato/error.h"

namespace sfumato {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

struct Span {
  std::int64_t from, to;    // what a tile is responsible for
  std::int64_t first, end;  // and what it has to see for that

  // The values of one output, in the tile's and in the whole's.
  std::int64_t begin_in_tile(const Footprint& f) const { return (from - first) / f.stride; }
  std::int64_t begin(const Footprint& f) const { return from / f.stride; }
};

class Tiles : public torch::CustomClassHolder {
 public:
  Tiles(SeeFeatures see, const NetSpec& spec, const torch::Tensor& picture, int tile)
      : see_(std::move(see)),
        footprints_(footprints(spec)),
        shapes_(infer_shapes(spec, {{"image", {1, 3, picture.size(2), picture.size(3)}}})),
        names_(spec.outputs) {
    for (const auto& [name, f] : footprints_) {
      stride_ = std::max(stride_, f.stride);
      margin_ = std::max({margin_, f.before, f.after});
    }
    margin_ = up(margin_), tile_ = up(tile);
  }

  const std::vector<std::string>& names() const { return names_; }

  std::vector<torch::Tensor> see(const torch::Tensor& picture) const {
    torch::NoGradGuard no_grad;
    std::vector<torch::Tensor> wholes;
    for (const std::string& name : names_) {
      const Shape s = shapes_.at(name);
      wholes.push_back(torch::empty({1, s.c, s.h, s.w}, picture.options(), torch::MemoryFormat::ChannelsLast));
    }
    for_tiles(picture, [&](const Span& y, const Span& x) {
      const Features seen = see_(cut(picture, y, x));
      for (std::size_t i = 0; i < names_.size(); ++i) {
        const torch::Tensor to = of_whole(wholes[i], names_[i], y, x);
        to.copy_(of_tile(seen.at(names_[i]), names_[i], y, x, to));
      }
    });
    return wholes;
  }

  // Of the sum of features times `slopes`, of which some may be undefined.
  torch::Tensor gradient(const torch::Tensor& picture, const std::vector<torch::Tensor>& slopes) const {
    torch::Tensor sum = torch::zeros_like(picture);
    for_tiles(picture, [&](const Span& y, const Span& x) {
      torch::AutoGradMode with_grad(true);
      const torch::Tensor part = cut(picture, y, x).detach().clone().requires_grad_(true);
      const Features seen = see_(part);
      std::vector<torch::Tensor> values, weights;
      for (std::size_t i = 0; i < names_.size(); ++i) {
        if (!slopes[i].defined()) continue;
        const torch::Tensor slope = of_whole(slopes[i], names_[i], y, x);
        values.push_back(of_tile(seen.at(names_[i]), names_[i], y, x, slope)), weights.push_back(slope);
      }
      const torch::Tensor g = torch::autograd::grad(values, {part}, weights).front();
      torch::NoGradGuard no_grad;
      cut(sum, y, x).add_(g);
    });
    return sum;
  }

 private:
  std::int64_t up(std::int64_t pixels) const { return (pixels + stride_ - 1) / stride_ * stride_; }

  std::vector<Span> spans(std::int64_t side) const {
    std::vector<Span> all;
    for (std::int64_t from = 0; from < side; from += tile_) {
      const std::int64_t to = std::min(from + tile_, side);
      all.push_back({from, to, std::max<std::int64_t>(from - margin_, 0), std::min(to + margin_, side)});
    }
    return all;
  }

  template <class Body>
  void for_tiles(const torch::Tensor& picture, const Body& body) const {
    for (const Span& y : spans(picture.size(2)))
      for (const Span& x : spans(picture.size(3))) body(y, x);
  }

  static torch::Tensor cut(const torch::Tensor& picture, const Span& y, const Span& x) {
    return picture.slice(2, y.first, y.end).slice(3, x.first, x.end);
  }

  torch::Tensor of_whole(const torch::Tensor& whole, const std::string& name, const Span& y, const Span& x) const {
    const Footprint& f = footprints_.at(name);
    const auto part = [&](const torch::Tensor& t, int axis, const Span& s) {
      return t.slice(axis, s.begin(f), std::min(s.to / f.stride, t.size(axis)));
    };
    return part(part(whole, 2, y), 3, x);
  }

  torch::Tensor of_tile(const torch::Tensor& seen, const std::string& name, const Span& y, const Span& x,
                        const torch::Tensor& like) const {
    const Footprint& f = footprints_.at(name);
    return seen.narrow(2, y.begin_in_tile(f), like.size(2)).narrow(3, x.begin_in_tile(f), like.size(3));
  }

  SeeFeatures see_;
  std::map<std::string, Footprint> footprints_;
  Shapes shapes_;
  std::vector<std::string> names_;
  std::int64_t stride_ = 1, margin_ = 0, tile_ = 0;
};

struct InTiles : torch::autograd::Function<InTiles> {
  static tensor_list forward(AutogradContext* context, const torch::Tensor& picture,
                             const c10::intrusive_ptr<Tiles>& tiles) {
    context->save_for_backward({picture});
    context->saved_data["tiles"] = torch::IValue::make_capsule(tiles);
    return tiles->see(picture);
  }
  static tensor_list backward(AutogradContext* context, tensor_list slopes) {
    const auto tiles = c10::static_intrusive_pointer_cast<Tiles>(context->saved_data["tiles"].toCapsule());
    return {tiles->gradient(context->get_saved_variables().front(), slopes), torch::Tensor()};
  }
};

}  // namespace

std::map<std::string, Footprint> footprints(const NetSpec& spec) {
  std::map<std::string, Footprint> all;
  for (const NetInput& input : spec.inputs) all[input.name] = {};
  for (const Node& node : spec.nodes) {
    Footprint f = all.at(node.inputs.front());
    for (const std::string& input : node.inputs) {
      f.before = std::max(f.before, all.at(input).before);
      f.after = std::max(f.after, all.at(input).after);
    }
    switch (node.kind) {
      case NodeKind::conv:
      case NodeKind::max_pool:
      case NodeKind::average_pool:
        f.before += f.stride * node.pad;
        f.after += f.stride * (node.dilation * (node.kernel - 1) - node.pad);
        f.stride *= node.stride;
        break;
      case NodeKind::relu:
      case NodeKind::sqrt:
      case NodeKind::mul:
      case NodeKind::scale_shift:
        break;
      default:
        throw Error(Code::bug, fmt::format("\"{}\": found {}; expected a net that can be seen in tiles", node.name,
                                           name_of(node.kind)));
    }
    all[node.name] = f;
  }
  return all;
}

Features features_in_tiles(const SeeFeatures& see, const NetSpec& spec, const torch::Tensor& picture, int tile) {
  const auto tiles = c10::make_intrusive<Tiles>(see, spec, picture, tile);
  const tensor_list seen = InTiles::apply(picture, tiles);
  Features features;
  for (std::size_t i = 0; i < seen.size(); ++i) features[tiles->names()[i]] = seen[i];
  return features;
}

}  // namespace sfumato
