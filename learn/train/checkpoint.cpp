// SPDX-License-Identifier: Apache-2.0
#include "train/checkpoint.h"

#include <filesystem>

#include "sfumato/error.h"

namespace sfumato {

void add_group(TensorFile& file, const std::string& prefix, const NamedTensors& tensors) {
  for (const auto& [name, t] : tensors) file.tensors[prefix + name] = to_file_tensor(t);
}

NamedTensors group(const TensorFile& file, const std::string& prefix, torch::Device device) {
  NamedTensors all;
  for (const auto& [name, t] : file.tensors)
    if (name.starts_with(prefix)) all[name.substr(prefix.size())] = from_file_tensor(t).to(device);
  return all;
}

void write_checkpoint(const std::string& path, TensorFile file, const std::string& fingerprint) {
  file.metadata["checkpoint"] = fingerprint;
  write_safetensors(path, file);
}

std::optional<TensorFile> read_checkpoint(const std::string& path, const std::string& fingerprint) {
  if (path.empty() || !std::filesystem::exists(path)) return std::nullopt;
  TensorFile file = read_safetensors(path);
  const auto mark = file.metadata.find("checkpoint");
  if (mark == file.metadata.end() || mark->second != fingerprint)
    throw Error(Code::usage,
                "the checkpoint is of other pictures or options; give the same, or start again without --resume", path);
  return file;
}

}  // namespace sfumato
