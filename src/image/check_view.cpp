// SPDX-License-Identifier: Apache-2.0
#include "image/check_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "sfumato/error.h"

namespace sfumato {
namespace {

std::ptrdiff_t row_bytes(const View& v) { return static_cast<std::ptrdiff_t>(v.width) * v.pixel_bytes(); }

std::pair<std::uintptr_t, std::uintptr_t> addresses_of(const View& v) {
  const auto first = reinterpret_cast<std::uintptr_t>(v.data),
             last = reinterpret_cast<std::uintptr_t>(v.row(v.height - 1));
  return {std::min(first, last), std::max(first, last) + static_cast<std::uintptr_t>(row_bytes(v))};
}

}  // namespace

void check_view(const View& v, const char* name) {
  const auto refuse = [&](const std::string& text) { throw Error(Code::usage, text, name); };
  if (v.width < 1 || v.height < 1)
    refuse(fmt::format("found {} x {} pixels; expected at least one", v.width, v.height));
  if (v.bands != 3 && v.bands != 4) refuse(fmt::format("found {} bands; expected 3 or 4", v.bands));
  if (!v.data) refuse("found no address of its pixels");
  if (v.height > 1 && std::abs(v.stride) < row_bytes(v))
    refuse(fmt::format("found a stride of {} bytes; expected at least the {} of a row", v.stride, row_bytes(v)));
  if ((reinterpret_cast<std::uintptr_t>(v.data) | static_cast<std::uintptr_t>(v.stride)) %
      static_cast<std::uintptr_t>(bytes_of(v.sample)))
    refuse(fmt::format("found samples of {} bytes at an address or stride that is no multiple", bytes_of(v.sample)));
}

bool share_memory(const View& a, const View& b) {
  const auto [first, end] = addresses_of(a);
  const auto [other_first, other_end] = addresses_of(b);
  return first < other_end && other_first < end;
}

}  // namespace sfumato
