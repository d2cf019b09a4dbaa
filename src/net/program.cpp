// SPDX-License-Identifier: Apache-2.0
#include "net/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr std::size_t alignment = 64;

}  // namespace

dnnl::memory::desc desc_of(const Shape& s, bool wide) {
  using dnnl::memory;
  return {{s.n, s.c, s.h, s.w}, wide ? memory::data_type::f32 : memory::data_type::bf16, memory::format_tag::nhwc};
}

Value Program::make(const Shape& shape, bool wide) {
  Value value{.shape = shape, .wide = wide, .memory = dnnl::memory(desc_of(shape, wide), engine_, DNNL_MEMORY_NONE)};
  const std::size_t size = value.memory.get_desc().get_size();
  // Of the free slots the smallest that is large enough, else the largest, which grows.
  std::size_t best = slot_sizes_.size();
  for (std::size_t i = 0; i < slot_sizes_.size(); ++i) {
    if (!slot_free_[i]) continue;
    const bool better = best == slot_sizes_.size() ||
                        (slot_sizes_[i] >= size ? slot_sizes_[best] < size || slot_sizes_[i] < slot_sizes_[best]
                                                : slot_sizes_[best] < slot_sizes_[i]);
    if (better) best = i;
  }
  if (best == slot_sizes_.size()) {
    slot_sizes_.push_back(0);
    slot_free_.push_back(false);
  }
  slot_sizes_[best] = std::max(slot_sizes_[best], size);
  slot_free_[best] = false;
  value.slot = best;
  values_.emplace_back(value.memory, best);
  return value;
}

Value Program::make_over(const Value& old, const Shape& shape) {
  Value value{.shape = shape,
              .wide = old.wide,
              .memory = dnnl::memory(desc_of(shape, old.wide), engine_, DNNL_MEMORY_NONE),
              .slot = old.slot};
  values_.emplace_back(value.memory, value.slot);
  return value;
}

void Program::release(const Value& value) { slot_free_[value.slot] = true; }

void Program::add(const dnnl::primitive& primitive, const dnnl::memory::desc& scratch, Arguments arguments) {
  if (scratch.get_size() > 0) {
    scratch_size_ = std::max(scratch_size_, scratch.get_size());
    arguments[DNNL_ARG_SCRATCHPAD] = scratches_.emplace_back(dnnl::memory(scratch, engine_, DNNL_MEMORY_NONE));
  }
  steps_.push_back([this, primitive, arguments = std::move(arguments)] { primitive.execute(stream_, arguments); });
}

void Program::add_reorder(const dnnl::memory& from, const dnnl::memory& to) {
  const dnnl::reorder reorder(from, to);
  add(reorder, {}, {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
}

void Program::place() {
  const auto allocate = [&](std::size_t size) {
    void* bytes = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (!bytes)
      throw Error(Code::resource, fmt::format("found no memory for {} bytes; take a smaller picture", buffer_bytes()));
    buffers_.emplace_back(bytes);
    return bytes;
  };
  std::vector<void*> slots;
  for (const std::size_t size : slot_sizes_) slots.push_back(allocate(size));
  for (auto& [memory, slot] : values_) memory.set_data_handle(slots[slot]);
  if (scratches_.empty()) return;
  void* scratch = allocate(scratch_size_);
  for (dnnl::memory& memory : scratches_) memory.set_data_handle(scratch);
}

void Program::run() {
  for (const auto& step : steps_) step();
  stream_.wait();
}

std::size_t Program::buffer_bytes() const {
  return std::accumulate(slot_sizes_.begin(), slot_sizes_.end(), scratch_size_);
}

}  // namespace sfumato
