// SPDX-License-Identifier: Apache-2.0
#include "files/damage_guard.h"

#include <atomic>
#include <mutex>

namespace sfumato {
namespace {

using Flag = std::atomic<bool>;

constexpr const char* flag_name = "sfumato-damage";
constexpr guint64 most_in_memory = 400'000'000;

// The picture that this thread is reading. What vips reports meanwhile is about that one: its loaders and caches work
// in the thread that asks for pixels, and the report comes before any other thread can see the blackened rows.
thread_local Flag* being_read = nullptr;

void on_log(const char*, GLogLevelFlags, const char* message, void*) {
  if (being_read && message && std::string_view(message).find("error in tile") != std::string_view::npos)
    *being_read = true;
}

class Reading {
 public:
  explicit Reading(Flag* flag) : before_(being_read) { being_read = flag; }
  ~Reading() { being_read = before_; }

 private:
  Flag* before_;
};

int generate(VipsRegion* out, void* sequence, void*, void* shared, gboolean*) {
  auto* in = static_cast<VipsRegion*>(sequence);
  auto* flag = static_cast<Flag*>(shared);
  const Reading reading(flag);
  if (*flag) return -1;
  if (vips_region_prepare(in, &out->valid)) *flag = true;
  if (*flag) return -1;
  return vips_region_region(out, in, &out->valid, out->valid.left, out->valid.top);
}

int free_flag(void* flag, void*) {
  delete static_cast<Flag*>(flag);
  return 0;
}

}  // namespace

void guard(ImagePtr& image, const std::string& path) {
  static std::once_flag once;
  std::call_once(once, [] {
    g_log_set_handler("VIPS", GLogLevelFlags(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG), on_log,
                      nullptr);
  });
  const ImagePtr guarded = own(vips_image_new());
  VipsImage* in = image.get();
  if (vips_image_pipelinev(guarded.get(), VIPS_DEMAND_STYLE_THINSTRIP, in, nullptr)) throw_unreadable(path);
  // The flag lives as long as any image made from this one.
  auto* flag = new Flag(false);
  vips_image_set_area(guarded.get(), flag_name, free_flag, flag);
  g_object_set_data_full(G_OBJECT(guarded.get()), "sfumato-source", g_object_ref(in), g_object_unref);
  if (vips_image_generate(guarded.get(), vips_start_one, generate, vips_stop_one, in, flag)) throw_unreadable(path);
  image = guarded;
}

bool is_guarded(VipsImage* image) { return vips_image_get_typeof(image, flag_name) != 0; }

bool met_damage(VipsImage* image) {
  const void* flag = nullptr;
  if (!is_guarded(image) || vips_image_get_area(image, flag_name, &flag)) return false;
  return *static_cast<const Flag*>(flag);
}

bool fits_in_memory(VipsImage* image) { return VIPS_IMAGE_SIZEOF_IMAGE(image) <= most_in_memory; }

void make_random_access(ImagePtr& image, const std::string& path) {
  VipsImage* copy = fits_in_memory(image.get()) ? vips_image_new_memory() : vips_image_new_temp_file("%s.v");
  if (!copy) throw_unreadable(path);
  const ImagePtr owner = own(copy);
  if (vips_image_write(image.get(), copy) || met_damage(image.get())) throw_unreadable(path);
  vips_image_remove(copy, VIPS_META_SEQUENTIAL);
  image = owner;
}

void check_read(VipsImage* image, const std::string& path) {
  if (met_damage(image)) throw_unreadable(path);
}

}  // namespace sfumato
