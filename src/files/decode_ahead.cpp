// SPDX-License-Identifier: Apache-2.0
#include "files/decode_ahead.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace sfumato {
namespace {

// In large pages where the system has them: it takes longer to get small ones than to copy the pixels.
std::unique_ptr<std::byte, void (*)(void*)> memory_of(std::size_t bytes) {
  constexpr std::size_t page = 1 << 21;
  void* data = std::aligned_alloc(page, (bytes + page - 1) / page * page);
  if (!data) throw std::bad_alloc();
#ifdef __linux__
  madvise(data, bytes, MADV_HUGEPAGE);
#endif
  return {static_cast<std::byte*>(data), std::free};
}

class Decoder {
 public:
  explicit Decoder(const ImagePtr& in)
      : in_(in), data_(memory_of(VIPS_IMAGE_SIZEOF_IMAGE(in.get()))), pixels_(over(data_.get(), *in)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  VipsImage* pixels() const { return pixels_.get(); }

  // Whether the rows above this one could be decoded.
  bool wait_for(int row) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return has_failed_ || rows_ >= row; });
    return !has_failed_;
  }

 private:
  static ImagePtr over(void* data, VipsImage& in) {
    return own(
        vips_image_new_from_memory(data, VIPS_IMAGE_SIZEOF_IMAGE(&in), in.Xsize, in.Ysize, in.Bands, in.BandFmt));
  }

  void run(const std::stop_token& stop) {
    constexpr int rows_at_once = 64;
    {
      const std::unique_ptr<VipsRegion, void (*)(void*)> region(vips_region_new(in_.get()), g_object_unref);
      const std::size_t row_bytes = VIPS_IMAGE_SIZEOF_LINE(in_.get());
      std::byte* to = data_.get();
      for (int y = 0; y < in_->Ysize && !stop.stop_requested(); y += rows_at_once) {
        const VipsRect band{0, y, in_->Xsize, std::min(rows_at_once, in_->Ysize - y)};
        const bool is_decoded = vips_region_prepare(region.get(), &band) == 0;
        for (int i = 0; is_decoded && i < band.height; ++i, to += row_bytes)
          std::memcpy(to, VIPS_REGION_ADDR(region.get(), 0, y + i), row_bytes);
        tell(y + band.height, is_decoded);
        if (!is_decoded) break;
      }
    }
    vips_thread_shutdown();
  }

  void tell(int rows, bool is_decoded) {
    {
      const std::lock_guard lock(mutex_);
      rows_ = rows;
      has_failed_ = !is_decoded;
    }
    changed_.notify_all();
  }

  const ImagePtr in_;
  const std::unique_ptr<std::byte, void (*)(void*)> data_;
  const ImagePtr pixels_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int rows_ = 0;
  bool has_failed_ = false;
  std::jthread thread_;  // last: it uses the rest
};

int generate(VipsRegion* out, void* sequence, void*, void* shared, gboolean*) {
  auto* in = static_cast<VipsRegion*>(sequence);
  const VipsRect& r = out->valid;
  if (!static_cast<Decoder*>(shared)->wait_for(r.top + r.height) || vips_region_prepare(in, &r)) return -1;
  return vips_region_region(out, in, &r, r.left, r.top);
}

}  // namespace

void decode_ahead(ImagePtr& image, const std::string& path) {
  const ImagePtr result = own(vips_image_new());
  if (vips_image_pipelinev(result.get(), VIPS_DEMAND_STYLE_THINSTRIP, image.get(), nullptr)) throw_unreadable(path);
  vips_image_remove(result.get(), VIPS_META_SEQUENTIAL);
  auto* decoder = new Decoder(image);
  g_object_set_data_full(G_OBJECT(result.get()), "sfumato-decoder", decoder,
                         [](void* d) { delete static_cast<Decoder*>(d); });
  if (vips_image_generate(result.get(), vips_start_one, generate, vips_stop_one, decoder->pixels(), decoder))
    throw_unreadable(path);
  image = result;
}

}  // namespace sfumato
