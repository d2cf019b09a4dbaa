// SPDX-License-Identifier: Apache-2.0
// The networks that Sfumato knows, one file each. All take pictures as RGB 0..1 and bring them into the range that
// their weights expect.
#pragma once

#include <array>
#include <vector>

#include "files/safetensors.h"
#include "net/net_spec.h"

namespace sfumato {

// What weights expect of a picture: a net's first node makes it.
enum class PixelInput {
  torchvision,  // RGB, minus the mean of ImageNet, over its deviation
  caffe,        // BGR 0..255, minus the mean of ImageNet
};

// How much larger activations of Caffe's networks are than torchvision's, whose pixels are divided by their deviation.
constexpr double caffe_magnitude = 255 * 0.226;

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
enum class VggPool {
  max,
  average,          // as [Gatys2016] prefers
  doubled_average,  // with the magnitude that maxima have
  l2,               // roots of sums of squares, of that magnitude
};
struct VggOptions {
  int layers = 19;  // or 16
  PixelInput pixels = PixelInput::torchvision;
  VggPool pool = VggPool::max;
  PadMode first_pad = PadMode::zero;  // reflect: no frame in what is optimized through the net
};
NetSpec vgg(const VggOptions& = {});

// The VGG that a file holds, cut after those of `outputs` that its tensors reach. Layers and pixels of the options
// follow from the file: metadata "input" that begins with BGR means Caffe's. Throws Code::look when there is no VGG or
// no output.
struct VggFile {
  NetSpec net;
  PixelInput pixels;
  std::vector<std::string> missing;  // of `outputs`
};
VggFile vgg_of(const TensorFile&, const std::vector<std::string>& outputs, const std::string& where, VggOptions = {});

// [Iandola2016] with torchvision's names. Outputs: "features", and "classes" [n, 1000, 1, 1] with the classifier.
struct SqueezeNetOptions {
  int version = 0;  // of 1.0 and 1.1
  PixelInput pixels = PixelInput::torchvision;
  bool classifier = true;
  int classifier_pad = 0;  // the paper's has 1
};
NetSpec squeezenet(const SqueezeNetOptions& = {});
bool is_squeezenet1_1(const TensorFile&);

// The tiny Darknet as its Keras port names it; outputs "features" (before the classifier) and "classes".
NetSpec darknet_tiny();
// Keras names of batch norms (gamma, beta, moving_mean, moving_variance) become ours.
TensorFile from_keras(TensorFile);

// Linear layers "0", "2", "4" ... with ReLU between them, from the input "features" to the output "values".
NetSpec mlp(int inputs, const std::vector<int>& hidden, int outputs);

// What shares a photo among three transforms of color, from the input "features" to the output "logits".
enum class LocalNet {
  cells,  // three logits for each place from what is known of it: 1x1 convolutions "0", "2", "4"
  unet,   // also from what is known around it: two halvings and doublings with shortcuts [Ronneberger2015]
  grid,   // as cells, of 4 x 4 places together: a bilateral grid [Chen2007], local_grid_depth logits for each transform
};
constexpr int local_grid_depth = 8;
NetSpec local_head(LocalNet, int inputs, int hidden);

// The transformation net of [Johnson2016]. Give it sides that are multiples of 4: it makes pictures of such sides only.
struct JohnsonOptions {
  float width = 1;          // of the 32, 64, 128 channels
  bool batch_norm = false;  // instead of instance norm
  bool transposed = false;  // the paper's up-convolutions, instead of nearest + conv, which leaves no checkerboard
  bool same = false;        // TensorFlow's zero padding, instead of reflected
  float epsilon = 1e-5f;
  // After the last convolution too, as fast-style-transfer has it: pictures with a small bright part burn out there.
  bool last_norm = false;
  float output_scale = 150.0f;  // picture = output_scale * tanh(x) + 127.5, of 255
};
NetSpec johnson(const JohnsonOptions& = {});

// The nets of github.com/lengstrom/fast-style-transfer: their options, and their variables under our names.
JohnsonOptions lengstrom_options();
TensorFile from_lengstrom(const TensorFile&);

// Luma enlarged 2, 4 or 8 times: residual blocks [He2016] at the picture's own size, then doublings, as the networks
// for super-resolution of [Johnson2016] are built, without norms; what they find is added to bilinear interpolation.
// Input "luma", one channel 0..1.
struct UpscalerOptions {
  static constexpr std::array factors{2, 4, 8};
  int factor = 4, channels = 32, blocks = 4;
};
NetSpec upscaler(const UpscalerOptions& = {});

// [Wang2023]: any style in one pass. Inputs "content" and "style"; the output's sides are multiples of 4, as the
// content's should be.
NetSpec micro_ast();
// The authors' four files under our names.
struct MicroAstFiles {
  TensorFile content_encoder, style_encoder, modulator, decoder;
};
TensorFile from_micro_ast(MicroAstFiles);

}  // namespace sfumato
