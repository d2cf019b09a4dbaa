// SPDX-License-Identifier: Apache-2.0
// A look whose last steps work where a network sees fit: three maps, predicted from the photo at analysis size; or
// whose transform of color is predicted for each pixel (look/local_network.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "files/safetensors.h"
#include "lane/cube.h"
#include "look/adapter.h"
#include "measure/local_features.h"
#include "measure/plane.h"
#include "net/nets.h"

namespace sfumato {

// A pretrained network whose inner values join the features, reduced to their principal components.
struct LocalEncoder {
  NetSpec net;  // of one square image; empty name: none
  TensorFile weights;
  std::vector<float> mean;        // of the channels of all outputs at two scales, one after the other
  std::vector<float> components;  // kept x channels
  int kept() const { return mean.empty() ? 0 : static_cast<int>(components.size() / mean.size()); }
};

// The part of a known network (SqueezeNet 1.1, VGG-16, VGG-19) that such weights fill; tells them by their names and
// shapes. Throws Code::look.
LocalEncoder encoder_for(TensorFile weights, const std::string& where);

// RGB 0..1 of a photo for a network, 3 x side x side.
std::vector<float> picture_of(const Analysis&, int side);

// Its outputs for a photo at two scales, brought to LocalFeatures::side: channels x cells.
std::vector<float> encoded(const LocalEncoder&, const Analysis&, int threads);
// Those in the space of the components: kept x cells.
std::vector<float> reduced(const LocalEncoder&, const std::vector<float>& encoded);

struct LocalModel {
  LocalEncoder encoder;
  std::vector<float> mean, spread;  // of the features: channels
  LocalNet net = LocalNet::cells;
  TensorFile head;           // of local_head (net/nets.h)
  std::vector<float> guide;  // of a grid: heights 0..1 in its depth above evenly spread lumas
  NetSpec network;           // instead of maps: a transform for each pixel (net/exemplar.h), with the weights of `head`
  // What tells a photo from those learned from: photos x key(), the features' means and the maps' shares, with the
  // deviation of each and the usual distance of a photo to its nearest.
  std::vector<float> photos, key_spread;
  float usual_distance = 1;

  int channels() const { return static_cast<int>(mean.size()); }
  bool has_maps() const { return network.name.empty(); }
  int key() const { return channels() + (has_maps() ? 3 : 0); }
};

// All features of a photo, before they are brought to mean 0 and deviation 1; and after.
std::vector<float> features_of(const LocalEncoder&, const Analysis&, int threads = 0);
void normalize(std::vector<float>& features, const LocalModel&);

// Three maps that add up to 1, of LocalFeatures::side squared, and what the network said.
struct LocalMaps {
  std::array<Plane, 3> cells;
  std::vector<float> logits;
};
// From normalized features.
LocalMaps predict_maps(const LocalModel&, const std::vector<float>& features, const Analysis&);
// For full resolution, see map_table.
CubeTable table_of(const LocalModel&, const LocalMaps&, const Analysis&);
std::vector<float> photo_key(const std::vector<float>& features);
std::vector<float> photo_key(const std::vector<float>& features, const LocalMaps&);
// 1 up to the usual distance from the nearest photo learned from, halved at each further one.
float confidence_of(const LocalModel&, const std::vector<float>& key);

class LocalAdapter : public Adapter {
 public:
  explicit LocalAdapter(LocalModel model);
  // Throws Code::look.
  LocalAdapter(const TensorFile&, const std::string& where);

  // Steps with learned maps take the place of those that work everywhere, as far as the confidence goes. Transforms of
  // pixels are added to the one for the whole picture as far.
  Adapted adapt(const Look&, const Analysis&) const override;
  std::uint64_t hash() const override;
  const LocalModel& model() const { return model_; }
  void write(TensorFile&) const;

 private:
  Adapted with_maps(const Look&, const Analysis&, const std::vector<float>& features) const;
  Adapted with_network(const Look&, const Analysis&, const std::vector<float>& features) const;

  LocalModel model_;
};

}  // namespace sfumato
