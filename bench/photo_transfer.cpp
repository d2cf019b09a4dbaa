// SPDX-License-Identifier: Apache-2.0
// Photographic style transfer beside the stored results of other systems: edge-SSIM to the photo (1: no detail lost),
// and sliced Wasserstein distance of colors to the reference, in steps of 1/255; of whole pictures, of regions found
// (3), and of regions in masks, where there are some.
//   sfumato_photo_transfer TRANSFER_FOLDER [OUTPUT_FOLDER] [knob=value ...]
// TRANSFER_FOLDER holds seed003/{content,style,final} and dpst/{input,style,segmentation,final_results}. OUTPUT_FOLDER
// gets the pictures and a contact sheet: a row for each pair of photo, reference, theirs and ours. Where it has
// made/NAME/PAIR.png, pictures made otherwise ("seed003 4.png"), NAME is another column; bench/photographic_nets makes
// such.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <utility>

#include "bench/knobs.h"
#include "files/picture_file.h"
#include "files/read_pixels.h"
#include "files/vips.h"
#include "measure/edge_ssim.h"
#include "measure/sliced_distance.h"
#include "sfumato/error.h"
#include "transfer/match_file.h"

namespace {

namespace fs = std::filesystem;
using namespace sfumato;

struct Case {
  std::string name;
  fs::path photo, reference, theirs, mask, reference_mask;
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
      const fs::path masks = folder / "dpst/segmentation";
      all.push_back({"dpst " + n, e.path(), folder / "dpst/style" / ("tar" + n + ".png"),
                     folder / "dpst/final_results" / ("best" + n + "_t_1000.png"), masks / e.path().filename(),
                     masks / ("tar" + n + ".png")});
    }
  if (all.empty()) throw Error(Code::input, "found neither seed003 nor dpst in it; expected pairs of pictures", folder);
  std::sort(all.begin(), all.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
  return all;
}

Picture pixels(const fs::path& path) { return read_pixels(open_picture(path), path); }

VipsImage* image_of(const Picture& p) {
  VipsImage* image = vips_image_new_from_memory_copy(p.bytes().data(), p.bytes().size(), p.width(), p.height(),
                                                     p.bands(), VIPS_FORMAT_UCHAR);
  image->Type = VIPS_INTERPRETATION_sRGB;
  return image;
}

// Rows of equal cells.
class ContactSheet {
 public:
  ~ContactSheet() {
    for (VipsImage* c : cells_) g_object_unref(c);
  }
  void add(const Picture& p) {
    VipsImage *image = image_of(p), *three = nullptr, *small = nullptr, *cell = nullptr;
    vips_extract_band(image, &three, 0, "n", 3, nullptr);
    vips_thumbnail_image(three, &small, 480, "height", 320, nullptr);
    vips_gravity(small, &cell, VIPS_COMPASS_DIRECTION_CENTRE, 484, 324, nullptr);
    cells_.push_back(cell);
    for (VipsImage* i : {image, three, small}) g_object_unref(i);
  }
  void save(const fs::path& path, int across) {
    VipsImage* sheet = nullptr;
    vips_arrayjoin(cells_.data(), &sheet, static_cast<int>(cells_.size()), "across", across, nullptr);
    save_picture(sheet, path, {}, path);
    g_object_unref(sheet);
  }

