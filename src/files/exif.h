// SPDX-License-Identifier: Apache-2.0
// EXIF blocks and the TIFF directories they are made of [TIFF6] [EXIF2.32]: for the containers whose EXIF libvips
// neither reads nor writes (TIFF, JPEG XL) and for RAW files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "files/byte_source.h"

namespace sfumato {

struct ExifField {
  std::uint16_t tag = 0, type = 0;
  std::uint64_t count = 0;
  std::string bytes;  // little-endian, count * size_of(type) of them
};
constexpr std::uint16_t tiff_iptc = 0x83bb, tiff_xmp = 0x02bc, tiff_extra_samples = 0x0152;

using ExifDirectory = std::vector<ExifField>;

struct Exif {
  ExifDirectory main, photo, gps;  // IFD0 without what describes stored pixels, Exif IFD, GPS IFD

  bool empty() const { return main.empty() && photo.empty() && gps.empty(); }
};

// What is there of EXIF in a TIFF structure: an EXIF block (with or without "Exif\0\0"), a TIFF or a TIFF-like RAW
// file. Damaged entries are left out; loops and huge counts end the reading. BigTIFF too.
Exif read_exif(const ByteSource&);

// A field of the first directory, wherever it belongs; count 0 when absent.
ExifField read_tiff_field(const ByteSource&, std::uint16_t tag);

// Pixels per millimeter.
struct Resolution {
  double x = 0, y = 0;
};
void set_resolution(ExifDirectory&, const Resolution&);
// Zeros where there is none.
Resolution read_resolution(const ByteSource&);

void set_field(ExifDirectory&, std::uint16_t tag, std::uint16_t type, std::uint64_t value);

// A little-endian block without "Exif\0\0". MakerNote, whose pointers cannot be moved, goes when `most` is exceeded.
std::string exif_block(const Exif&, std::size_t most = 65'000);

// Appends EXIF to a little-endian TIFF file that has been written; fields it already has stay. False: not such a file.
bool append_exif_to_tiff(int fd, const Exif&);

}  // namespace sfumato
