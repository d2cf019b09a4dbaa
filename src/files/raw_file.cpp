// SPDX-License-Identifier: Apache-2.0
#include "files/raw_file.h"

#include <fmt/format.h>
#include <libraw/libraw.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

#include "base/file.h"
#include "base/text.h"
#include "files/metadata.h"
#include "files/profile.h"
#include "files/vips.h"
#include "files/vips_metadata.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Linear ProPhoto (ROMM, D50) to linear sRGB (D65), Bradford adapted.
constexpr float romm_to_srgb[9]{2.0343267f,  -0.7276342f, -0.3066925f, -0.2288116f, 1.2317310f,
                                -0.0029194f, -0.0085649f, -0.1532727f, 1.1618376f};

void check(int code, const std::string& path) {
  if (code == LIBRAW_SUCCESS) return;
  throw Error(code == LIBRAW_UNSUFFICIENT_MEMORY || code == LIBRAW_TOO_BIG ? Code::resource : Code::input,
              fmt::format("cannot be developed: {}; expected a RAW file of a camera that LibRaw {} knows",
                          libraw_strerror(code), libraw_version()),
              path);
}

std::string date_of(std::time_t when) {
  char text[32] = "";
  std::tm time{};
  if (when > 0 && localtime_r(&when, &time)) std::strftime(text, sizeof text, "%Y:%m:%d %H:%M:%S", &time);
  return text;
}

void set_place(VipsImage* image, const libraw_gps_info_t& gps) {
  if (!gps.gpsparsed) return;
  auto angle = [](const float(&v)[3]) {
    return fmt::format("{}/1 {}/1 {}/1000", static_cast<long>(v[0]), static_cast<long>(v[1]),
                       static_cast<long>(v[2] * 1000 + 0.5f));
  };
  vips_image_set_string(image, "exif-ifd3-GPSLatitudeRef", gps.latref == 'S' ? "S" : "N");
  vips_image_set_string(image, "exif-ifd3-GPSLatitude", angle(gps.latitude).c_str());
  vips_image_set_string(image, "exif-ifd3-GPSLongitudeRef", gps.longref == 'W' ? "W" : "E");
  vips_image_set_string(image, "exif-ifd3-GPSLongitude", angle(gps.longitude).c_str());
}

// What LibRaw knows of the shot, as the EXIF fields that vips writes.
void set_fields(VipsImage* image, const LibRaw& raw) {
  auto set = [&](const char* name, const std::string& value) {
    if (!value.empty()) vips_image_set_string(image, name, value.c_str());
  };
  auto ratio = [](double v) {
    return v > 0 && v < 1e6 ? fmt::format("{}/1000", static_cast<long>(v * 1000 + 0.5)) : std::string();
  };
  const auto& shot = raw.imgdata.other;
  set("exif-ifd0-Make", raw.imgdata.idata.make);
  set("exif-ifd0-Model", raw.imgdata.idata.model);
  set("exif-ifd0-Artist", shot.artist);
  if (shot.iso_speed > 0) set("exif-ifd2-ISOSpeedRatings", fmt::format("{}", static_cast<int>(shot.iso_speed)));
  if (shot.shutter > 1e-6)
    set("exif-ifd2-ExposureTime",
        shot.shutter < 1 ? fmt::format("1/{}", static_cast<long>(1 / shot.shutter + 0.5f)) : ratio(shot.shutter));
  set("exif-ifd2-FNumber", ratio(shot.aperture));
  set("exif-ifd2-FocalLength", ratio(shot.focal_len));
  set("exif-ifd2-LensModel", raw.imgdata.lens.Lens);
  set("exif-ifd2-DateTimeOriginal", date_of(shot.timestamp));
  set_place(image, shot.parsed_gps);
}

// RAW files of the TIFF kind carry whole EXIF; of others LibRaw tells the main fields.
void set_metadata(VipsImage* image, const LibRaw& raw, int fd) {
  const ByteSource file(fd);
  Exif exif = read_exif(file);
  // Maker's notes and sizes speak of the RAW file's own layout.
  std::erase_if(exif.photo, [](const ExifField& f) { return f.tag == 0x927c || f.tag == 0xa002 || f.tag == 0xa003; });
  set_fields(image, raw);
  set_exif(image, exif);
  const std::string xmp = read_tiff_field(file, tiff_xmp).bytes;
  if (is_xmp(xmp)) set_blob(image, VIPS_META_XMP_NAME, make_upright(xmp));
}

