// SPDX-License-Identifier: Apache-2.0
#include "tensor/device.h"

#include <fmt/format.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "base/threads.h"
#include "sfumato/error.h"

namespace sfumato {

torch::Device device_of(const std::string& name) {
  if (name == "cpu") return torch::kCPU;
  if (name == "auto") return torch::cuda::is_available() ? torch::Device(torch::kCUDA) : torch::Device(torch::kCPU);
  if (name != "cuda") throw Error(Code::usage, fmt::format("found '{}'; expected auto, cpu or cuda", name), "--device");
  if (!torch::cuda::is_available())
    throw Error(Code::resource, "this LibTorch sees no CUDA device; use --device auto or cpu", "--device");
  return torch::kCUDA;
}

torch::Dtype fastest_type(torch::Device device, bool exact) {
  bool has_short_numbers = device.is_cuda();
#if defined(__x86_64__)
  has_short_numbers = has_short_numbers || __builtin_cpu_supports("avx512bf16");
#endif
  return has_short_numbers && !exact ? torch::kBFloat16 : torch::kFloat;
}

void prepare_cpu(int threads) {
  torch::set_num_threads(thread_count(threads));
#if defined(__GLIBC__)
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);  // never
#endif
}

}  // namespace sfumato
