// SPDX-License-Identifier: Apache-2.0
#include "files/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "files/byte_source.h"
#include "files/stored_number.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using nlohmann::json;

constexpr std::uint64_t largest_header = 32 << 20;
constexpr int deepest_nesting = 3;
constexpr std::size_t most_sides = 16;

struct Entry {
  std::string name;
  StoredNumber type;
  std::vector<std::int64_t> shape;
  std::uint64_t begin, end;
};

std::string text_of(const std::vector<std::int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

class Reader {
 public:
  // Bytes at a place; fewer where they end.
  using ReadAt = std::function<std::string(std::uint64_t at, std::uint64_t size)>;

  Reader(const std::string& path, std::uint64_t size, ReadAt read_at)
      : path_(path), size_(size), read_at_(std::move(read_at)) {}

  TensorFile read() {
    TensorFile file;
    const json header = read_header();
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
      if (name == "__metadata__")
        file.metadata = metadata(value);
      else
        entries.push_back(entry(name, value));
    }
    check_layout(entries);
    for (const Entry& e : entries) file.tensors.emplace(e.name, read_tensor(e));
    return file;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw Error(Code::look, what, path_); }

  json read_header() {
    std::uint64_t size = 0;
    if (const std::string start = read_at_(0, 8); start.size() == 8)
      std::memcpy(&size, start.data(), 8);
    else
      fail("found fewer than 8 bytes; expected a safetensors file");
    if (size > largest_header || size + 8 > size_)
      fail(fmt::format(
          "found a header of {} bytes in a file of {}; expected a whole safetensors file with a header of at most {}",
          size, size_, largest_header));
    data_begin_ = size + 8;
    data_size_ = size_ - data_begin_;
    const std::string text = read_at_(8, size);
    if (text.empty() || text[0] != '{')
      fail("found no JSON object after the first 8 bytes; expected a safetensors file");
    return parse(text);
  }

  json parse(const std::string& text) const {
    std::vector<std::set<std::string>> keys;
    auto watch = [&](int depth, json::parse_event_t event, json& value) {
      if (depth > deepest_nesting) fail("found a header nested too deeply; expected a safetensors file");
      if (event == json::parse_event_t::object_start) keys.emplace_back();
      if (event == json::parse_event_t::object_end) keys.pop_back();
      if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
        fail(fmt::format("found \"{}\" twice in the header; expected each name once",
                         printable(value.get<std::string>())));
      return true;
    };
    try {
      return json::parse(text, watch);
    } catch (const json::exception& e) {
      fail(std::string("found a header that is no JSON: ") + printable(e.what()));
    }
  }

  std::map<std::string, std::string> metadata(const json& value) const {
    std::map<std::string, std::string> texts;
    if (!value.is_object()) fail("found \"__metadata__\" that is no object; expected texts by name");
    for (const auto& [name, text] : value.items()) {
      if (!text.is_string()) fail(fmt::format("found metadata \"{}\" that is no text", printable(name)));
      texts[name] = text.get<std::string>();
    }
    return texts;
  }

  Entry entry(const std::string& name, const json& value) const {
    const std::string shown = printable(name);
    if (!value.is_object() || value.size() != 3 || !value.contains("dtype") || !value.contains("shape") ||
        !value.contains("data_offsets"))
      fail(fmt::format("tensor \"{}\": expected dtype, shape and data_offsets and nothing else", shown));
    Entry e{name, type_of(shown, value["dtype"]), {}, 0, 0};
    const json& offsets = value["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      fail(fmt::format("tensor \"{}\": expected data_offsets of two positive integers", shown));
    e.begin = offsets[0].get<std::uint64_t>();
    e.end = offsets[1].get<std::uint64_t>();
    if (!value["shape"].is_array() || value["shape"].size() > most_sides)
      fail(fmt::format("tensor \"{}\": expected a shape of at most {} integers", shown, most_sides));
    for (const json& side : value["shape"]) {
      if (!side.is_number_unsigned())
        fail(fmt::format("tensor \"{}\": found a shape with {}; expected integers", shown, side.dump()));
      e.shape.push_back(side.get<std::int64_t>());
    }
    if (e.begin > e.end || e.end > data_size_)
      fail(fmt::format("tensor \"{}\": found data at {} to {}; expected them inside the {} bytes of data", shown,
                       e.begin, e.end, data_size_));
    const auto count = count_of(e.shape);
    if (!count || *count * size_of(e.type) != e.end - e.begin)
      fail(fmt::format("tensor \"{}\": found {} bytes; expected a shape of {} to fill them", shown, e.end - e.begin,
                       text_of(e.shape)));
    return e;
  }

  StoredNumber type_of(const std::string& tensor, const json& name) const {
    static const std::map<std::string, StoredNumber> types{{"F64", StoredNumber::f64}, {"F32", StoredNumber::f32},
                                                           {"F16", StoredNumber::f16}, {"BF16", StoredNumber::bf16},
                                                           {"I64", StoredNumber::i64}, {"I32", StoredNumber::i32},
                                                           {"I16", StoredNumber::i16}, {"I8", StoredNumber::i8},
                                                           {"U8", StoredNumber::u8},   {"BOOL", StoredNumber::boolean}};
    const auto found = name.is_string() ? types.find(name.get<std::string>()) : types.end();
    if (found == types.end())
      fail(fmt::format("tensor \"{}\": found dtype {}; expected F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL",
                       tensor, printable(name.dump())));
    return found->second;
  }

  // The format asks that tensors cover the data without gaps: nothing can hide, and no bytes are read twice.
  void check_layout(std::vector<Entry>& entries) const {
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    std::uint64_t at = 0;
    for (const Entry& e : entries) {
      if (e.begin != at)
        fail(fmt::format(
            "tensor \"{}\": found its data at byte {}; expected {}, for tensors neither overlap nor leave gaps",
            printable(e.name), e.begin, at));
      at = e.end;
    }
    if (at != data_size_) fail(fmt::format("found {} bytes after the last tensor; expected none", data_size_ - at));
  }

  Tensor read_tensor(const Entry& e) const {
    const std::string bytes = read_at_(data_begin_ + e.begin, e.end - e.begin);
    if (bytes.size() != e.end - e.begin)
      fail(fmt::format("tensor \"{}\": the file became shorter while read", printable(e.name)));
    Tensor tensor{e.shape, std::vector<float>(bytes.size() / size_of(e.type))};
    to_floats(e.type, bytes.data(), tensor.values);
    return tensor;
  }

  std::string path_;
  std::uint64_t size_;
  ReadAt read_at_;
  std::uint64_t data_begin_ = 0, data_size_ = 0;
};

}  // namespace