// LibRaw leaves room for lights above white by scaling the strongest channel to the top: white lies at the smallest
// multiplier, and becomes 1 here, with the lights above 1.
std::shared_ptr<const ProfileMap> scaled_romm(const LibRaw& raw) {
  const auto& multipliers = raw.imgdata.color.pre_mul;
  const float least = std::min({multipliers[0], multipliers[1], multipliers[2]});
  const float scale = least > 0.01f && least <= 1.0f ? 1 / least : 1.0f;
  float matrix[9];
  for (int i = 0; i < 9; ++i) matrix[i] = romm_to_srgb[i] * scale;
  return linear_profile(matrix);
}

void set_parameters(libraw_output_params_t& p, const OpenOptions& options) {
  p.output_bps = 16;
  p.output_color = 4;  // ProPhoto
  p.gamm[0] = p.gamm[1] = 1.0;
  p.no_auto_bright = 1;
  p.use_camera_wb = 1;
  p.highlight = 2;  // blend: no magenta in blown lights
  p.max_raw_memory_mb = static_cast<unsigned>(std::clamp(options.max_pixels * 8 >> 20, 64LL, 16384LL));
}

}  // namespace

bool is_raw_name(const std::string& path) {
  constexpr std::array<const char*, 22> extensions{"3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf",
                                                   "iiq", "kdc", "mef", "mrw", "nef", "nrw", "orf", "pef",
                                                   "raf", "raw", "rw2", "rwl", "srw", "x3f"};
  return std::find(extensions.begin(), extensions.end(), extension_of(path)) != extensions.end();
}

OpenPicture open_raw(const std::string& path, const OpenOptions& options) {
  const int fd = open_regular_file(path);
  const std::unique_ptr<const int, void (*)(const int*)> closer(&fd, [](const int* f) { close(*f); });
  // LibRaw's object is too large for the stack of a thread.
  const auto raw = std::make_unique<LibRaw>();
  set_parameters(raw->imgdata.params, options);
  check(raw->open_file(path.c_str()), path);
  const auto& sizes = raw->imgdata.sizes;
  if (static_cast<long long>(sizes.raw_width) * sizes.raw_height > options.max_pixels)
    throw Error(Code::resource,
                fmt::format("found {} x {} pixels; expected at most {}; raise --max-pixels", sizes.raw_width,
                            sizes.raw_height, options.max_pixels),
                path);
  OpenPicture picture;
  check(raw->unpack(), path);
  // LibRaw counts places in the data that make no sense, and goes on.
  if (raw->error_count() > 0) {
    if (!options.accept_truncated) throw Error(Code::input, "cannot be read to its end: damaged or cut", path);
    picture.warnings.push_back("damage in the file is rendered as it was read");
  }
  check(raw->dcraw_process(), path);
  int code = 0;
  std::unique_ptr<libraw_processed_image_t, void (*)(libraw_processed_image_t*)> made(raw->dcraw_make_mem_image(&code),
                                                                                      LibRaw::dcraw_clear_mem);
  check(made ? LIBRAW_SUCCESS : code, path);
  if (made->colors != 3 || made->bits != 16) throw Error(Code::input, "found no three-color picture inside", path);

  VipsImage* image =
      vips_image_new_from_memory_copy(made->data, made->data_size, made->width, made->height, 3, VIPS_FORMAT_USHORT);
  if (!image) throw Error(Code::input, vips_error_text(), path);
  picture.image = std::shared_ptr<VipsImage>(image, g_object_unref);
  image->Type = VIPS_INTERPRETATION_RGB16;
  set_metadata(image, *raw, fd);
  picture.format = "raw";
  picture.profile = scaled_romm(*raw);
  return picture;
}

std::string raw_library() { return std::string("LibRaw ") + libraw_version(); }

}  // namespace sfumato
