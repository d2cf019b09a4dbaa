// SPDX-License-Identifier: Apache-2.0
// Photographic style transfer beside the stored results of other systems: edge-SSIM to the photo (1: no detail lost),
// and sliced Wasserstein distance of colors to the reference, in steps of 1/255.
//   sfumato_photo_transfer TRANSFER_FOLDER [OUTPUT_FOLDER] [knob=value ...]
// TRANSFER_FOLDER holds seed003/{content,style,final} and dpst/{input,style,final_results}. OUTPUT_FOLDER gets
// pictures.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <utility>

#include "files/picture_file.h"
#include "files/read_pixels.h"
#include "files/vips.h"
#include "measure/edge_ssim.h"
#include "measure/sliced_distance.h"
#include "sfumato/error.h"
#include "transfer/color_map.h"
#include "transfer/match.h"

namespace {

namespace fs = std::filesystem;
using namespace sfumato;

struct Case {
  std::string name;
  fs::path photo, reference, theirs;
};

std::vector<Case> cases_in(const fs::path& folder) {
  std::vector<Case> all;
  if (fs::exists(folder / "seed003"))
    for (const auto& e : fs::directory_iterator(folder / "seed003/content")) {
      const std::string n = e.path().stem().string();
      all.push_back({"seed003 " + n, e.path(), folder / "seed003/style" / e.path().filename(),
                     folder / "seed003/final" / (n + "_final.png")});
    }
  if (fs::exists(folder / "dpst"))
    for (const auto& e : fs::directory_iterator(folder / "dpst/input")) {
      const std::string n = e.path().stem().string().substr(2);
      all.push_back({"dpst " + n, e.path(), folder / "dpst/style" / ("tar" + n + ".png"),
                     folder / "dpst/final_results" / ("best" + n + "_t_1000.png")});
    }
  std::sort(all.begin(), all.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
  return all;
}

Picture pixels(const fs::path& path) { return read_pixels(open_picture(path), path); }

void save(const Picture& p, const fs::path& path) {
  VipsImage* image = vips_image_new_from_memory_copy(p.bytes().data(), p.bytes().size(), p.width(), p.height(),
                                                     p.bands(), VIPS_FORMAT_UCHAR);
  image->Type = VIPS_INTERPRETATION_sRGB;
  save_picture(image, path, {}, path);
  g_object_unref(image);
}

struct Scores {
  double edges = 0, colors = 0;
  Scores& operator+=(const Scores& o) { return edges += o.edges, colors += o.colors, *this; }
};

Scores scores(const Picture& result, const Picture& photo, const Picture& reference) {
  const bool same = result.width() == photo.width() && result.height() == photo.height();
  return {same ? edge_ssim(result.view(), photo.view()) : 0.0, sliced_color_distance(result.view(), reference.view())};
}

int run(const fs::path& folder, const fs::path& output, std::map<std::string, double> knob) {
  init_vips();
  MatchOptions match;
  MatchRender render;
  auto set = [&](const char* name, auto& value) {
    if (knob.count(name)) value = static_cast<std::remove_reference_t<decltype(value)>>(knob[name]);
  };
  set("protection", match.protection), set("steepest", match.steepest), set("slices", match.slices),
      set("strength", match.strength);
  set("method", match.method), set("reach", render.exchange.reach), set("edges", render.exchange.edges),
      set("keeps_edges", render.keeps_edges);
  std::map<std::string, Scores> sums;
  std::map<std::string, int> counts;
  fmt::print("{:12} {:>15} {:>15} {:>15} {:>7}\n{:12} {:>15} {:>15} {:>15} {:>7}\n", "", "untouched", "theirs", "ours",
             "", "", "edges  colors", "edges  colors", "edges  colors", "ms");
  auto line = [](const std::string& name, const Scores& u, const Scores& t, const Scores& o) {
    fmt::print("{:12} {:7.3f} {:7.1f} {:7.3f} {:7.1f} {:7.3f} {:7.1f}", name, u.edges, u.colors, t.edges, t.colors,
               o.edges, o.colors);
  };
  for (const Case& c : cases_in(folder)) {
    const Picture photo = pixels(c.photo), reference = pixels(c.reference), theirs = pixels(c.theirs);
    Picture ours(photo.width(), photo.height(), Sample::u8);
    const auto start = std::chrono::steady_clock::now();
    const auto table = std::make_shared<const CubeTable>(
        match_colors(sample_colors(photo.view()), sample_colors(reference.view()), match));
    render_match({{table, {}}}, photo.view(), ours.view(), render);
    const double ms = 1e3 * std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const Scores u{1, sliced_color_distance(photo.view(), reference.view())},
        t = scores(theirs, photo, reference), o = scores(std::as_const(ours), photo, reference);
    line(c.name, u, t, o);
    fmt::print(" {:7.0f}\n", ms);
    const std::string set_name = c.name.substr(0, c.name.find(' '));
    sums[set_name + " u"] += u, sums[set_name + " t"] += t, sums[set_name + " o"] += o, ++counts[set_name];
    if (!output.empty()) fs::create_directories(output), save(ours, output / (c.name + ".png"));
  }
  for (const auto& [name, count] : counts) {
    auto mean = [&](const char* which) {
      const Scores& s = sums[name + which];
      return Scores{s.edges / count, s.colors / count};
    };
    line("mean " + name, mean(" u"), mean(" t"), mean(" o"));
    fmt::print("\n");
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 2) throw Error(Code::usage, "expected TRANSFER_FOLDER [OUTPUT_FOLDER] [knob=value ...]");
    fs::path output;
    std::map<std::string, double> knob;
    for (int i = 2; i < argc; ++i) {
      const std::string a = argv[i];
      if (const auto at = a.find('='); at != a.npos)
        knob[a.substr(0, at)] = std::stod(a.substr(at + 1));
      else
        output = a;
    }
    return run(argv[1], output, knob);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  }
}
