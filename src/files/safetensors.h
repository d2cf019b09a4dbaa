// SPDX-License-Identifier: Apache-2.0
// Named tensors in one file, with a dictionary of texts beside them: the safetensors format.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato {

// Values in row-major order, always held as float. Files may hold F64, F32, F16, BF16 or integers.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

struct TensorFile {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;

  // Throws Code::look naming the tensor, the shape found and the shape expected (-1: any).
  const Tensor& get(const std::string& name, const std::vector<std::int64_t>& shape = {}) const;
};

// Throws Code::look: not a safetensors file, truncated, overlapping or out-of-range offsets, an unknown type.
TensorFile read_safetensors(const std::string& path);

// The same of bytes in memory; `where` names them in errors.
TensorFile parse_safetensors(std::string_view bytes, const std::string& where);

// Tensors sorted by name: the same content gives the same bytes. The old file stays until the new one is whole.
enum class StoredAs {
  f32,
  bf16,  // half the size: rounded to 8 binary digits
};
void write_safetensors(const std::string& path, const TensorFile&, StoredAs = StoredAs::f32);

}  // namespace sfumato
