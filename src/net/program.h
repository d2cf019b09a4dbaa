// SPDX-License-Identifier: Apache-2.0
// Values in shared buffers and the steps that compute them: what the compiler writes and the engine runs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/dnnl_door.h"
#include "net/net_spec.h"
#include "net/nhwc.h"

namespace sfumato {

// What a node makes. In memory [n, h, w, c].
struct Value {
  Shape shape;
  bool wide = true;     // float; otherwise bfloat16
  dnnl::memory memory;  // without an address until Program::place()
  std::size_t slot = 0;
  int readers = 0;  // steps that still read it

  Nhwc nhwc() const { return {memory.get_data_handle(), wide, shape}; }
};

using Arguments = std::unordered_map<int, dnnl::memory>;

class Program {
 public:
  Program() : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {}

  const dnnl::engine& engine() const { return engine_; }

  // A value in a buffer that nobody else uses until it is released.
  Value make(const Shape&, bool wide);
  // A value in the buffer of another, of as many numbers.
  Value make_over(const Value&, const Shape&);
  void release(const Value&);

  void add(std::function<void()> step) { steps_.push_back(std::move(step)); }
  void add(const dnnl::primitive&, const dnnl::memory::desc& scratch, Arguments);
  void add_reorder(const dnnl::memory& from, const dnnl::memory& to);

  // Allocates the buffers; to be called once, after all steps are added.
  void place();
  void run();
  std::size_t buffer_bytes() const;

 private:
  struct FreeBytes {
    void operator()(void* bytes) const { std::free(bytes); }
  };

  dnnl::engine engine_;
  dnnl::stream stream_;
  std::vector<std::function<void()>> steps_;
  std::vector<std::size_t> slot_sizes_;
  std::vector<bool> slot_free_;
  std::vector<std::pair<dnnl::memory, std::size_t>> values_;
  std::vector<dnnl::memory> scratches_;
  std::size_t scratch_size_ = 0;
  std::vector<std::unique_ptr<void, FreeBytes>> buffers_;
};

dnnl::memory::desc desc_of(const Shape&, bool wide);

}  // namespace sfumato
