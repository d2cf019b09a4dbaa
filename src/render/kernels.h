// SPDX-License-Identifier: Apache-2.0
// The renderer's inner loops, one table of functions per instruction set (see lane/isa.h).
#pragma once

#include <cstddef>
#include <span>

#include "image/strip.h"
#include "sfumato/catalog.h"
#include "sfumato/image.h"

namespace sfumato {

struct CubeTable;
struct MaskPlane;
struct ProfileMap;

// Applies an operation in place; for a canvas operation: makes what is blurred.
using PointKernel = void (*)(const Strip&, int n, const Place&, const float* coeffs, const CubeTable*);

// The same where the numbers differ from pixel to pixel: number i is coeffs[i] + offsets[i][pixel].
using MappedKernel = void (*)(const Strip&, int n, const Place&, const float* coeffs, const float* const* offsets);

struct OpKernels {
  PointKernel point;
  MappedKernel mapped;  // only of a MappedOp
  // Only for canvas operations, see ops/op.h. Sigma comes in pixels.
  void (*sigma)(float* out, int n, const Place&, const float* coeffs);
  void (*combine)(const Strip& sharp_in_out, const Strip& soft, int n, const Place&, const float* coeffs);
};

struct Kernels {
  std::span<const OpKernels> ops;  // in catalog order

  // Interleaved samples to planar floats, 0..1 nominal, and back. NaN becomes 0, infinities the largest half float.
  // unpack returns how many samples were not finite. pack rounds, after triangular noise of one step if `dither`.
  int (*unpack)(const std::byte* from, Sample, int bands, int n, const Strip& to);
  void (*pack)(const Strip& from, Sample, int bands, int n, const Place&, bool dither, std::byte* to);

  // Weights of pixels: of a plane by place, of a table over (encoded lightness, x, y) by color and place.
  void (*weigh_plane)(const MaskPlane&, int n, const Place&, float* out);
  void (*weigh_table)(const CubeTable&, const Strip& encoded, int n, const Place&, const Strip& out);
  // in_out = before + (in_out - before) * weight
  void (*blend)(const Strip& in_out, const Strip& before, const float* weight, int n);

  void (*convert)(Space from, Space to, const Strip&, int n);
  void (*decode_profile)(const ProfileMap&, const Strip&, int n);  // encoded in the profile -> linear sRGB
  void (*encode_profile)(const ProfileMap&, const Strip&, int n);  // and back
};

}  // namespace sfumato
