// SPDX-License-Identifier: Apache-2.0
#include "paint/patch_space.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "net/engine.h"
#include "net/net_spec.h"

namespace sfumato {
namespace {

constexpr int most_sampled = 3000;

// Patches on a regular grid, one a column, less their mean.
Eigen::MatrixXf sampled_patches(const Planes& planes, const std::vector<float>& weights, int side) {
  const int across = planes[0].width - side + 1, down = planes[0].height - side + 1;
  const int step = std::max(1, static_cast<int>(std::sqrt(static_cast<double>(across) * down / most_sampled)));
  const int columns = (across + step - 1) / step, rows = (down + step - 1) / step;
  Eigen::MatrixXf patches(static_cast<int>(planes.size()) * side * side, columns * rows);
  for (int r = 0; r < rows; ++r)
    for (int q = 0; q < columns; ++q) {
      float* to = patches.col(r * columns + q).data();
      for (std::size_t c = 0; c < planes.size(); ++c)
        for (int y = 0; y < side; ++y)
          for (int x = 0; x < side; ++x) *to++ = std::sqrt(weights[c]) * planes[c].row(r * step + y)[q * step + x];
    }
  patches.colwise() -= patches.rowwise().mean().eval();
  return patches;
}

NetSpec projection_net(int channels, int side, int dimensions, int stride) {
  NetSpec spec;
  spec.name = "patches";
  spec.inputs = {{"planes", channels}};
  Node conv{.name = "project", .kind = NodeKind::conv, .inputs = {"planes"}};
  conv.channels = dimensions, conv.kernel = side, conv.stride = stride, conv.bias = false;
  spec.nodes = {conv};
  spec.outputs = {"project"};
  return spec;
}

}  // namespace

PatchSpace::PatchSpace(const Planes& planes, const std::vector<float>& weights, const PatchShape& shape)
    : side_(shape.side), channels_(static_cast<int>(planes.size())) {
  const Eigen::MatrixXf patches = sampled_patches(planes, weights, side_);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> parts(patches * patches.transpose() /
                                                             static_cast<float>(patches.cols()));
  const int values = static_cast<int>(patches.rows());
  dimensions_ = std::min(shape.dimensions, values);
  std::vector<float> kernels;
  for (int d = 0; d < dimensions_; ++d)
    for (int i = 0; i < values; ++i)
      kernels.push_back(parts.eigenvectors()(i, values - 1 - d) * std::sqrt(weights[i / (side_ * side_)]));
  weights_.tensors["project.weight"] = {{dimensions_, channels_, side_, side_}, std::move(kernels)};
}

std::vector<float> PatchSpace::project(const Planes& planes, int stride, bool margin, int threads) const {
  const int pad = margin ? side_ / 2 : 0, width = planes[0].width + 2 * pad, height = planes[0].height + 2 * pad;
  std::vector<float> padded;
  padded.reserve(static_cast<std::size_t>(width) * height * planes.size());
  for (const Plane& p : planes)
    for (int y = -pad; y < p.height + pad; ++y) {
      const float* row = p.row(std::clamp(y, 0, p.height - 1));
      padded.insert(padded.end(), static_cast<std::size_t>(pad), row[0]);
      padded.insert(padded.end(), row, row + p.width);
      padded.insert(padded.end(), static_cast<std::size_t>(pad), row[p.width - 1]);
    }
  const NetSpec spec = projection_net(channels_, side_, dimensions_, stride);
  NetEngine engine(spec, weights_, input_shapes(spec, height, width), {.threads = threads, .exact = true});
  const Shape shape = engine.output_shapes()[0];
  const std::size_t count = static_cast<std::size_t>(shape.h * shape.w);
  std::vector<float> planar(count * dimensions_), vectors(planar.size());
  const float* in[] = {padded.data()};
  float* out[] = {planar.data()};
  engine.run(in, out);
  parallel_for(static_cast<int>(shape.h), threads, [&](int y) {
    for (int d = 0; d < dimensions_; ++d)
      for (int x = 0; x < shape.w; ++x) {
        const std::size_t i = static_cast<std::size_t>(y * shape.w + x);
        vectors[i * dimensions_ + d] = planar[d * count + i];
      }
  });
  return vectors;
}

}  // namespace sfumato
