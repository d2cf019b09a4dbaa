// SPDX-License-Identifier: Apache-2.0
// Lookups with gradients, ours beside what the framework offers: forward and backward over one picture of 512 x 512.
#include <benchmark/benchmark.h>

#include "base/threads.h"
#include "tensor/lookups.h"

namespace sfumato {
namespace {

using torch::Tensor;

constexpr int pixels = 512 * 512;

template <class Forward>
void run(benchmark::State& state, const Forward& forward) {
  torch::set_num_threads(thread_count(0));
  for (auto _ : state) forward().sum().backward();
}

struct GridCase {
  Tensor grid = torch::randn({1, 12, 8, 16, 16}).requires_grad_(), x = torch::rand({1, pixels}),
         y = torch::rand({1, pixels}), z = torch::rand({1, pixels}).requires_grad_();
};

void bilateral_slice_ours(benchmark::State& state) {
  const GridCase c;
  run(state, [&] { return slice_grid(c.grid, c.x, c.y, c.z); });
}

void bilateral_slice_grid_sample(benchmark::State& state) {
  const GridCase c;
  namespace F = torch::nn::functional;
  const auto options =
      F::GridSampleFuncOptions().mode(torch::kBilinear).padding_mode(torch::kBorder).align_corners(false);
  run(state, [&] {
    return F::grid_sample(c.grid, (torch::stack({c.x, c.y, c.z}, -1) * 2 - 1).view({1, 1, 1, pixels, 3}), options);
  });
}

void table_of_eight_ours(benchmark::State& state) {
  const Tensor table = torch::randn({8}).requires_grad_(), index = torch::randint(0, 8, {pixels}).to(torch::kFloat);
  run(state, [&] { return pick(table, index); });
}

void table_of_eight_index_select(benchmark::State& state) {
  const Tensor table = torch::randn({8}).requires_grad_(), index = torch::randint(0, 8, {pixels}).to(torch::kFloat);
  run(state, [&] { return table.index_select(0, index.to(torch::kLong)); });
}

constexpr int nodes = 33;

struct CubeCase {
  CubeTable frame;
  Tensor table = torch::rand({nodes, nodes, nodes, 3}).requires_grad_();
  std::vector<Tensor> rgb;

  CubeCase() {
    frame.size = nodes;
    for (float& s : frame.scale) s = nodes - 1;
    for (int c = 0; c < 3; ++c) rgb.push_back(torch::rand({1, pixels}).requires_grad_());
  }
};

void tetrahedral_ours(benchmark::State& state) {
  const CubeCase c;
  run(state, [&] { return torch::stack(tetrahedral({c.table, &c.frame}, c.rgb)); });
}

// The framework has no tetrahedra; trilinear sampling is the nearest it offers.
void trilinear_grid_sample(benchmark::State& state) {
  const CubeCase c;
  namespace F = torch::nn::functional;
  const auto options =
      F::GridSampleFuncOptions().mode(torch::kBilinear).padding_mode(torch::kBorder).align_corners(true);
  run(state, [&] {
    return F::grid_sample(c.table.permute({3, 0, 1, 2}).unsqueeze(0),
                          (torch::stack(c.rgb, -1) * 2 - 1).view({1, 1, 1, pixels, 3}), options);
  });
}

BENCHMARK(bilateral_slice_ours)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(bilateral_slice_grid_sample)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(table_of_eight_ours)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(table_of_eight_index_select)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(tetrahedral_ours)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(trilinear_grid_sample)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace sfumato

BENCHMARK_MAIN();
