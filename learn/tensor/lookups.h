// SPDX-License-Identifier: Apache-2.0
// Lookups whose gradients the framework computes slowly: tables of eight, tetrahedral cubes, bilateral grids.
#pragma once

#include <torch/torch.h>

#include "lane/cube.h"

namespace sfumato {

// A LUT for the tensor lane.
struct TensorCube {
  torch::Tensor nodes;     // [size, size, size, 3] in the order blue, green, red; may require a gradient
  const CubeTable* frame;  // domain, curves and size; its own nodes are not read

  // All of a table as a constant.
  static TensorCube of(const CubeTable&, torch::TensorOptions);
};

// table [8, ...], index of whole numbers: table[clamp(index, 0, 7)], where the rest of table's shape broadcasts with
// index. Gradient in table.
torch::Tensor pick(const torch::Tensor& table, const torch::Tensor& index);

// r, g, b of one shape -> the same, interpolated in tetrahedra. Gradients in colors and nodes.
std::vector<torch::Tensor> tetrahedral(const TensorCube&, const std::vector<torch::Tensor>& rgb);

// grid [B, C, D, Gh, Gw] sliced at x, y in 0..1 of the picture and z in 0..1 of the depth, each [B, N] -> [B, C, N]:
// trilinear between cell centers, clamped at the border [Chen2007]. Gradients in grid and z.
torch::Tensor slice_grid(const torch::Tensor& grid, const torch::Tensor& x, const torch::Tensor& y,
                         const torch::Tensor& z);

}  // namespace sfumato
