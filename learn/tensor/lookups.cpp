// SPDX-License-Identifier: Apache-2.0
#include "tensor/lookups.h"

#include <ATen/Dispatch.h>

#include "lane/hash.h"
#include "tensor/ten.h"

namespace sfumato {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// table [G, 8], index [G, M] -> [G, M].
struct Pick : torch::autograd::Function<Pick> {
  static Tensor forward(AutogradContext* ctx, const Tensor& table, const Tensor& index) {
    const Tensor at = index.clamp(0, 7).to(torch::kLong);
    ctx->save_for_backward({at});
    return table.gather(1, at);
  }
  static tensor_list backward(AutogradContext* ctx, tensor_list grads) {
    const Tensor at = ctx->get_saved_variables()[0], grad = grads[0].contiguous();
    Tensor sum = torch::zeros({at.size(0), 8}, grad.options());
    if (!grad.device().is_cpu()) return {sum.scatter_add(1, at, grad), Tensor()};
    const std::int64_t* index = at.data_ptr<std::int64_t>();
    const std::int64_t m = at.size(1);
    AT_DISPATCH_FLOATING_TYPES(grad.scalar_type(), "pick", [&] {
      const scalar_t* from = grad.data_ptr<scalar_t>();
      for (std::int64_t g = 0; g < at.size(0); ++g) {
        double total[8]{};
        for (std::int64_t i = 0; i < m; ++i) total[index[g * m + i]] += from[g * m + i];
        for (int i = 0; i < 8; ++i) sum.data_ptr<scalar_t>()[g * 8 + i] = static_cast<scalar_t>(total[i]);
      }
    });
    return {sum, Tensor()};
  }
};

// Where one color falls in a cube: the four nodes of its tetrahedron and their weights.
template <class T>
struct Tetrahedron {
  std::int64_t node[4];
  T weight[4];
  int axis[3];  // in order of falling fraction
  T slope[3];   // of each coordinate in nodes, 0 where clamped

