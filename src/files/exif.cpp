// SPDX-License-Identifier: Apache-2.0
#include "files/exif.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace sfumato {
namespace {

constexpr std::uint16_t photo_pointer = 0x8769, gps_pointer = 0x8825, interop_pointer = 0xa005, maker_note = 0x927c;
constexpr std::uint16_t x_resolution = 0x011a, y_resolution = 0x011b, resolution_unit = 0x0128;
constexpr double mm_per_inch = 25.4;
constexpr std::size_t most_entries = 1000, most_bytes = 64 << 20;

int size_of(int type) {
  constexpr std::array<int, 14> sizes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
  return type > 0 && type < 14 ? sizes[type] : type >= 16 && type <= 18 ? 8 : 0;
}

// What an item of the type is swapped by: rationals are two numbers.
int swap_unit(int type) { return type == 5 || type == 10 ? 4 : size_of(type); }

// Fields of IFD0 that are about the picture, not about how its pixels lie in the file.
bool is_descriptive(std::uint16_t tag) {
  constexpr std::array<std::uint16_t, 14> tags{0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b, 0x4746,
                                               0x4749, 0x8298, 0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f};
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

class Reader {
 public:
  explicit Reader(const ByteSource& source) : source_(source) {
    std::string head = source_.read(0, 22);
    if (head.starts_with(std::string_view("Exif\0\0", 6))) base_ = 6, head.erase(0, 6);
    if (head.size() < 8) return;
    is_little_ = head[0] == 'I';
    if ((head.substr(0, 2) != "II" && head.substr(0, 2) != "MM")) return;
    // RAW files say 'RO', 'RS' or 0x55 instead of 42; their directories are the same.
    is_big_tiff_ = number(head, 2, 2) == 43;
    first_ = is_big_tiff_ ? number(head, 8, 8) : number(head, 4, 4);
  }

  std::uint64_t first() const { return first_; }

  ExifDirectory directory(std::uint64_t offset) const {
    ExifDirectory fields;
    const std::size_t count_size = is_big_tiff_ ? 8 : 2, entry_size = is_big_tiff_ ? 20 : 12;
    if (offset == 0) return fields;
    const std::string head = source_.read(base_ + offset, count_size);
    if (head.size() < count_size) return fields;
    const auto count = std::min<std::uint64_t>(number(head, 0, count_size), most_entries);
    const std::string entries = source_.read(base_ + offset + count_size, count * entry_size);
    for (std::size_t at = 0; at + entry_size <= entries.size(); at += entry_size) add(fields, entries, at);
    return fields;
  }

 private:
  std::uint64_t number(const std::string& bytes, std::size_t at, std::size_t size) const {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < size && at + i < bytes.size(); ++i)
      n |= std::uint64_t(static_cast<unsigned char>(bytes[at + i])) << 8 * (is_little_ ? i : size - 1 - i);
    return n;
  }

  void add(ExifDirectory& fields, const std::string& entries, std::size_t at) const {
    const std::size_t word = is_big_tiff_ ? 8 : 4;
    ExifField f;
    f.tag = static_cast<std::uint16_t>(number(entries, at, 2));
    f.type = static_cast<std::uint16_t>(number(entries, at + 2, 2));
    f.count = number(entries, at + 4, word);
    const std::size_t unit = size_of(f.type);
    if (unit == 0 || f.count == 0 || f.count > budget_ / unit) return;
    const std::size_t size = f.count * unit;
    f.bytes = size <= word ? entries.substr(at + 4 + word, size)
                           : source_.read(base_ + number(entries, at + 4 + word, word), size);
    if (f.bytes.size() != size) return;
    budget_ -= size;
    if (!is_little_)
      for (auto p = f.bytes.begin(); p != f.bytes.end(); p += swap_unit(f.type)) std::reverse(p, p + swap_unit(f.type));
    fields.push_back(std::move(f));
  }

  const ByteSource& source_;
  std::uint64_t base_ = 0, first_ = 0;
  mutable std::size_t budget_ = most_bytes;  // many entries may claim the same bytes
  bool is_little_ = true, is_big_tiff_ = false;
};

std::uint64_t value_of(const ExifField& f) {
  std::uint64_t n = 0;
  for (std::size_t i = 0; i < f.bytes.size() && i < 8; ++i)
    n |= std::uint64_t(static_cast<unsigned char>(f.bytes[i])) << 8 * i;
  return n;
}

std::uint64_t pointer(const ExifDirectory& fields, std::uint16_t tag) {
  for (const ExifField& f : fields)
    if (f.tag == tag) return value_of(f);
  return 0;
}

void put(std::string& to, std::uint64_t n, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to += static_cast<char>(n >> 8 * i);
}

// A directory as it stands at file offset `at`, its values behind it.
std::string print_directory(ExifDirectory fields, std::uint64_t at, std::uint64_t next, bool is_big) {
  std::sort(fields.begin(), fields.end(), [](const ExifField& a, const ExifField& b) { return a.tag < b.tag; });
  const std::size_t word = is_big ? 8 : 4, count_size = is_big ? 8 : 2;
  std::uint64_t values_at = at + count_size + fields.size() * (4 + 2 * word) + word;
  std::string out, values;
  put(out, fields.size(), count_size);
  for (const ExifField& f : fields) {
    put(out, f.tag, 2);
    put(out, f.type, 2);
    put(out, f.count, word);
    if (f.bytes.size() <= word) {
      out += f.bytes;
      out.append(word - f.bytes.size(), '\0');
    } else {
      put(out, values_at + values.size(), word);
      values += f.bytes;
      if (values.size() % 2) values += '\0';
    }
  }
  put(out, next, word);
  return out + values;
}

// Directories of EXIF and GPS at `at`, and what points to them.
std::string print_parts(const Exif& exif, std::uint64_t at, bool is_big, ExifDirectory& pointers) {
  std::string out;
  for (const auto& [fields, tag] : {std::pair{&exif.photo, photo_pointer}, std::pair{&exif.gps, gps_pointer}}) {
    if (fields->empty()) continue;
    set_field(pointers, tag, is_big ? 16 : 4, at + out.size());
    out += print_directory(*fields, at + out.size(), 0, is_big);
  }
  return out;
}

}  // namespace

