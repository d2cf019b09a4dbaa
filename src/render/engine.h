// SPDX-License-Identifier: Apache-2.0
// A plan at work on one picture: bands of rows in any order, from any thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "image/strip.h"
#include "lane/isa.h"
#include "render/plan.h"

namespace sfumato {

struct Kernels;
class ScaleSpace;

class Engine {
 public:
  Engine(Plan plan, int width, int height, bool dither, Isa isa = best_isa());
  ~Engine();

  // Calls use() with rows y0..y1-1 of the input; callable from several threads.
  using Use = std::function<void(const View&)>;
  using Fetch = std::function<void(int y0, int y1, const Use& use)>;

  // Reads the picture once for each canvas operation. Must come before rendering; nothing to do for point plans.
  void prepare(const Fetch&, int threads);

  // How many input rows above and below a band rendering needs.
  int halo() const;

  // Renders rows y0..y1-1 into `out`, of that many rows. `in` begins at row max(0, y0 - halo()) and ends at
  // min(height, y1 + halo()). Returns how many samples of rows y0..y1-1 were not finite.
  long long render_band(const View& in, int y0, int y1, const MutableView& out) const;

  // Point plans only: any part of a row.
  long long render_row(const std::byte* in, const View& format_in, const Place&, int n, std::byte* out,
                       const MutableView& format_out) const;

 private:
  struct Scratch;
  // The weights of a strip's pixels, from the input before any step; they stay with the thread.
  void weigh(const Strip& input, int n, const Place&) const;
  void run_mapped(const PointStep&, const Strip&, int n, const Place&) const;
  void run_points(const std::vector<PointStep>&, const Strip&, int n, const Place&) const;
  // Rows y0..y1-1 after stage k. `in` begins at row in_y0.
  void stage_rows(int k, const View& in, int in_y0, int y0, int y1, PlanarRows& out) const;
  void source_rows(int canvas, PlanarRows& rows, int y0) const;
  int halo_of(int stage) const;

  Plan plan_;
  int width_, height_;
  bool dither_;
  const Kernels& kernels_;
  std::vector<std::unique_ptr<ScaleSpace>> spaces_;  // one per canvas operation
};

}  // namespace sfumato
