// SPDX-License-Identifier: Apache-2.0
#include "render/stream.h"

#include <algorithm>
#include <cstring>
#include <mutex>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

#include "base/threads.h"
#include "files/vips.h"
#include "render/band_pipeline.h"
#include "render/engine.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr int band_rows = 64;

Sample sample_of(const VipsImage* image) {
  return image->BandFmt == VIPS_FORMAT_UCHAR    ? Sample::u8
         : image->BandFmt == VIPS_FORMAT_USHORT ? Sample::u16
                                                : Sample::f32;
}

VipsBandFormat format_of(Sample s) {
  return s == Sample::u8 ? VIPS_FORMAT_UCHAR : s == Sample::u16 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_FLOAT;
}

// A prepared region as a view whose first pixel is (left, top).
template <class ViewType>
ViewType view_of(VipsRegion* region, int left, int top, int width, int height) {
  ViewType v;
  v.data = reinterpret_cast<decltype(v.data)>(VIPS_REGION_ADDR(region, left, top));
  v.width = width;
  v.height = height;
  v.bands = region->im->Bands;
  v.sample = sample_of(region->im);
  v.stride = static_cast<std::ptrdiff_t>(VIPS_REGION_LSKIP(region));
  return v;
}

// What the callbacks need, kept alive by the image.
struct PointJob {
  Engine engine;
  VipsImage* in;
  std::shared_ptr<StreamReport> report;
};

struct BandJob {
  BandPipeline::Band make(int i) const {
    const int y0 = i * band_rows, y1 = std::min(in->Ysize, y0 + band_rows);
    MutableView to{nullptr, in->Xsize, y1 - y0, in->Bands, out, 0};
    to.stride = static_cast<std::ptrdiff_t>(in->Xsize) * to.pixel_bytes();
    BandPipeline::Band band(static_cast<std::size_t>(to.stride) * (y1 - y0));
    to.data = band.data();
    compute(y0, y1, to);
    return band;
  }

  VipsImage* in;
  Sample out;
  ComputeBand compute;
  std::unique_ptr<BandPipeline> pipeline;  // last: its threads use the rest
};

// The encoder works row after row in a thread of its own: the ones that compute give way to it, since it is what the
// picture waits for. Where threads cannot differ in priority nothing changes.
void* start_points(VipsImage* out, void* a, void* b) {
#ifdef __linux__
  const int lower = getpriority(PRIO_PROCESS, static_cast<id_t>(getpid())) + 5;
  if (gettid() != getpid()) setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), lower);
#endif
  return vips_start_one(out, a, b);
}

int generate_points(VipsRegion* out, void* seq, void*, void* b, gboolean*) {
  auto* in = static_cast<VipsRegion*>(seq);
  const auto& job = *static_cast<PointJob*>(b);
  const VipsRect& r = out->valid;
  if (vips_region_prepare(in, &r)) return -1;
  const auto from = view_of<View>(in, r.left, r.top, r.width, r.height);
  const auto to = view_of<MutableView>(out, r.left, r.top, r.width, r.height);
  long long bad = 0;
  for (int y = 0; y < r.height; ++y)
    bad += job.engine.render_row(from.row(y), from, {r.left, r.top + y, job.in->Xsize, job.in->Ysize}, r.width,
                                 to.row(y), to);
  job.report->not_finite += bad;
  return 0;
}

int generate_bands(VipsRegion* out, void*, void*, void* b, gboolean*) {
  auto& job = *static_cast<BandJob*>(b);
  const VipsRect& r = out->valid;
  const auto to = view_of<MutableView>(out, r.left, r.top, r.width, r.height);
  const std::size_t row_bytes = static_cast<std::size_t>(job.in->Xsize) * to.pixel_bytes();
  try {
    for (int y = 0; y < r.height; ++y) {
      const int band = (r.top + y) / band_rows;
      const auto rows = job.pipeline->get(band);
      std::memcpy(to.row(y),
                  rows->data() + row_bytes * (r.top + y - band * band_rows) +
                      static_cast<std::size_t>(r.left) * to.pixel_bytes(),
                  static_cast<std::size_t>(r.width) * to.pixel_bytes());
    }
  } catch (const std::exception& e) {
    vips_error("sfumato", "%s", e.what());
    return -1;
  }
  return 0;
}

// The result owns `job` and a reference to `in`.
template <class JobType>
VipsImage* self_computing(JobType* job, VipsImage* in, Sample out, VipsStartFn start, VipsGenerateFn generate,
                          VipsStopFn stop) {
  VipsImage* image = vips_image_new();
  g_object_ref(in);
  g_signal_connect_data(image, "close", G_CALLBACK(+[](VipsImage*, JobType* j) {
                          VipsImage* source = j->in;
                          delete j;
                          g_object_unref(source);
                        }),
                        job, nullptr, GConnectFlags(0));
  vips_image_pipelinev(image, VIPS_DEMAND_STYLE_FATSTRIP, in, nullptr);
  image->BandFmt = format_of(out);
  image->Type = out == Sample::u16 ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
  if (vips_image_generate(image, start, generate, stop, in, job)) {
    g_object_unref(image);
    throw Error(Code::input, vips_error_text());
  }
  return image;
}

}  // namespace

void fetch_rows(VipsImage* in, int y0, int y1, const std::function<void(const View&)>& use) {
  std::unique_ptr<VipsRegion, void (*)(void*)> region(vips_region_new(in), g_object_unref);
  const VipsRect rect{0, y0, in->Xsize, y1 - y0};
  if (vips_region_prepare(region.get(), &rect)) throw Error(Code::input, vips_error_text());
  use(view_of<View>(region.get(), 0, y0, in->Xsize, y1 - y0));
}

VipsImage* stream_bands(VipsImage* in, Sample out, int threads, ComputeBand compute) {
  auto job = std::make_unique<BandJob>(BandJob{in, out, std::move(compute), nullptr});
  job->pipeline = std::make_unique<BandPipeline>((in->Ysize + band_rows - 1) / band_rows, thread_count(threads),
                                                 [j = job.get()](int i) { return j->make(i); });
  return self_computing(job.release(), in, out, nullptr, generate_bands, nullptr);
}

VipsImage* stream(const Plan& plan, VipsImage* in, Sample out, const RenderOptions& options,
                  std::shared_ptr<StreamReport> report) {
  if (plan.is_point())
    return self_computing(new PointJob{Engine(plan, in->Xsize, in->Ysize, options.dither), in, std::move(report)}, in,
                          out, start_points, generate_points, vips_stop_one);
  auto engine = std::make_shared<Engine>(plan, in->Xsize, in->Ysize, options.dither);
  const int threads = thread_count(options.threads);
  engine->prepare([&](int y0, int y1, const Engine::Use& use) { fetch_rows(in, y0, y1, use); }, threads);
  return stream_bands(
      in, out, threads, [in, engine, report = std::move(report)](int y0, int y1, const MutableView& to) {
        fetch_rows(in, std::max(0, y0 - engine->halo()), std::min(in->Ysize, y1 + engine->halo()),
                   [&](const View& rows) { report->not_finite += engine->render_band(rows, y0, y1, to); });
      });
}

}  // namespace sfumato
