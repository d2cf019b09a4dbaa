// SPDX-License-Identifier: Apache-2.0
// A network as data: a small graph that the engine compiles, the trainer walks and files carry.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

// Of every value between nodes: images, channels, rows, columns. After `flatten` and `linear`, h = w = 1.
struct Shape {
  std::int64_t n = 1, c = 0, h = 1, w = 1;
  std::int64_t count() const { return n * c * h * w; }
  bool operator==(const Shape&) const = default;
};

// As the functions of the same names in PyTorch, unless said.
enum class NodeKind {
  conv,             // weight [channels, inputs / groups, kernel, kernel], bias [channels]
  conv_transposed,  // weight [inputs, channels / groups, kernel, kernel], bias [channels]
  batch_norm,       // weight, bias, running_mean, running_var [inputs]: as in inference, an affine map
  instance_norm,    // of each channel over the picture; weight, bias [inputs] if affine
  group_norm,       // of each of `groups` groups of channels; weight, bias [inputs] if affine
  relu,
  leaky_relu,
  tanh,
  sigmoid,
  sqrt,
  max_pool,
  average_pool,
  global_average_pool,  // h = w = 1
  global_deviation,     // sqrt(unbiased variance + epsilon) of each channel; h = w = 1
  resize,               // to `height` x `width`, else by `factor`, else to the size of a second input
  add,                  // of two inputs; the second may have h = w = 1
  mul,                  // likewise
  concat,               // of any number of inputs, along channels
  linear,               // weight [channels, inputs], bias [channels]; wants h = w = 1
  flatten,              // channel by channel
  scale_shift,          // output channel i = input channel order[i] * scale[i] + shift[i]: constants of the spec
};

enum class PadMode { zero, reflect };
enum class ResizeMode { nearest, bilinear };  // bilinear: align_corners = False

struct Node {
  std::string name;  // unique
  NodeKind kind = NodeKind::relu;
  std::vector<std::string> inputs;  // names of earlier nodes or of inputs of the net
  std::string parameters;           // its tensors are called this + ".weight" ...; empty: by the node's name

  int channels = 0;  // of the output: conv, conv_transposed, linear
  int kernel = 1, stride = 1, dilation = 1;
  int pad = 0;         // on each side: conv, max_pool, average_pool; taken off: conv_transposed
  int output_pad = 0;  // conv_transposed
  bool same = false;   // TensorFlow's "same" padding instead of `pad`: unequal sides, output = input / stride (or *)
  PadMode pad_mode = PadMode::zero;  // conv
  int groups = 1;                    // conv, conv_transposed, group_norm
  bool bias = true;                  // conv, conv_transposed, linear
  bool affine = true;                // instance_norm, group_norm
  float epsilon = 1e-5f;
  float slope = 0.01f;        // leaky_relu
  bool ceil = false;          // pools: a last window may reach over the border
  bool count_pad = true;      // average_pool
  int height = 0, width = 0;  // resize
  float factor = 0;           // resize
  ResizeMode mode = ResizeMode::nearest;
  std::vector<float> scale, shift;  // scale_shift; empty: 1 and 0
  std::vector<int> order;           // scale_shift; empty: as it is

  const std::string& prefix() const { return parameters.empty() ? name : parameters; }
  bool operator==(const Node&) const = default;
};

struct NetInput {
  std::string name;
  int channels = 3;
  int height = 0, width = 0;  // the size that the net was made for; 0: any
  bool operator==(const NetInput&) const = default;
};

struct NetSpec {
  std::string name;
  std::vector<NetInput> inputs;
  std::vector<Node> nodes;  // each after those it reads
  std::vector<std::string> outputs;
  bool operator==(const NetSpec&) const = default;
};

using Shapes = std::map<std::string, Shape>;

// Throws Code::look naming the node and what is wrong with it: two of one name, an input that no earlier node makes, a
// wrong number of inputs, an attribute out of range. All functions below and the engine call it.
void check(const NetSpec&);

// The shapes of all values for these inputs. Throws Code::look naming the node whose inputs do not fit.
Shapes infer_shapes(const NetSpec&, const Shapes& inputs);

// The inputs' shapes for one image of the size the net was made for, or of `height` x `width` where it takes any.
Shapes input_shapes(const NetSpec&, int height = 0, int width = 0);

// What a window adds to each side of its input (negative: removes): `pad`, or unequal sides for `same`, or more at the
// bottom and right for `ceil`. For conv_transposed, what is taken off each side of the output.
struct Pads {
  std::int64_t top = 0, left = 0, bottom = 0, right = 0;
};
Pads pads_of(const Node&, const Shape& input);

// Tensors that a net needs, in the order of its nodes; shared ones once.
struct NetParameter {
  std::string name;
  std::vector<std::int64_t> shape;
  bool trained = true;      // false: running_mean, running_var
  std::int64_t fan_in = 0;  // inputs of one output value; 0: not a kernel
};
std::vector<NetParameter> parameters_of(const NetSpec&, const Shapes&);

// Without the nodes that these outputs do not need.
NetSpec up_to(const NetSpec&, const std::vector<std::string>& outputs);

std::string_view name_of(NodeKind);

// JSON with attributes that differ from their defaults. Reading checks; unknown keys and kinds throw Code::look with
// the nearest known one. `where` is for errors.
std::string net_to_json(const NetSpec&);
NetSpec net_from_json(std::string_view text, const std::string& where);

}  // namespace sfumato
