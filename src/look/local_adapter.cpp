// SPDX-License-Identifier: Apache-2.0
#include "look/local_adapter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/fnv.h"
#include "lane/scalar.h"
#include "look/local_grid.h"
#include "look/local_network.h"
#include "look/where.h"
#include "net/engine.h"
#include "net/nets.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr int side = LocalFeatures::side, cells = LocalFeatures::cells;

NetSpec head_of(const LocalModel& m) {
  return local_head(m.net, m.channels(), static_cast<int>(m.head.get("0.bias").values.size()));
}
Shapes head_input(const LocalModel& m) { return {{"features", {1, m.channels(), side, side}}}; }

constexpr const char* head_prefix = "local.head.";
constexpr const char* encoder_prefix = "local.encoder.";

TensorFile part_of(const TensorFile& file, const std::string& prefix) {
  TensorFile part;
  for (const auto& [name, tensor] : file.tensors)
    if (name.starts_with(prefix)) part.tensors[name.substr(prefix.size())] = tensor;
  return part;
}

Tensor list(const std::vector<float>& v) { return {{static_cast<std::int64_t>(v.size())}, v}; }

LocalGrid grid_of(const LocalModel& m, const LocalMaps& maps) {
  const std::size_t cells_of_slice = maps.logits.size() / (3 * local_grid_depth);
  return {static_cast<int>(std::lround(std::sqrt(cells_of_slice))), local_grid_depth, maps.logits.data(), m.guide};
}

constexpr const char* net_names[]{"cells", "unet", "grid"};

LocalNet local_net_named(const std::string& name, const std::string& where) {
  for (const LocalNet net : {LocalNet::cells, LocalNet::unet, LocalNet::grid})
    if (name == net_names[static_cast<int>(net)]) return net;
  throw Error(Code::look, "found local maps of the unknown kind \"" + name + "\"; expected cells, unet or grid", where);
}

void check_network(const LocalModel& m, const std::string& where) {
  constexpr int widest = 1024;
  constexpr std::int64_t most_values = std::int64_t{1} << 28;  // of one node
  bool has_image = false;
  for (const NetInput& input : m.network.inputs) {
    has_image |= input.name == "image";
    if (input.height != input.width || input.height < 0 || input.height > widest)
      throw Error(Code::look,
                  fmt::format("found a local network for {} x {} pixels; expected a square of at most {}", input.width,
                              input.height, widest),
                  where);
  }
  if (!has_image) throw Error(Code::look, "found a local network that does not see the photo", where);
  const Shapes shapes = infer_shapes(m.network, transform_inputs(m.network));
  for (const NetInput& input : m.network.inputs) {
    const std::map<std::string, int> channels{{"image", 3}, {"lab", 3}, {"features", m.channels()}};
    const auto known = channels.find(input.name);
    if (known == channels.end() || known->second != input.channels)
      throw Error(Code::look,
                  "found a local network with the input " + input.name + "; expected image, lab and features", where);
  }
  if (m.network.outputs.size() != 1 || shapes.at(m.network.outputs[0]) != Shape{1, 30, Analysis::size, Analysis::size})
    throw Error(Code::look, "found a local network that does not make 30 coefficients for each pixel", where);
  for (const auto& [name, shape] : shapes)
    if (shape.count() > most_values)
      throw Error(Code::look, "found a local network that is too large at " + name, where);
  check_weights(m.network, shapes, m.head);
}

void check_model(const LocalModel& m, const std::string& where) {
  const std::size_t key = static_cast<std::size_t>(m.key());
  const int expected = LocalFeatures::channels + m.encoder.kept();
  if (m.channels() != expected || m.spread.size() != m.mean.size() || m.key_spread.size() != key ||
      m.photos.size() % key != 0 || (m.net == LocalNet::grid) != (m.guide.size() >= 2))
    throw Error(Code::look, "found local maps whose tensors do not fit together; learn the look again", where);
  if (m.has_maps())
    check_weights(head_of(m), infer_shapes(head_of(m), head_input(m)), m.head);
  else
    check_network(m, where);
}

}  // namespace