 private:
  std::vector<VipsImage*> cells_;
};

struct Scores {
  double edges = 0, colors = 0;
  Scores& operator+=(const Scores& o) { return edges += o.edges, colors += o.colors, *this; }
};

Scores scores(const Picture& result, const Picture& photo, const Picture& reference) {
  const bool same = result.width() == photo.width() && result.height() == photo.height();
  return {same ? edge_ssim(result.view(), photo.view()) : 0.0, sliced_color_distance(result.view(), reference.view())};
}

MatchPlan plan_with(const Knobs& knob) {
  MatchPlan plan;
  auto set = [&](const char* name, auto& value) {
    if (knob.count(name)) value = static_cast<std::remove_reference_t<decltype(value)>>(knob.at(name));
  };
  set("protection", plan.options.protection), set("steepest", plan.options.steepest);
  set("slices", plan.options.slices), set("strength", plan.options.strength), set("method", plan.options.method);
  set("reach", plan.render.exchange.reach), set("edges", plan.render.exchange.edges);
  set("keeps_edges", plan.render.keeps_edges), set("fits_detail", plan.render.exchange.fits_detail);
  return plan;
}

struct Made {
  Picture picture;
  double ms;
};

Made made(const Case& c, const Picture& photo, MatchPlan plan, bool uses_mask) {
  const auto start = std::chrono::steady_clock::now();
  plan.references = {c.reference};
  if (uses_mask) plan.reference_masks = {c.reference_mask};
  Made m{Picture(photo.width(), photo.height(), Sample::u8), 0};
  render_match(Matcher(plan).match(c.photo, uses_mask ? c.mask : fs::path()), photo.view(), m.picture.view(),
               plan.render);
  m.ms = 1e3 * std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return m;
}

int run(const fs::path& folder, const fs::path& output, const Knobs& knobs) {
  init_vips();
  if (!output.empty()) fs::create_directories(output);
  // Sums by set and column, and how many there are.
  std::map<std::string, std::map<std::string, std::pair<Scores, int>>> sums;
  std::vector<std::string> columns{"untouched", "theirs", "ours", "found regions", "masks"};
  const std::size_t own = columns.size();
  if (fs::exists(output / "made"))
    for (const auto& e : fs::directory_iterator(output / "made")) columns.push_back(e.path().filename().string());
  std::sort(columns.begin() + static_cast<std::ptrdiff_t>(own), columns.end());
  fmt::print("{:12}", "");
  for (const std::string& column : columns) fmt::print(" {:>15}", column);
  fmt::print("\n{:12}", "");
  for (std::size_t i = 0; i < columns.size(); ++i) fmt::print(" {:>15}", "edges  colors");
  fmt::print(" {:>7}\n", "ms ours");
  ContactSheet sheet;
  for (const Case& c : cases_in(folder)) {
    const Picture photo = pixels(c.photo), reference = pixels(c.reference), theirs = pixels(c.theirs);
    fmt::print("{:12}", c.name);
    auto print = [&](const std::string& column, const Picture& picture) {
      const Scores s = scores(picture, photo, reference);
      fmt::print(" {:7.3f} {:7.1f}", s.edges, s.colors);
      auto& [sum, count] = sums[c.name.substr(0, c.name.find(' '))][column];
      sum += s, ++count;
      sheet.add(picture);
      if (output.empty() || std::find(columns.begin() + own, columns.end(), column) != columns.end()) return;
      VipsImage* image = image_of(picture);
      const fs::path path = output / (c.name + " " + column + ".png");
      save_picture(image, path, {}, path);
      g_object_unref(image);
    };
    sheet.add(reference);
    print(columns[0], photo), print(columns[1], theirs);
    MatchPlan plan = plan_with(knobs);
    const Made ours = made(c, photo, plan, false);
    print(columns[2], ours.picture);
    plan.regions = 3;
    print(columns[3], made(c, photo, plan, false).picture);
    if (c.mask.empty())
      fmt::print(" {:15}", ""), sheet.add(photo);
    else
      print(columns[4], made(c, photo, plan, true).picture);
    for (std::size_t i = own; i < columns.size(); ++i) {
      const fs::path path = output / "made" / columns[i] / (c.name + ".png");
      if (fs::exists(path))
        print(columns[i], pixels(path));
      else
        fmt::print(" {:15}", ""), sheet.add(photo);
    }
    fmt::print(" {:7.0f}\n", ours.ms);
  }
  for (const auto& [name, of_set] : sums) {
    fmt::print("{:12}", "mean " + name);
    for (const std::string& column : columns)
      if (of_set.count(column)) {
        const auto& [sum, count] = of_set.at(column);
        fmt::print(" {:7.3f} {:7.1f}", sum.edges / count, sum.colors / count);
      }
    fmt::print("\n");
  }
  if (!output.empty()) sheet.save(output / "sheet.png", static_cast<int>(columns.size()) + 1);
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return sfumato::run_with_knobs(argc, argv, run); }
