// SPDX-License-Identifier: Apache-2.0
#include "files/block_mean.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace sfumato {
namespace {

struct Job {
  VipsImage* in;
  int by;
  bool has_alpha;
};

// Adds a row of samples to the sums of its columns; colors times alpha.
template <class T, class Sum>
void add_row(const T* row, int pixels, int bands, bool has_alpha, Sum* sums) {
  if (!has_alpha) {
    for (int i = 0; i < pixels * bands; ++i) sums[i] += row[i];
    return;
  }
  for (int x = 0; x < pixels; ++x, row += bands, sums += bands) {
    const Sum alpha = row[bands - 1];
    for (int c = 0; c < bands - 1; ++c) sums[c] += row[c] * alpha;
    sums[bands - 1] += alpha;
  }
}

template <class T>
T rounded(double v) {
  return static_cast<T>(std::is_integral_v<T> ? v + 0.5 : v);
}

template <class T, class Sum>
void average(VipsRegion* out, VipsRegion* in, const Job& job) {
  const VipsRect &to = out->valid, &from = in->valid;
  const int bands = out->im->Bands, colors = bands - job.has_alpha;
  std::vector<Sum> sums(static_cast<std::size_t>(from.width) * bands);
  for (int y = 0; y < to.height; ++y) {
    std::fill(sums.begin(), sums.end(), Sum{0});
    const int rows = std::min(job.by, from.height - y * job.by);
    for (int i = 0; i < rows; ++i)
      add_row(reinterpret_cast<const T*>(VIPS_REGION_ADDR(in, from.left, from.top + y * job.by + i)), from.width, bands,
              job.has_alpha, sums.data());
    T* v = reinterpret_cast<T*>(VIPS_REGION_ADDR(out, to.left, to.top + y));
    for (int x = 0; x < to.width; ++x, v += bands) {
      const int columns = std::min(job.by, from.width - x * job.by);
      Sum block[4]{};
      for (int i = 0; i < columns; ++i)
        for (int c = 0; c < bands; ++c) block[c] += sums[(x * job.by + i) * bands + c];
      const double count = static_cast<double>(rows) * columns, weight = job.has_alpha ? block[bands - 1] : count;
      for (int c = 0; c < colors; ++c) v[c] = rounded<T>(weight > 0 ? block[c] / weight : 0);
      if (job.has_alpha) v[bands - 1] = rounded<T>(block[bands - 1] / count);
    }
  }
}

int generate(VipsRegion* out, void* sequence, void*, void* shared, gboolean*) {
  auto* in = static_cast<VipsRegion*>(sequence);
  const Job& job = *static_cast<const Job*>(shared);
  const VipsRect& r = out->valid;
  VipsRect from{r.left * job.by, r.top * job.by, r.width * job.by, r.height * job.by};
  from.width = std::min(from.width, job.in->Xsize - from.left);
  from.height = std::min(from.height, job.in->Ysize - from.top);
  if (vips_region_prepare(in, &from)) return -1;
  const auto of = [&]<class T>(T) {
    if (job.has_alpha || !std::is_integral_v<T>)
      average<T, float>(out, in, job);
    else
      average<T, std::uint32_t>(out, in, job);
  };
  switch (job.in->BandFmt) {
    case VIPS_FORMAT_UCHAR:
      of(std::uint8_t{});
      break;
    case VIPS_FORMAT_USHORT:
      of(std::uint16_t{});
      break;
    default:
      of(float{});
  }
  return 0;
}

}  // namespace

void block_mean(ImagePtr& image, int by, const std::string& path) {
  const ImagePtr result = own(vips_image_new());
  VipsImage* in = image.get();
  if (vips_image_pipelinev(result.get(), VIPS_DEMAND_STYLE_FATSTRIP, in, nullptr)) throw_unreadable(path);
  result->Xsize = (in->Xsize + by - 1) / by;
  result->Ysize = (in->Ysize + by - 1) / by;
  auto* job = new Job{in, by, vips_image_hasalpha(in) != 0};
  g_object_set_data_full(G_OBJECT(result.get()), "sfumato-blocks", job, [](void* j) { delete static_cast<Job*>(j); });
  g_object_set_data_full(G_OBJECT(result.get()), "sfumato-source", g_object_ref(in), g_object_unref);
  if (vips_image_generate(result.get(), vips_start_one, generate, vips_stop_one, in, job)) throw_unreadable(path);
  image = result;
  // A thread that was kept waiting may ask for blocks whose rows the file's reader has dropped; their means are kept.
  if (vips_image_is_sequential(in))
    change(image, path,
           [](VipsImage* from, VipsImage** to) { return vips_sequential(from, to, "tile_height", 16, nullptr); });
}

}  // namespace sfumato
