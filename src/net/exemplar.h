// SPDX-License-Identifier: Apache-2.0
// The network of exemplar-based stylization [Zhu2017]: for each pixel the 3 x 10 transform of its color
// (ops/quadratic_lab.h), from what surrounds it at two scales.
#pragma once

#include <string>
#include <vector>

#include "net/nets.h"

namespace sfumato {

// VGG, fully convolutional at 1/8 of the input's size, with torchvision's names for the tensors: reads the picture
// around each pixel. The third pool must halve the picture's sides evenly.
struct VggContextOptions {
  std::vector<int> channels{64, 128, 256, 512, 512};  // of three to five blocks
  std::vector<int> depths{2, 2, 3, 3, 3};             // convolutions in each
  int context = 4096;
  int conv6_kernel = 7;  // as of fc6; the picture's sides must exceed 96 pixels for it
  PixelInput pixels = PixelInput::caffe;
};
NetSpec vgg_context(const VggContextOptions& = {});

// Inputs "image", "lab" of the size that is wanted and, where there are any, "features"; output "transform"
// [n, 30, h, w], row by row.
struct ExemplarOptions {
  NetSpec context = vgg_context();  // from "image" to one output; both scales share its tensors
  int image = 0;                    // the side of the picture it was trained for; 0: any
  int hidden = 128;
  int features = 0;                                 // channels of what else is known of each place
  std::vector<float> context_mean, context_spread;  // of the context's channels, which become even by it; empty: left
  // As published: context features brought to full size, then mixed with the pixel's Lab. Otherwise mixed first, which
  // gives the same, since a 1x1 convolution and bilinear interpolation commute, and upsamples `hidden` channels instead
  // of twice the context's.
  bool direct = false;
};
NetSpec exemplar_fcn(const ExemplarOptions& = {});
// Weights of the direct form under the names of the other.
TensorFile split_mix(TensorFile, int context);
// torchvision's VGG-16: fc6 and fc7 as kernels.
TensorFile from_vgg_classifier(TensorFile);

// A context with the weights that a file has for it.
struct ContextNet {
  NetSpec net;
  TensorFile weights;              // those found
  std::vector<std::string> fresh;  // layers that start without
};
// Of VGG-16 or VGG-19 from their third block on (conv6 and conv7 are its classifier's, or narrow and fresh), or of
// SqueezeNet 1.1. Throws Code::look.
ContextNet context_of(const TensorFile&, const std::string& where);
// A narrow VGG without weights.
ContextNet compact_context();

}  // namespace sfumato
