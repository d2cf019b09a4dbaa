// SPDX-License-Identifier: Apache-2.0
#include "files/jxl_boxes.h"

#include <unistd.h>

#include <optional>

namespace sfumato {
namespace {

constexpr std::string_view signature("\0\0\0\x0cJXL \r\n\x87\n", 12);
constexpr std::string_view file_type(
    "\0\0\0\x14"
    "ftypjxl \0\0\0\0jxl ",
    20);
constexpr std::size_t largest_box = 16 << 20;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t n = 0;
  for (const char c : bytes) n = n << 8 | static_cast<unsigned char>(c);
  return n;
}

std::string big_endian(std::uint64_t n, int size) {
  std::string out;
  for (int i = size - 1; i >= 0; --i) out += static_cast<char>(n >> 8 * i);
  return out;
}

struct Box {
  std::string type;
  std::uint64_t data, size, end;  // size of the data; 0 with end 0: to the end of the file
};

std::optional<Box> box_at(const ByteSource& file, std::uint64_t at) {
  const std::string head = file.read(at, 16);
  if (head.size() < 8) return std::nullopt;
  std::uint64_t size = big_endian(std::string_view(head).substr(0, 4)), header = 8;
  if (size == 1 && head.size() == 16) size = big_endian(std::string_view(head).substr(8)), header = 16;
  if (size == 0) return Box{head.substr(4, 4), at + header, 0, 0};
  if (size < header || at + size < at) return std::nullopt;
  return Box{head.substr(4, 4), at + header, size - header, at + size};
}

std::string box(std::string_view type, std::string_view data) {
  return data.empty() ? std::string() : big_endian(8 + data.size(), 4) + std::string(type) + std::string(data);
}

}  // namespace

JxlBoxes read_jxl_boxes(const ByteSource& file) {
  JxlBoxes found;
  if (file.read(0, signature.size()) != signature) return found;
  for (std::uint64_t at = 0; const auto b = box_at(file, at);) {
    if (b->type == "brob") found.has_compressed = true;
    if (b->type == "xml " && b->size <= largest_box) found.xmp = file.read(b->data, b->size);
    if (b->type == "Exif" && b->size <= largest_box && b->size > 4) {
      // Four bytes say where in the rest the block starts.
      const std::string data = file.read(b->data, b->size);
      const auto start = 4 + big_endian(std::string_view(data).substr(0, 4));
      if (start < data.size()) found.exif = data.substr(start);
    }
    if (b->end == 0) break;
    at = b->end;
  }
  return found;
}

bool add_jxl_boxes(int fd, const JxlBoxes& boxes) {
  const ByteSource file(fd);
  const off_t end = lseek(fd, 0, SEEK_END);
  // The encoder held all of it in memory too.
  const std::string old = file.read(0, static_cast<std::size_t>(end > 0 ? end : 0));
  const std::string exif = boxes.exif.empty() ? "" : box("Exif", std::string(4, '\0') + boxes.exif);
  const std::string added = exif + box("xml ", boxes.xmp);
  if (added.empty()) return true;
  if (old.starts_with("\xff\x0a")) {
    const bool is_large = old.size() > 0xf0000000u;
    const std::string size =
        is_large ? big_endian(1, 4) + "jxlc" + big_endian(16 + old.size(), 8) : big_endian(8 + old.size(), 4) + "jxlc";
    const std::string head = std::string(signature) + std::string(file_type) + added + size;
    return write_at(fd, 0, head) && write_at(fd, head.size(), old);
  }
  if (!old.starts_with(signature)) return false;
  // The level must stay right behind the file type.
  auto at = signature.size();
  for (auto b = box_at(file, at); b && b->end && (b->type == "ftyp" || b->type == "jxll"); b = box_at(file, at))
    at = b->end;
  return at < old.size() && write_at(fd, at, added) &&
         write_at(fd, at + added.size(), std::string_view(old).substr(at));
}

}  // namespace sfumato
