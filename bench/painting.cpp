// SPDX-License-Identifier: Apache-2.0
// Paintings of photos in the style of others, in numbers: distance of patches to the style's (sliced Wasserstein, in
// steps of 1/255, at full, half and quarter size and in the mean), distance of colors, edge-SSIM to the photo, seconds.
//   sfumato_painting TRANSFER_FOLDER [OUTPUT_FOLDER] [knob=value ...]
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <map>
#include <numeric>

#include "bench/knobs.h"
#include "files/picture_file.h"
#include "files/read_pixels.h"
#include "files/vips.h"
#include "measure/edge_ssim.h"
#include "measure/sliced_distance.h"
#include "paint/patch_picture.h"
#include "sfumato/error.h"

namespace {

namespace fs = std::filesystem;
using namespace sfumato;

struct Case {
  std::string name, photo, style, theirs;
};

const std::vector<Case> cases{
    {"tubingen_starry", "gatys_jcjohnson/inputs/tubingen.jpg", "gatys_jcjohnson/inputs/starry_night.jpg",
     "gatys_jcjohnson/outputs/tubingen_starry.png"},
    {"golden_gate_scream", "gatys_jcjohnson/inputs/golden_gate.jpg", "gatys_jcjohnson/inputs/the_scream.jpg",
     "gatys_jcjohnson/outputs/golden_gate_scream.png"},
    {"chicago_wave", "fst_lengstrom/content/chicago.jpg", "fst_lengstrom/style/wave.jpg",
     "fst_lengstrom/result/chicago_wave.jpg"},
    {"stata_udnie", "fst_lengstrom/content/stata.jpg", "fst_lengstrom/style/udnie.jpg",
     "fst_lengstrom/result/stata_udnie.jpg"},
    {"sailboat_brush", "adain/content/sailboat.jpg", "adain/style/brushstrokes.jpg", ""},
    {"modern_matisse", "adain/content/modern.jpg", "adain/style/woman_with_hat_matisse.jpg", ""},
};

Picture at_size(const fs::path& path, int side) {
  VipsImage *small = nullptr, *rgb = nullptr;
  if (vips_thumbnail(path.c_str(), &small, side, "height", side, nullptr) ||
      vips_colourspace(small, &rgb, VIPS_INTERPRETATION_sRGB, nullptr))
    throw Error(Code::input, vips_error_text(), path);
  Picture p(rgb->Xsize, rgb->Ysize, Sample::u8);
  std::size_t size = 0;
  void* bytes = vips_image_write_to_memory(rgb, &size);
  std::copy_n(static_cast<std::byte*>(bytes), size, reinterpret_cast<std::byte*>(p.samples<std::uint8_t>()));
  g_free(bytes), g_object_unref(small), g_object_unref(rgb);
  return p;
}

Picture painted(const Picture& photo, const Picture& style, const PatchPaint& o) {
  Picture out(photo.width(), photo.height(), Sample::u8);
  render_whole(photo.view(), out.view(), 0, [&](const PictureSource& source) {
    const View v = style.view();
    return std::make_shared<const PatchPicture>(
        source,
        PictureSource{v.width, v.height, nullptr, nullptr,
                      [v](int y0, int y1, const PictureSource::Use& use) { use(v.rows(y0, y1)); }},
        o);
  });
  return out;
}

void save(const Picture& p, const fs::path& path) {
  VipsImage* image = vips_image_new_from_memory_copy(p.bytes().data(), p.bytes().size(), p.width(), p.height(),
                                                     p.bands(), VIPS_FORMAT_UCHAR);
  image->Type = VIPS_INTERPRETATION_sRGB;
  save_picture(image, path, {}, path);
  g_object_unref(image);
}

void print_scores(const std::string& name, const Picture& result, const Picture& photo, const Picture& style) {
  const auto d = patch_distance(result.view(), style.view());
  fmt::print("{:28} {:5.2f} {:5.2f} {:5.2f}  mean {:5.2f}  colors {:5.2f}  edges {:6.3f}", name, d[0], d[1], d[2],
             (d[0] + d[1] + d[2]) / 3, sliced_color_distance(result.view(), style.view()),
             result.width() == photo.width() && result.height() == photo.height()
                 ? edge_ssim(result.view(), photo.view())
                 : 0.0);
}

PatchPaint options_with(const Knobs& knob) {
  PatchPaint paint;
  PatchOptions& o = paint.options;
  auto set = [&](const char* name, auto& value) {
    if (knob.count(name)) value = static_cast<std::remove_reference_t<decltype(value)>>(knob.at(name));
  };
  set("balance", o.balance), set("side", o.patch.side), set("dimensions", o.patch.dimensions);
  set("uniformity", o.uniformity), set("rounds", o.rounds), set("leaves", o.most_leaves), set("seed", o.seed);
  set("photo_blur", o.guides.photo_blur), set("style_blur", o.guides.style_blur), set("bands", o.bands.count);
  set("most", o.bands.most), set("least", o.bands.least), set("steps", o.polish.steps);
  set("rate", o.polish.rate), set("directions", o.polish.directions), set("scales", o.polish.scales);
  set("choose_at", paint.size), set("style_scale", paint.style_scale);
  return paint;
}

int run(const fs::path& folder, const fs::path& output, const Knobs& knobs) {
  init_vips();
  if (!output.empty()) fs::create_directories(output);
  const int side = knobs.count("size") ? static_cast<int>(knobs.at("size")) : 512;
  int left = knobs.count("cases") ? static_cast<int>(knobs.at("cases")) : static_cast<int>(cases.size());
  for (const Case& c : cases) {
    if (left-- <= 0) break;
    const Picture photo = at_size(folder / c.photo, side), style = at_size(folder / c.style, side);
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t used = std::clock();
    const Picture ours = painted(photo, style, options_with(knobs));
    const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double processors = static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC;
    print_scores(c.name, ours, photo, style);
    fmt::print("  {:5.1f} s ({:.1f} s of processors)\n", s, processors);
    if (!output.empty()) save(ours, output / (c.name + ".png"));
    if (c.theirs.empty() || knobs.count("ours")) continue;
    const Picture theirs = at_size(folder / c.theirs, side);
    print_scores("  theirs", theirs, photo, style);
    fmt::print("\n");
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return sfumato::run_with_knobs(argc, argv, run); }