std::vector<float> features_of(const LocalEncoder& encoder, const Analysis& photo, int threads) {
  std::vector<float> all = local_features(photo);
  if (encoder.net.name.empty()) return all;
  const std::vector<float> more = reduced(encoder, encoded(encoder, photo, threads));
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

void normalize(std::vector<float>& features, const LocalModel& m) {
  constexpr float most = 4;  // deviations: what was never seen must not rule
  for (int c = 0; c < m.channels(); ++c)
    for (int i = 0; i < cells; ++i) {
      float& v = features[static_cast<std::size_t>(c) * cells + i];
      v = std::clamp((v - m.mean[c]) / m.spread[c], -most, most);
    }
}

LocalMaps predict_maps(const LocalModel& m, const std::vector<float>& features, const Analysis& photo) {
  NetEngine engine(head_of(m), m.head, head_input(m), {.threads = 1, .exact = true});
  LocalMaps maps{{Plane(side, side), Plane(side, side), Plane(side, side)}, {}};
  std::vector<float>& logits = maps.logits;
  logits.resize(static_cast<std::size_t>(infer_shapes(head_of(m), head_input(m)).at("logits").count()));
  const float* in[]{features.data()};
  float* out[]{logits.data()};
  engine.run(in, out);
  const auto fill = [&](const auto& weights_of) {
    for (int i = 0; i < cells; ++i) {
      const std::array<float, 3> w = weights_of(i);
      for (int k = 0; k < 3; ++k) maps.cells[k].values[i] = w[k];
    }
  };
  if (m.net == LocalNet::grid) {
    const LocalGrid grid = grid_of(m, maps);
    const std::vector<float> rgb = cell_colors(photo.rgb);
    const float *r = rgb.data(), *g = r + cells, *b = g + cells;
    const auto center = [](int cell) { return (static_cast<float>(cell) + 0.5f) / side; };
    fill([&](int i) { return grid.at(luma(Rgb<float>{r[i], g[i], b[i]}), center(i % side), center(i / side)); });
  } else {
    fill([&](int i) { return softmax({logits[i], logits[cells + i], logits[2 * cells + i]}); });
  }
  return maps;
}

CubeTable table_of(const LocalModel& m, const LocalMaps& maps, const Analysis& photo) {
  if (m.net != LocalNet::grid) return map_table(maps.cells, photo);
  const LocalGrid grid = grid_of(m, maps);
  return table_over_photo([&](float luma, float x, float y) { return grid.at(luma, x, y); });
}

std::vector<float> photo_key(const std::vector<float>& features) {
  std::vector<float> key;
  for (std::size_t c = 0; c < features.size(); c += cells) {
    double sum = 0;
    for (int i = 0; i < cells; ++i) sum += features[c + i];
    key.push_back(static_cast<float>(sum / cells));
  }
  return key;
}

std::vector<float> photo_key(const std::vector<float>& features, const LocalMaps& maps) {
  std::vector<float> key = photo_key(features);
  for (const Plane& p : maps.cells) key.push_back(photo_key(p.values)[0]);
  return key;
}

float confidence_of(const LocalModel& m, const std::vector<float>& key) {
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t photo = 0; photo < m.photos.size(); photo += key.size()) {
    double sum = 0;
    for (std::size_t i = 0; i < key.size(); ++i) sum += std::pow((key[i] - m.photos[photo + i]) / m.key_spread[i], 2.0);
    nearest = std::min(nearest, std::sqrt(sum));
  }
  return static_cast<float>(std::exp2(-std::max(0.0, nearest / m.usual_distance - 1)));
}

LocalAdapter::LocalAdapter(LocalModel model) : model_(std::move(model)) { check_model(model_, ""); }

