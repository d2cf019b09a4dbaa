// SPDX-License-Identifier: Apache-2.0
#include "transfer/match_file.h"

#include <fmt/format.h>

#include <utility>

#include "base/fnv.h"
#include "render/mask_file.h"
#include "render/plan.h"
#include "render/srgb_pixels.h"
#include "sfumato/error.h"
#include "sfumato/version.h"

namespace sfumato {
namespace {

constexpr int reduced_side = 512;

// A picture as sRGB, read no finer than its colors need. Masks only as far as their file format does it: means of their
// colors would be other regions.
Picture read_reduced(const std::string& path, OpenOptions open, bool is_mask = false) {
  open.reduced_to = reduced_side;
  OpenPicture picture = open_picture(path, open);
  if (!is_mask) reduce(picture, reduced_side, path);
  return srgb_pixels(picture, path);
}

View seen(const Picture& p) { return p.view(); }
double aspect_of(const Picture& p) { return static_cast<double>(p.width()) / p.height(); }

MatchRegion region_of(const ColorSamples& photo, const ColorSamples& reference, const MatchOptions& o, Plane share) {
  return {std::make_shared<const CubeTable>(match_colors(photo, reference, o)), std::move(share)};
}

}  // namespace

RegionShares read_regions(const std::string& mask, double aspect, const OpenOptions& open) {
  const Picture picture = read_reduced(mask, open, true);
  check_shape(picture.view(), mask, aspect);
  return regions_of_mask(picture.view());
}

Matcher::Matcher(MatchPlan plan, const OpenOptions& open) : plan_(std::move(plan)), open_(open) {
  const auto& masks = plan_.reference_masks;
  if (!masks.empty() && masks.size() != plan_.references.size())
    throw Error(Code::usage, fmt::format("found {} reference masks for {} references; expected one for each",
                                         masks.size(), plan_.references.size()));
  const MatchOptions& o = plan_.options;
  const ExchangeOptions& e = plan_.render.exchange;
  std::string text =
      fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {}", version(), static_cast<int>(o.method),
                  static_cast<int>(o.only), o.strength, o.protection, o.steepest, o.slices, plan_.regions,
                  plan_.render.keeps_edges, e.reach, e.edges, e.iterations, e.fits_detail);
  std::uint64_t key = fnv1a(text.data(), text.size());
  const auto add = [&](const auto& values) { key = fnv1a(values.data(), values.size() * sizeof(values[0]), key); };
  for (const std::string& path : plan_.references) {
    references_.push_back(read_reduced(path, open_));
    const ColorSamples samples = sample_colors(seen(references_.back()));
    if (!(samples.total() > 0))
      throw Error(Code::input, "found no pixels to take colors from: all are transparent or not numbers", path);
    add(samples.lab);
    whole_.add(samples, 1.0);
  }
  for (std::size_t i = 0; i < masks.size(); ++i) {
    shares_.push_back(read_regions(masks[i], aspect_of(references_[i]), open_));
    for (const Plane& share : shares_.back()) add(share.values);
  }
  key_ = fmt::format("{:016x}", key);
}

ColorSamples Matcher::samples_of_references(const std::vector<RegionShares>& shares, std::size_t region) const {
  ColorSamples all;
  for (std::size_t i = 0; i < references_.size(); ++i)
    if (shares[i][region].width) {
      const ColorSamples s = sample_colors(references_[i].view(), &shares[i][region]);
      all.add(s, s.total());
    }
  return all.total() > 0 ? all : whole_;
}

Match Matcher::match(const std::string& path, const std::string& mask) const {
  if (mask.empty() != shares_.empty())
    throw Error(Code::usage, "expected both --mask and --reference-mask, or neither");
  const Picture photo = read_reduced(path, open_);
  if (mask.empty() && plan_.regions < 2) return {region_of(sample_colors(photo.view()), whole_, plan_.options, {})};

  RegionShares of_photo;
  std::vector<RegionShares> of_references = shares_;
  if (mask.empty()) {
    std::vector<View> views;
    for (const Picture& r : references_) views.push_back(r.view());
    std::vector<RegionShares> found = find_regions(photo.view(), views, plan_.regions);
    of_photo = std::move(found.front());
    of_references.assign(found.begin() + 1, found.end());
  } else {
    of_photo = read_regions(mask, aspect_of(photo), open_);
  }
  Match all;
  for (std::size_t k = 0; k < of_photo.size(); ++k) {
    if (!of_photo[k].width) continue;
    const ColorSamples samples = sample_colors(photo.view(), &of_photo[k]);
    if (samples.total() > 0)
      all.push_back(region_of(samples, samples_of_references(of_references, k), plan_.options, std::move(of_photo[k])));
  }
  return all;
}

Match Matcher::match_series(const std::vector<std::string>& photos) const {
  ColorSamples all;
  for (const std::string& path : photos) try {
      all.add(sample_colors(seen(read_reduced(path, open_)), nullptr, 1 << 12), 1.0);
    } catch (const Error& e) {
      if (e.code() != Code::input && e.code() != Code::resource) throw;
    }
  return match_series(all);
}

Match Matcher::match_series(const ColorSamples& of_all) const { return {region_of(of_all, whole_, plan_.options, {})}; }

}  // namespace sfumato
