// SPDX-License-Identifier: Apache-2.0
// The networks that Sfumato knows, one file each. All take pictures as RGB 0..1 and bring them into the range that
// their weights expect.
#pragma once

#include <vector>

#include "files/safetensors.h"
#include "net/net_spec.h"

namespace sfumato {

// What weights expect of a picture: a net's first node makes it.
enum class PixelInput {
  torchvision,  // RGB, minus the mean of ImageNet, over its deviation
  caffe,        // BGR 0..255, minus the mean of ImageNet
};

// [He2016] with torchvision's names. Output "features" [n, 512, 1, 1].
NetSpec resnet18();

// A small encoder of 256 x 256 thumbnails: five convolutions of stride 2 and a global pool to "features".
struct EncoderOptions {
  std::vector<int> channels{16, 32, 64, 128, 128};
  int groups = 8;  // of the group norms; 0: none
};
NetSpec thumbnail_encoder(const EncoderOptions& = {});

// [Simonyan2015] with torchvision's names for the tensors ("features.0.weight") and the paper's for the nodes
// ("conv1_1", "relu1_1", "pool1"). Output: the last pool; see up_to() for others.
struct VggOptions {
  int layers = 19;  // or 16
  PixelInput pixels = PixelInput::torchvision;
  bool average_pools = false;  // instead of maxima, as [Gatys2016] prefers
};
NetSpec vgg(const VggOptions& = {});

// [Iandola2016] with torchvision's names. Outputs: "features", and "classes" [n, 1000, 1, 1] with the classifier.
struct SqueezeNetOptions {
  int version = 0;  // of 1.0 and 1.1
  PixelInput pixels = PixelInput::torchvision;
  bool classifier = true;
  int classifier_pad = 0;  // the paper's has 1
};
NetSpec squeezenet(const SqueezeNetOptions& = {});

// The tiny Darknet as its Keras port names it; outputs "features" (before the classifier) and "classes".
NetSpec darknet_tiny();
// Keras names of batch norms (gamma, beta, moving_mean, moving_variance) become ours.
TensorFile from_keras(TensorFile);

// Linear layers "0", "2", "4" ... with ReLU between them, from the input "features" to the output "values".
NetSpec mlp(int inputs, const std::vector<int>& hidden, int outputs);

// The transformation net of [Johnson2016]. Give it sides that are multiples of 4: it makes pictures of such sides only.
struct JohnsonOptions {
  float width = 1;          // of the 32, 64, 128 channels
  bool batch_norm = false;  // instead of instance norm
  bool transposed = false;  // the paper's up-convolutions, instead of nearest + conv, which leaves no checkerboard
  bool same = false;        // TensorFlow's zero padding, instead of reflected
  float epsilon = 1e-5f;
  float output_scale = 150.0f;  // picture = output_scale * tanh(x) + 127.5, of 255
};
NetSpec johnson(const JohnsonOptions& = {});

// The nets of github.com/lengstrom/fast-style-transfer: their options, and their variables under our names.
JohnsonOptions lengstrom_options();
TensorFile from_lengstrom(const TensorFile&);

// [Wang2023]: any style in one pass. Inputs "content" and "style"; the output's sides are multiples of 4, as the
// content's should be.
NetSpec micro_ast();
// The authors' four files under our names.
struct MicroAstFiles {
  TensorFile content_encoder, style_encoder, modulator, decoder;
};
TensorFile from_micro_ast(MicroAstFiles);

}  // namespace sfumato
