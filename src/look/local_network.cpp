// SPDX-License-Identifier: Apache-2.0
#include "look/local_network.h"

#include <algorithm>

#include "base/threads.h"
#include "look/local_adapter.h"
#include "measure/local_features.h"
#include "measure/map_table.h"
#include "net/engine.h"

namespace sfumato {

namespace {
constexpr int size = Analysis::size;
}

Shapes transform_inputs(const NetSpec& net) {
  Shapes shapes;
  for (const NetInput& input : net.inputs) {
    const int side = input.name == "image"      ? input.height ? input.height : size
                     : input.name == "features" ? LocalFeatures::side
                                                : size;
    shapes[input.name] = {1, input.channels, side, side};
  }
  return shapes;
}

std::vector<Plane> predict_transforms(const NetSpec& net, const TensorFile& weights, const std::vector<float>& features,
                                      const Analysis& photo) {
  const Shapes shapes = transform_inputs(net);
  const std::vector<float> image = picture_of(photo, static_cast<int>(shapes.at("image").w)),
                           lab = pixel_colors(photo.rgb);
  std::vector<const float*> in;
  for (const NetInput& input : net.inputs)
    in.push_back(input.name == "image" ? image.data() : input.name == "lab" ? lab.data() : features.data());
  std::vector<float> all(30 * size * size);
  float* out[]{all.data()};
  NetEngine(net, weights, shapes, {.exact = true}).run(in, out);
  std::vector<Plane> planes;
  for (int k = 0; k < 30; ++k) {
    planes.emplace_back(size, size);
    std::copy_n(all.begin() + k * size * size, size * size, planes.back().values.begin());
  }
  return planes;
}

LookStep with_transforms(const LookStep& step, const std::vector<Plane>& planes, const Analysis& photo, float share) {
  LookStep result = step;
  const int tables = static_cast<int>(planes.size() / 3);
  result.value_tables.resize(tables);
  const Knob& knob = step.op->knobs[0];
  parallel_for(tables, 0, [&](int t) {
    CubeTable table = map_table({planes[3 * t], planes[3 * t + 1], planes[3 * t + 2]}, photo);
    for (std::size_t i = 0; i < table.nodes.size(); ++i) {
      if (i % 4 == 3) continue;
      const float value = step.values[3 * t + i % 4].preset;
      table.nodes[i] = std::clamp(share * table.nodes[i], knob.min - value, knob.max - value);
    }
    result.value_tables[t] = std::make_shared<const CubeTable>(std::move(table));
  });
  return result;
}

}  // namespace sfumato