  Tetrahedron(const CubeTable& c, const T* rgb) {
    T frac[3];
    std::int64_t base = 0;
    const std::int64_t step[3]{1, c.size, static_cast<std::int64_t>(c.size) * c.size};
    for (int i = 0; i < 3; ++i) {
      T v = rgb[i];
      slope[i] = T(c.scale[i]);
      if (c.has_shaper()) {
        constexpr T h = T(1e-3);  // of an entry: the curve is linear between two
        const T p = (v - T(c.shaper_low[i])) * T(c.shaper_scale[i]), last = static_cast<T>(c.shaper[i].size() - 1);
        const T at = std::min(std::max(std::floor(p), T(0)), last - 1) + T(0.5);
        const T dv = h / T(c.shaper_scale[i]), mid = at / T(c.shaper_scale[i]) + T(c.shaper_low[i]);
        slope[i] *= p < 0 || p > last ? T(0) : (c.shape(i, mid + dv) - c.shape(i, mid - dv)) / (2 * dv);
        v = c.shape(i, v);
      }
      T p = (v - T(c.low[i])) * T(c.scale[i]);
      const T top = T(c.size - 1);
      if (!(p >= 0 && p <= top)) slope[i] = 0, p = p > top ? top : T(0);
      const T whole = std::min(std::floor(p), T(c.size - 2));
      base += static_cast<std::int64_t>(whole) * step[i];
      frac[i] = p - whole;
      axis[i] = i;
    }
    auto swap_if_less = [&](int a, int b) {
      if (frac[axis[a]] < frac[axis[b]]) std::swap(axis[a], axis[b]);
    };
    swap_if_less(0, 1), swap_if_less(1, 2), swap_if_less(0, 1);
    node[0] = base;
    weight[0] = T(1) - frac[axis[0]];
    for (int i = 0; i < 3; ++i) {
      node[i + 1] = node[i] + step[axis[i]];
      weight[i + 1] = frac[axis[i]] - (i < 2 ? frac[axis[i + 1]] : T(0));
    }
  }
};

// colors [3, M], nodes [size^3, 3] -> [3, M].
struct Tetra : torch::autograd::Function<Tetra> {
  static Tensor forward(AutogradContext* ctx, const Tensor& colors, const Tensor& nodes, std::int64_t frame) {
    ctx->save_for_backward({colors, nodes});
    ctx->saved_data["frame"] = frame;
    const auto& cube = *reinterpret_cast<const CubeTable*>(frame);
    Tensor out = torch::empty_like(colors);
    const std::int64_t m = colors.size(1);
    AT_DISPATCH_FLOATING_TYPES(colors.scalar_type(), "tetrahedral", [&] {
      const scalar_t *in = colors.data_ptr<scalar_t>(), *table = nodes.data_ptr<scalar_t>();
      scalar_t* to = out.data_ptr<scalar_t>();
      at::parallel_for(0, m, 4096, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) {
          const scalar_t rgb[3]{in[i], in[m + i], in[2 * m + i]};
          const Tetrahedron<scalar_t> t(cube, rgb);
          for (int c = 0; c < 3; ++c) {
            scalar_t sum = 0;
            for (int k = 0; k < 4; ++k) sum += t.weight[k] * table[t.node[k] * 3 + c];
            to[c * m + i] = sum;
          }
        }
      });
    });
    return out;
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &colors = saved[0], &nodes = saved[1], grad = grads[0].contiguous();
    const auto& cube = *reinterpret_cast<const CubeTable*>(ctx->saved_data["frame"].toInt());
    const bool wants_nodes = ctx->needs_input_grad(1);
    Tensor to_colors = torch::empty_like(colors), to_nodes = wants_nodes ? torch::zeros_like(nodes) : Tensor();
    const std::int64_t m = colors.size(1);
    AT_DISPATCH_FLOATING_TYPES(colors.scalar_type(), "tetrahedral", [&] {
      const scalar_t *in = colors.data_ptr<scalar_t>(), *table = nodes.data_ptr<scalar_t>(),
                     *g = grad.data_ptr<scalar_t>();
      scalar_t* dc = to_colors.data_ptr<scalar_t>();
      scalar_t* dn = wants_nodes ? to_nodes.data_ptr<scalar_t>() : nullptr;
      // One thread: the order of additions is then always the same.
      for (std::int64_t i = 0; i < m; ++i) {
        const scalar_t rgb[3]{in[i], in[m + i], in[2 * m + i]}, out[3]{g[i], g[m + i], g[2 * m + i]};
        const Tetrahedron<scalar_t> t(cube, rgb);
        scalar_t at[4];  // the loss's slope in each node's weight
        for (int k = 0; k < 4; ++k) {
          const scalar_t* node = table + t.node[k] * 3;
          at[k] = out[0] * node[0] + out[1] * node[1] + out[2] * node[2];
          if (dn)
            for (int c = 0; c < 3; ++c) dn[t.node[k] * 3 + c] += t.weight[k] * out[c];
        }
        for (int k = 0; k < 3; ++k) dc[t.axis[k] * m + i] = (at[k + 1] - at[k]) * t.slope[t.axis[k]];
      }
    });
    return {to_colors, to_nodes, Tensor()};
  }
};

// A sample's two cells along one axis.
template <class T>
struct Between {
  std::int64_t low, high;
  T t;
  bool inside;
  Between(T position, std::int64_t cells) {
    const T p = position * static_cast<T>(cells) - T(0.5), top = static_cast<T>(cells - 1);
    inside = p > 0 && p < top;
    const T q = p > 0 ? (p < top ? p : top) : T(0);
    low = std::min(static_cast<std::int64_t>(q), std::max<std::int64_t>(cells - 2, 0));
    high = std::min(low + 1, cells - 1);
    t = q - static_cast<T>(low);
  }
};