const Tensor& TensorFile::get(const std::string& name, const std::vector<std::int64_t>& shape) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    std::vector<std::string> known;
    for (const auto& [key, tensor] : tensors) known.push_back(key);
    const std::string near = nearest_name(name, known);
    throw Error(Code::look, fmt::format("found no tensor \"{}\"{}; expected one{}", printable(name),
                                        near.empty() ? "" : fmt::format(" (but \"{}\")", printable(near)),
                                        shape.empty() ? "" : " of " + text_of(shape)));
  }
  const std::vector<std::int64_t>& has = found->second.shape;
  const bool fits =
      shape.empty() || std::equal(has.begin(), has.end(), shape.begin(), shape.end(),
                                  [](auto found, auto wanted) { return wanted == -1 || found == wanted; });
  if (!fits)
    throw Error(Code::look,
                fmt::format("found tensor \"{}\" of {}; expected {}", printable(name), text_of(has), text_of(shape)));
  return found->second;
}

TensorFile read_safetensors(const std::string& path) {
  const int fd = open_regular_file(path);
  const std::shared_ptr<void> closer(nullptr, [fd](void*) { close(fd); });
  struct stat info {};
  fstat(fd, &info);
  const ByteSource source(fd);
  return Reader(path, static_cast<std::uint64_t>(info.st_size),
                [&](std::uint64_t at, std::uint64_t size) { return source.read(at, size); })
      .read();
}

TensorFile parse_safetensors(std::string_view bytes, const std::string& where) {
  return Reader(where, bytes.size(),
                [&](std::uint64_t at, std::uint64_t size) {
                  return std::string(at < bytes.size() ? bytes.substr(at, size) : std::string_view());
                })
      .read();
}

namespace {

// To the nearest, of two the even one. Values are finite.
std::vector<std::uint16_t> rounded_to_bf16(const std::vector<float>& values) {
  std::vector<std::uint16_t> out;
  for (const float v : values) {
    const auto bits = std::bit_cast<std::uint32_t>(v);
    out.push_back(static_cast<std::uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16));
  }
  return out;
}

}  // namespace

void write_safetensors(const std::string& path, const TensorFile& file, StoredAs stored) {
  json header = json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::uint64_t at = 0;
  for (const auto& [name, tensor] : file.tensors) {
    if (count_of(tensor.shape) != tensor.values.size() || name == "__metadata__")
      throw Error(Code::bug,
                  fmt::format("tensor \"{}\" of {} holds {} values", name, text_of(tensor.shape), tensor.values.size()),
                  path);
    const std::uint64_t end = at + (stored == StoredAs::bf16 ? 2 : 4) * tensor.values.size();
    header[name] = {{"dtype", stored == StoredAs::bf16 ? "BF16" : "F32"},
                    {"shape", tensor.shape},
                    {"data_offsets", json::array({at, end})}};
    at = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const json::exception&) {
    throw Error(Code::output, "found a tensor name or metadata that is no UTF-8; expected texts", path);
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t size = text.size();
  AtomicFile out(path);
  out.write(std::as_bytes(std::span(&size, 1)));
  out.write(std::as_bytes(std::span(text)));
  for (const auto& [name, tensor] : file.tensors) {
    if (stored == StoredAs::f32) {
      out.write(std::as_bytes(std::span(tensor.values)));
      continue;
    }
    const std::vector<std::uint16_t> rounded = rounded_to_bf16(tensor.values);
    out.write(std::as_bytes(std::span(rounded)));
  }
  out.commit();
}

}  // namespace sfumato
