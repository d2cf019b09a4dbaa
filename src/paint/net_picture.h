// SPDX-License-Identifier: Apache-2.0
// A photo of any size painted by a trained network, in tiles that are equal to the whole.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "image/float_planes.h"
#include "net/engine.h"
#include "paint/painted_picture.h"
#include "transfer/exchange.h"

namespace sfumato {

// A network that makes pictures of pictures, with its weights.
struct PaintNet {
  NetSpec spec;
  TensorFile weights;
  bool takes_style = false;      // has an input "style" beside the photo
  bool is_photographic = false;  // trained to change color and light only; metadata "kind" says so
  float grain = 0;               // noise that the net expects in photos, see with_grain(); metadata "grain" says so
  float most_deviation = 0;      // of a photo's colors, see ColorLimit; 0: any; metadata "most_deviation" says so

  // Of fast-style-transfer's variables, safetensors with a spec in their metadata or a Johnson net's tensors, PyTorch's
  // too; a folder with MicroAST's four files. Throws Code::look.
  static PaintNet read(const std::string& path);
};

// A value of the photo with noise of up to +-grain, equal in its three channels: where a photo is smooth, strokes begin
// at the noise. A function of the place alone.
float with_grain(float value, float grain, int x, int y);

// Brings colors that lie far from a photo's mean, in units of its deviation, within `most` of them: what normalizes by
// the instance sees such colors beyond all that it was trained on. Near the mean nothing changes.
class ColorLimit {
 public:
  ColorLimit(const Planes& photo, float most);
  float operator()(float value, int channel) const;

 private:
  float most_;
  float mean_[3]{}, deviation_[3]{};
};

struct NetPaint {
  PaintRender render;
  bool exact = false;    // 32-bit numbers
  int size = 0;          // longer side of what the net paints, at most the photo's; 0: the photo's. Then enlarged
  int tile = 1024;       // pixels; larger photos go through the net in tiles
  int thumbnail = 1024;  // longer side of the picture that tells tiles what the whole is like
  int style_size = 512;  // longer side of the style as a net sees it
  // The photo's detail with the net's color and light; also when the net is photographic.
  bool keeps_detail = false;
  ExchangeOptions exchange{.reach = 60.0f / 852, .edges = 1, .fits_detail = false};  // of photographic nets' authors
};

class NetPicture : public PaintedPicture {
 public:
  // `style` only for nets that take one. Throws Code::look, Code::resource.
  NetPicture(const PictureSource& photo, const PictureSource* style, const PaintNet&, const NetPaint&);

 private:
  void paint_row(int y, float* const rgb[3]) const override;
  void take_detail(const FloatPlanes& photo, const NetPaint&);

  FloatPlanes painted_;
};

// The net with what it finds out of a whole picture (means and deviations of channels) as found in `inputs`, so that it
// works on parts of the picture alike: statistics become inputs, instance norms become affine maps.
struct FrozenNet {
  NetSpec spec;
  TensorFile weights;
  std::vector<std::pair<std::string, Tensor>> statistics;  // values of the inputs that were added
};
FrozenNet frozen(const PaintNet&, const std::vector<Tensor>& inputs, const NetEngineOptions&);

}  // namespace sfumato