struct Slice : torch::autograd::Function<Slice> {
  // use(b, i, corner[8], weight[8], slope_in_z[8]) for each sample.
  template <class T, class Use>
  static void each(const Tensor& grid, const Tensor& x, const Tensor& y, const Tensor& z, std::int64_t b,
                   std::int64_t first, std::int64_t last, const Use& use) {
    const std::int64_t n = x.size(1), depth = grid.size(2), height = grid.size(3), width = grid.size(4);
    const T *px = x.data_ptr<T>() + b * n, *py = y.data_ptr<T>() + b * n, *pz = z.data_ptr<T>() + b * n;
    for (std::int64_t i = first; i < last; ++i) {
      const Between<T> bx(px[i], width), by(py[i], height), bz(pz[i], depth);
      std::int64_t corner[8];
      T weight[8], slope[8];
      for (int k = 0; k < 8; ++k) {
        corner[k] =
            ((k & 4 ? bz.high : bz.low) * height + (k & 2 ? by.high : by.low)) * width + (k & 1 ? bx.high : bx.low);
        const T flat = (k & 2 ? by.t : 1 - by.t) * (k & 1 ? bx.t : 1 - bx.t);
        weight[k] = (k & 4 ? bz.t : 1 - bz.t) * flat;
        slope[k] = bz.inside ? (k & 4 ? flat : -flat) * static_cast<T>(depth) : T(0);
      }
      use(i, corner, weight, slope);
    }
  }

  static Tensor forward(AutogradContext* ctx, const Tensor& grid, const Tensor& x, const Tensor& y, const Tensor& z) {
    ctx->save_for_backward({grid, x, y, z});
    const std::int64_t batch = grid.size(0), channels = grid.size(1), n = x.size(1), cells = grid.stride(1);
    Tensor out = torch::empty({batch, channels, n}, grid.options());
    AT_DISPATCH_FLOATING_TYPES(grid.scalar_type(), "slice_grid", [&] {
      const scalar_t* g = grid.data_ptr<scalar_t>();
      scalar_t* to = out.data_ptr<scalar_t>();
      for (std::int64_t b = 0; b < batch; ++b)
        at::parallel_for(0, n, 4096, [&](std::int64_t first, std::int64_t last) {
          each<scalar_t>(grid, x, y, z, b, first, last,
                         [&](std::int64_t i, const std::int64_t* at, const scalar_t* w, const scalar_t*) {
                           for (std::int64_t c = 0; c < channels; ++c) {
                             const scalar_t* plane = g + (b * channels + c) * cells;
                             scalar_t sum = 0;
                             for (int k = 0; k < 8; ++k) sum += w[k] * plane[at[k]];
                             to[(b * channels + c) * n + i] = sum;
                           }
                         });
        });
    });
    return out;
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &grid = saved[0], &x = saved[1], &y = saved[2], &z = saved[3], grad = grads[0].contiguous();
    const std::int64_t batch = grid.size(0), channels = grid.size(1), n = x.size(1), cells = grid.stride(1);
    Tensor to_grid = torch::zeros_like(grid), to_z = torch::zeros_like(z);
    AT_DISPATCH_FLOATING_TYPES(grid.scalar_type(), "slice_grid", [&] {
      const scalar_t *g = grid.data_ptr<scalar_t>(), *out = grad.data_ptr<scalar_t>();
      scalar_t *dg = to_grid.data_ptr<scalar_t>(), *dz = to_z.data_ptr<scalar_t>();
      // A thread per picture of the batch, so that the order of additions is always the same.
      at::parallel_for(0, batch, 1, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t b = from; b < to; ++b)
          each<scalar_t>(grid, x, y, z, b, 0, n,
                         [&](std::int64_t i, const std::int64_t* at, const scalar_t* w, const scalar_t* slope) {
                           scalar_t in_z = 0;
                           for (std::int64_t c = 0; c < channels; ++c) {
                             const std::int64_t plane = (b * channels + c) * cells;
                             const scalar_t o = out[(b * channels + c) * n + i];
                             for (int k = 0; k < 8; ++k) {
                               dg[plane + at[k]] += w[k] * o;
                               in_z += slope[k] * o * g[plane + at[k]];
                             }
                           }
                           dz[b * n + i] = in_z;
                         });
      });
    });
    return {to_grid, Tensor(), Tensor(), to_z};
  }
};

}  // namespace

TensorCube TensorCube::of(const CubeTable& c, torch::TensorOptions options) {
  const auto all = torch::from_blob(const_cast<float*>(c.nodes.data()), {c.size, c.size, c.size, 4}, torch::kFloat);
  return {all.narrow(3, 0, 3).to(options).contiguous(), &c};
}