Exif read_exif(const ByteSource& source) {
  const Reader reader(source);
  Exif exif;
  const ExifDirectory all = reader.directory(reader.first());
  for (const ExifField& f : all)
    if (is_descriptive(f.tag)) exif.main.push_back(f);
  exif.photo = reader.directory(pointer(all, photo_pointer));
  exif.gps = reader.directory(pointer(all, gps_pointer));
  std::erase_if(exif.photo, [](const ExifField& f) { return f.tag == interop_pointer; });
  return exif;
}

ExifField read_tiff_field(const ByteSource& source, std::uint16_t tag) {
  const Reader reader(source);
  for (ExifField& f : reader.directory(reader.first()))
    if (f.tag == tag) return std::move(f);
  return {};
}

void set_field(ExifDirectory& fields, std::uint16_t tag, std::uint16_t type, std::uint64_t value) {
  std::erase_if(fields, [&](const ExifField& f) { return f.tag == tag; });
  ExifField f{tag, type, 1, {}};
  put(f.bytes, value, size_of(type));
  fields.push_back(std::move(f));
}

void set_resolution(ExifDirectory& fields, const Resolution& r) {
  constexpr std::uint64_t parts = 1000;
  for (const auto& [tag, value] : {std::pair{x_resolution, r.x}, std::pair{y_resolution, r.y}})
    set_field(fields, tag, 5, static_cast<std::uint64_t>(std::llround(value * mm_per_inch * parts)) | parts << 32);
  set_field(fields, resolution_unit, 3, 2);
}

Resolution read_resolution(const ByteSource& source) {
  constexpr std::uint64_t low = 0xffffffff;
  const double mm = value_of(read_tiff_field(source, resolution_unit)) == 3 ? 10 : mm_per_inch;
  const auto per_mm = [&](std::uint16_t tag) {
    const ExifField f = read_tiff_field(source, tag);
    const std::uint64_t v = f.type == 5 && f.count == 1 ? value_of(f) : 0;
    return v >> 32 ? static_cast<double>(v & low) / static_cast<double>(v >> 32) / mm : 0.0;
  };
  return {per_mm(x_resolution), per_mm(y_resolution)};
}

std::string exif_block(const Exif& exif, std::size_t most) {
  constexpr std::size_t head_size = 8;
  ExifDirectory main = exif.main;
  set_field(main, 0x0112, 3, 1);  // upright
  Exif sub{{}, exif.photo, exif.gps};
  std::string out("II*\0\x08\0\0\0", head_size);
  // The sizes of the pointers are known, so that IFD0 can be laid out before what it points to.
  for (const auto& [fields, tag] : {std::pair{&exif.photo, photo_pointer}, std::pair{&exif.gps, gps_pointer}})
    if (!fields->empty()) set_field(main, tag, 4, 0);
  const std::size_t main_size = print_directory(main, head_size, 0, false).size();
  const std::string parts = print_parts(sub, head_size + main_size, false, main);
  out += print_directory(main, head_size, 0, false) + parts;
  if (out.size() <= most) return out;
  const auto had = std::erase_if(sub.photo, [](const ExifField& f) { return f.tag == maker_note; });
  return had ? exif_block({exif.main, sub.photo, sub.gps}, most) : std::string();
}

bool append_exif_to_tiff(int fd, const Exif& exif) {
  const ByteSource file(fd);
  const std::string head = file.read(0, 16);
  if (head.size() < 16 || !head.starts_with("II")) return false;
  const bool is_big = head[2] == 43;
  const std::size_t word = is_big ? 8 : 4, count_size = is_big ? 8 : 2;
  const Reader reader(file);
  const off_t end = lseek(fd, 0, SEEK_END);
  if (reader.first() == 0 || end < 0 || (!is_big && end > 0xfff00000)) return false;

  // Old entries keep their values where they are: the word that is one or points to one is copied.
  std::uint64_t count = 0;
  std::memcpy(&count, file.read(reader.first(), count_size).c_str(), count_size);
  const std::size_t entry_size = 4 + 2 * word;
  const std::string entries =
      file.read(reader.first() + count_size, std::min<std::uint64_t>(count, most_entries) * entry_size);
  ExifDirectory main;
  for (std::size_t i = 0; i + entry_size <= entries.size(); i += entry_size) {
    ExifField f;
    std::memcpy(&f.tag, &entries[i], 2);
    std::memcpy(&f.type, &entries[i + 2], 2);
    std::memcpy(&f.count, &entries[i + 4], word);
    f.bytes = entries.substr(i + 4 + word, word);
    main.push_back(std::move(f));
  }
  if (main.size() != count) return false;
  for (const ExifField& f : exif.main)
    if (std::none_of(main.begin(), main.end(), [&](const ExifField& m) { return m.tag == f.tag; })) main.push_back(f);
  const std::uint64_t at = static_cast<std::uint64_t>(end + 1) & ~std::uint64_t{1};
  std::string tail = print_parts(exif, at, is_big, main);
  if (tail.size() % 2) tail += '\0';
  const std::uint64_t main_at = at + tail.size();
  tail += print_directory(main, main_at, 0, is_big);
  std::string where;
  put(where, main_at, word);
  return write_at(fd, at, tail) && write_at(fd, is_big ? 8 : 4, where);
}

}  // namespace sfumato
