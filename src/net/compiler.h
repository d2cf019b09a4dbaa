// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "files/safetensors.h"
#include "net/fuse.h"
#include "net/program.h"

namespace sfumato {

// Writes the program of a network for one size of input.
class NetCompiler {
 public:
  // exact: 32-bit everywhere. The weights have passed check_weights().
  NetCompiler(const NetSpec&, const Shapes&, const TensorFile& weights, bool exact, Program&);

  // The program reads and writes planar floats where these point when it runs.
  void compile(std::vector<const float*>& inputs, std::vector<float*>& outputs);

 private:
  void choose_widths();
  void count_readers(const std::vector<FusedNode>&);
  void write(const FusedNode&);

  void write_conv(const FusedNode&);
  void write_conv_transposed(const FusedNode&);
  void write_norm(const FusedNode&);
  void write_instance_norm(const FusedNode&);
  void write_group_norm(const FusedNode&);
  void write_pool(const FusedNode&);
  void write_activation(const FusedNode&);
  void write_binary(const FusedNode&);
  void write_concat(const FusedNode&);
  void write_own(const FusedNode&);

  // The value that a node reads, converted to the wanted width if need be; released by done().
  Value read(const std::string& name, bool wide);
  Value padded(const Value&, const Node&, Pads&);
  Value added_to(const FusedNode&);
  // The value of `output`, which others may read from now on.
  Value& make(const std::string& output);
  void done();

  dnnl::memory constant(const std::vector<float>&, const dnnl::memory::dims&, dnnl::memory::format_tag,
                        const dnnl::memory::desc& as);
  dnnl::memory vector_of(const std::vector<float>&);
  dnnl::primitive_attr attributes(const FusedNode&) const;

  const NetSpec& spec_;
  const Shapes& shapes_;
  const TensorFile& weights_;
  const bool exact_;
  Program& program_;
  std::map<std::string, bool> wide_;
  std::map<std::string, int> readers_;
  std::map<std::string, Value> values_;
  std::vector<std::string> read_;  // by the step that is being written
  std::vector<Value> temporary_;   // of that step
};

}  // namespace sfumato