Tensor pick(const Tensor& table, const Tensor& index) {
  const std::int64_t entries = table.numel() / 8;
  const auto full = at::infer_size(table.sizes().slice(1), index.sizes());
  const Tensor at = index.expand(full).contiguous();
  if (entries == 1) return Pick::apply(table.reshape({1, 8}), at.reshape({1, -1})).reshape(full);
  // A number per picture of the batch, or a map.
  if (table.dim() == at.dim() + 1 && table.size(1) == entries && at.size(0) == entries)
    return Pick::apply(table.reshape({8, entries}).t(), at.reshape({entries, -1})).reshape(full);
  std::vector<std::int64_t> all(full.begin(), full.end());
  all.insert(all.begin(), 8);
  return table.expand(all).gather(0, at.clamp(0, 7).to(torch::kLong).unsqueeze(0)).squeeze(0);
}

std::vector<Tensor> tetrahedral(const TensorCube& cube, const std::vector<Tensor>& rgb) {
  const auto shape = rgb[0].sizes();
  const Tensor colors = torch::stack(rgb).reshape({3, -1}).contiguous();
  const Tensor nodes = cube.nodes.to(colors.options()).reshape({-1, 3}).contiguous();
  const Tensor host =
      Tetra::apply(colors.cpu(), nodes.cpu(), reinterpret_cast<std::int64_t>(cube.frame)).to(colors.device());
  return {host[0].reshape(shape), host[1].reshape(shape), host[2].reshape(shape)};
}

Tensor slice_grid(const Tensor& grid, const Tensor& x, const Tensor& y, const Tensor& z) {
  return Slice::apply(grid.cpu().contiguous(), x.cpu().contiguous(), y.cpu().contiguous(), z.cpu().contiguous())
      .to(grid.device());
}

inline namespace SFM_ISA {

Rgb<Ten> table3(const void* table, const Rgb<Ten>& c) {
  const auto all = torch::broadcast_tensors({c.r.tensor(), c.g.tensor(), c.b.tensor()});
  const auto out = tetrahedral(*static_cast<const TensorCube*>(table), all);
  return {out[0], out[1], out[2]};
}

NoiseTriangle<Ten> noise_triangle(unsigned seed, const Ten& x, const Ten& y, const TenMask& x_first) {
  const auto all = torch::broadcast_tensors({x.tensor().detach(), y.tensor().detach(), x_first.t});
  const auto options = all[0].options();
  const auto host = [](const Tensor& t, torch::Dtype type) { return t.cpu().to(type).contiguous(); };
  const Tensor tx = host(all[0], torch::kInt), ty = host(all[1], torch::kInt), first = host(all[2], torch::kInt);
  const int *px = tx.data_ptr<int>(), *py = ty.data_ptr<int>(), *pf = first.data_ptr<int>();
  // Steps to a corner where x comes first, and where y does.
  auto corner = [&](int dx, int dy, int dx_else, int dy_else) {
    Tensor numbers = torch::empty({3, tx.numel()}, torch::kDouble);
    double* to = numbers.data_ptr<double>();
    const std::int64_t n = tx.numel();
    at::parallel_for(0, n, 4096, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::uint32_t h = hash(seed, static_cast<std::uint32_t>(px[i] + (pf[i] ? dx : dx_else)),
                                     static_cast<std::uint32_t>(py[i] + (pf[i] ? dy : dy_else)));
        for (int k = 0; k < 3; ++k) to[k * n + i] = static_cast<std::int32_t>(h << (11 * k));
      }
    });
    const Tensor out = numbers.to(options).reshape({3, -1});
    const auto part = [&](int k) { return Ten(out[k].reshape(tx.sizes())); };
    return NoiseTriangle<Ten>::Corner{part(0), part(1), part(2)};
  };
  return {corner(0, 0, 0, 0), corner(1, 0, 0, 1), corner(1, 1, 1, 1)};
}

}  // namespace SFM_ISA
}  // namespace sfumato
