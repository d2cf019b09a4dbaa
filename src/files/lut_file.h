// SPDX-License-Identifier: Apache-2.0
// Color tables in files: .cube (Adobe, Iridas, Resolve), .3dl (Discreet, Lustre), HaldCLUT pictures.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lane/cube.h"

namespace sfumato {

// Reads by content: text is .cube or .3dl, a picture is a HaldCLUT.
// Throws Code::look with file:line: NaN, decimal commas, wrong counts, sizes out of 2..CubeTable::most, unknown
// keywords.
std::shared_ptr<const CubeTable> load_lut(const std::string& path);

CubeTable parse_cube(std::string_view text, const std::string& name);
CubeTable parse_3dl(std::string_view text, const std::string& name);
CubeTable read_hald(const std::string& path);

// The identity on 0..1 with `size` nodes per axis.
CubeTable identity_cube(int size);

// Whether the table has no curves and takes 0..1: all that .3dl and Hald can hold.
bool spans_unit_cube(const CubeTable&);

// A .cube holds any table. The others clamp values to 0..1 and throw Code::usage unless spans_unit_cube().
std::string print_cube(const CubeTable&, const std::string& title);
std::string print_3dl(const CubeTable&);
// A 16-bit PNG of level^3 x level^3 pixels; the table's size must be a square, level^2.
void write_hald(const CubeTable&, const std::string& path);

}  // namespace sfumato