LocalAdapter::LocalAdapter(const TensorFile& file, const std::string& where) {
  model_.mean = file.get("local.mean", {-1}).values;
  model_.spread = file.get("local.spread", {-1}).values;
  model_.photos = file.get("local.photos", {-1, -1}).values;
  model_.key_spread = file.get("local.key_spread", {-1}).values;
  model_.usual_distance = file.get("local.usual_distance", {1}).values[0];
  model_.head = part_of(file, head_prefix);
  if (const auto net = file.metadata.find("local_net"); net != file.metadata.end())
    model_.net = local_net_named(net->second, where);
  if (model_.net == LocalNet::grid) model_.guide = file.get("local.guide", {-1}).values;
  if (const auto net = file.metadata.find("local_encoder"); net != file.metadata.end()) {
    LocalEncoder& e = model_.encoder;
    e.net = net_from_json(net->second, where);
    e.weights = part_of(file, encoder_prefix);
    e.mean = file.get("local.encoder_mean", {-1}).values;
    e.components = file.get("local.components", {-1, static_cast<std::int64_t>(e.mean.size())}).values;
  }
  if (const auto net = file.metadata.find("local_network"); net != file.metadata.end())
    model_.network = net_from_json(net->second, where);
  check_model(model_, where);
}

void LocalAdapter::write(TensorFile& file) const {
  const LocalModel& m = model_;
  file.tensors["local.mean"] = list(m.mean);
  file.tensors["local.spread"] = list(m.spread);
  file.tensors["local.photos"] = {{static_cast<std::int64_t>(m.photos.size()) / m.key(), m.key()}, m.photos};
  file.tensors["local.key_spread"] = list(m.key_spread);
  file.tensors["local.usual_distance"] = {{1}, {m.usual_distance}};
  for (const auto& [name, tensor] : m.head.tensors) file.tensors[head_prefix + name] = tensor;
  file.metadata["local_net"] = net_names[static_cast<int>(m.net)];
  if (!m.guide.empty()) file.tensors["local.guide"] = list(m.guide);
  if (!m.has_maps()) file.metadata["local_network"] = net_to_json(m.network);
  if (m.encoder.net.name.empty()) return;
  file.metadata["local_encoder"] = net_to_json(m.encoder.net);
  for (const auto& [name, tensor] : m.encoder.weights.tensors) file.tensors[encoder_prefix + name] = tensor;
  file.tensors["local.encoder_mean"] = list(m.encoder.mean);
  file.tensors["local.components"] = {{m.encoder.kept(), static_cast<std::int64_t>(m.encoder.mean.size())},
                                      m.encoder.components};
}

Adapter::Adapted LocalAdapter::adapt(const Look& look, const Analysis& photo) const {
  std::vector<float> features = features_of(model_.encoder, photo);
  normalize(features, model_);
  return model_.has_maps() ? with_maps(look, photo, features) : with_network(look, photo, features);
}

Adapter::Adapted LocalAdapter::with_network(const Look& look, const Analysis& photo,
                                            const std::vector<float>& features) const {
  const float confidence = confidence_of(model_, photo_key(features));
  Adapted result{look, confidence};
  result.look.adapter = nullptr;
  const auto step = std::find_if(result.look.steps.begin(), result.look.steps.end(),
                                 [](const LookStep& s) { return s.op == find_op("quadratic_lab"); });
  if (step != result.look.steps.end())
    *step = with_transforms(*step, predict_transforms(model_.network, model_.head, features, photo), photo, confidence);
  return result;
}

Adapter::Adapted LocalAdapter::with_maps(const Look& look, const Analysis& photo,
                                         const std::vector<float>& features) const {
  const LocalMaps maps = predict_maps(model_, features, photo);
  const float confidence = confidence_of(model_, photo_key(features, maps));
  CubeTable table = table_of(model_, maps, photo);
  for (float& v : table.nodes) v *= confidence;
  Adapted result{with_learned_maps(look, std::move(table)), confidence};
  for (LookStep& s : result.look.steps)
    if (!s.where.is_set()) s = with_strength(Look{.steps = {s}}, 1 - confidence).steps[0];
  result.look.adapter = nullptr;
  return result;
}

std::uint64_t LocalAdapter::hash() const {
  TensorFile file;
  write(file);
  std::uint64_t h = fnv1a("local", 5);
  for (const auto& [name, tensor] : file.tensors) h = fnv1a(tensor.values, h);
  for (const auto& [name, text] : file.metadata) h = fnv1a(text.data(), text.size(), h);
  return h;
}

}  // namespace sfumato
