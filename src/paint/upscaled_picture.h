// SPDX-License-Identifier: Apache-2.0
// A photo enlarged 2, 4 or 8 times: luma by a network (upscaler() in net/nets.h), color by interpolation.
#pragma once

#include "files/safetensors.h"
#include "image/float_planes.h"
#include "net/net_spec.h"
#include "paint/painted_picture.h"

namespace sfumato {

struct UpscaleNet {
  NetSpec spec;
  TensorFile weights;
  int factor;

  // A file that `sfumato train upscale` wrote, or a built-in net by name. Throws Code::look.
  static UpscaleNet read(const std::string& name);
};

struct UpscaleOptions {
  PaintRender render;
  bool exact = false;  // 32-bit numbers
  int tile = 256;      // pixels of the photo that go through the net at once
};

// To be written into a picture `factor` times as large as the photo.
class UpscaledPicture : public PaintedPicture {
 public:
  UpscaledPicture(const PictureSource& photo, const UpscaleNet&, const UpscaleOptions&);

 private:
  void paint_row(int y, float* const rgb[3]) const override;
  void enlarge_luma(const Plane& luma, const UpscaleNet&, const UpscaleOptions&);

  int factor_;
  Planes photo_;
  FloatPlanes luma_;
};

}  // namespace sfumato
