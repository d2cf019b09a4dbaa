// SPDX-License-Identifier: Apache-2.0
// Layouts after PKWARE's APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12, 4.3.14, 4.3.16, 4.5.3.
#include "files/zip_entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

class Zip {
 public:
  Zip(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  std::map<std::string, std::string_view> entries() const {
    std::map<std::string, std::string_view> files;
    auto [at, count] = directory();
    for (std::uint64_t i = 0; i < count; ++i) {
      if (number<std::uint32_t>(at) != 0x02014b50) fail("a damaged directory");
      const std::uint64_t name_size = number<std::uint16_t>(at + 28), extra_size = number<std::uint16_t>(at + 30);
      const std::string name(part(at + 46, name_size));
      const std::string_view data = file_data(at, part(at + 46 + name_size, extra_size), name);
      if (!files.emplace(name, data).second) fail(fmt::format("\"{}\" twice", printable(name)));
      at += 46 + name_size + extra_size + number<std::uint16_t>(at + 32);
    }
    return files;
  }

 private:
  [[noreturn]] void fail(const std::string& found) const {
    throw Error(Code::look, "found " + found + "; expected a ZIP archive as PyTorch writes it", where_);
  }

  std::string_view part(std::uint64_t at, std::uint64_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) fail("an archive that ends too soon");
    return bytes_.substr(at, size);
  }

  template <class Number>
  std::uint64_t number(std::uint64_t at) const {
    Number value;
    std::memcpy(&value, part(at, sizeof value).data(), sizeof value);
    return value;
  }

  // Where the directory is and how many entries it has.
  std::pair<std::uint64_t, std::uint64_t> directory() const {
    const std::size_t end = bytes_.rfind("PK\x05\x06");
    if (end == std::string_view::npos) fail("an archive without its end");
    const std::uint64_t count = number<std::uint16_t>(end + 10), at = number<std::uint32_t>(end + 16);
    if (count != 0xffff && at != 0xffffffff) return {at, count};
    if (end < 20 || number<std::uint32_t>(end - 20) != 0x07064b50) fail("an archive without its 64-bit end");
    const std::uint64_t end64 = number<std::uint64_t>(end - 12);
    if (number<std::uint32_t>(end64) != 0x06064b50) fail("an archive without its 64-bit end");
    return {number<std::uint64_t>(end64 + 48), number<std::uint64_t>(end64 + 32)};
  }

  std::string_view file_data(std::uint64_t at, std::string_view extra, const std::string& name) const {
    if (number<std::uint16_t>(at + 10) != 0 || number<std::uint16_t>(at + 8) & 1)
      fail(fmt::format("\"{}\" compressed or encrypted", printable(name)));
    std::uint64_t full_size = number<std::uint32_t>(at + 24), size = number<std::uint32_t>(at + 20),
                  local = number<std::uint32_t>(at + 42);
    // The 64-bit field holds those of the three, in this order, that did not fit into 32 bits.
    std::string_view wide = wide_field(extra);
    for (std::uint64_t* value : {&full_size, &size, &local}) {
      if (*value != 0xffffffff) continue;
      if (wide.size() < 8) fail(fmt::format("\"{}\" without its 64-bit size", printable(name)));
      std::memcpy(value, wide.data(), 8);
      wide.remove_prefix(8);
    }
    if (size != full_size) fail(fmt::format("\"{}\" with two sizes", printable(name)));
    if (number<std::uint32_t>(local) != 0x04034b50) fail(fmt::format("\"{}\" without its header", printable(name)));
    return part(local + 30 + number<std::uint16_t>(local + 26) + number<std::uint16_t>(local + 28), size);
  }

  // The content of the field of 64-bit numbers; empty without one.
  static std::string_view wide_field(std::string_view extra) {
    while (extra.size() >= 4) {
      std::uint16_t id, size;
      std::memcpy(&id, extra.data(), 2);
      std::memcpy(&size, extra.data() + 2, 2);
      extra.remove_prefix(4);
      if (id == 1) return extra.substr(0, size);
      extra.remove_prefix(std::min<std::size_t>(size, extra.size()));
    }
    return {};
  }

  std::string_view bytes_;
  const std::string& where_;
};

}  // namespace

std::map<std::string, std::string_view> zip_entries(std::string_view bytes, const std::string& where) {
  return Zip(bytes, where).entries();
}

}  // namespace sfumato
