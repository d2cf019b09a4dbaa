// SPDX-License-Identifier: Apache-2.0
#include "pairs/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/fnv.h"
#include "base/random.h"
#include "files/metadata.h"
#include "files/sha256.h"
#include "look/adapter.h"
#include "look/rules.h"
#include "pairs/pair.h"
#include "pairs/photo.h"
#include "pairs/strokes.h"
#include "render/render_file.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

// "exposure", "exposure#2"
std::vector<std::string> step_names(const Look& look) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < look.steps.size(); ++i) {
    int nth = 1;
    for (std::size_t k = 0; k < i; ++k) nth += look.steps[k].op == look.steps[i].op;
    names.push_back(look.steps[i].op->card.id + (nth > 1 ? fmt::format("#{}", nth) : std::string()));
  }
  return names;
}

float draw(const KnobValue& v, double u) {
  return static_cast<float>(u < 0.5 ? v.low + (static_cast<double>(v.preset) - v.low) * 2 * u
                                    : v.preset + (static_cast<double>(v.high) - v.preset) * (2 * u - 1));
}

MaskOptions mask_of(const PairJob& job, const GenerateOptions& o) {
  return {o.mask.empty() ? "" : mask_name(o.mask, job.photo)};
}

// All that decides what the files hold.
std::string key_of(const PairJob& job, const Look& look, const GenerateOptions& o) {
  const std::string text = fmt::format("{} {} {} {} {} {} {}", render_key(LookRecipe{{look}}, mask_of(job, o)), o.seed,
                                       o.long_edge, o.is_tiff16, o.vary, o.strokes, job.name);
  return fmt::format("{:016x}", fnv1a(text.data(), text.size()));
}

Picture rounded(const Picture& in, Sample sample) {
  Picture out(in.width(), in.height(), sample);
  const float most = sample == Sample::u8 ? 255.0f : 65535.0f;
  for (std::size_t i = 0; i < in.sample_count(); ++i) {
    const float v = std::round(std::clamp(in.samples<float>()[i], 0.0f, 1.0f) * most);
    if (sample == Sample::u8)
      out.samples<std::uint8_t>()[i] = static_cast<std::uint8_t>(v);
    else
      out.samples<std::uint16_t>()[i] = static_cast<std::uint16_t>(v);
  }
  return out;
}

// As another photographer might have taken it.
Picture varied(Picture photo, const std::string& name, const GenerateOptions& o) {
  if (o.vary == 0.0f) return photo;
  Pair pair;
  pair.before = pair.after = std::move(photo);
  pair.usable.assign(pair.before.sample_count() / 3, 1);
  AugmentOptions changes;
  changes.stops = 0.6f * o.vary, changes.white = 0.15f * o.vary, changes.contrast = 0.1f * o.vary;
  changes.noise = 0.0f, changes.smallest_crop = 1.0f - 0.4f * o.vary;
  return augment(pair, o.seed, fnv1a(name.data(), name.size()), changes).before;
}

GeneratedPair describe(const PairJob& job, const Look& look, const Look& drawn, int width, int height) {
  auto file = [&](const std::string& path) {
    const std::string whole = job.root + "/" + path;
    return GeneratedFile{path, sha256_of_file(whole), width, height};
  };
  GeneratedPair pair{job.name, job.photo, file(job.before), file(job.after), {}};
  for (const VaryingKnob& k : varying_knobs(look)) pair.values.push_back(drawn.steps[k.step].values[k.value].preset);
  return pair;
}

}  // namespace

std::vector<VaryingKnob> varying_knobs(const Look& look) {
  std::vector<VaryingKnob> varying;
  const std::vector<std::string> names = step_names(look);
  for (std::size_t s = 0; s < look.steps.size(); ++s) {
    int at = 0;
    for (const Knob& k : look.steps[s].op->knobs)
      for (int i = 0; i < k.count; ++i, ++at)
        if (look.steps[s].values[at].is_range() || rule_of(look.steps[s], at))
          varying.push_back({fmt::format("{}.{}{}", names[s], k.name, k.count > 1 ? fmt::format(".{}", i) : ""),
                             static_cast<int>(s), at});
  }
  return varying;
}

Look draw_look(const Look& look, const Analysis& photo, const std::string& name, std::uint64_t seed) {
  Look drawn = look.adapter ? look.adapter->adapt(look, photo).look : look;
  const std::uint64_t of_photo = random_bits(seed, fnv1a(name.data(), name.size()));
  for (const VaryingKnob& k : varying_knobs(drawn)) {
    KnobValue& v = drawn.steps[k.step].values[k.value];
    v = KnobValue::fixed(draw(v, random_uniform(of_photo, fnv1a(k.name.data(), k.name.size()))));
  }
  return drawn;
}

GeneratedPair generate_pair(const PairJob& job, const Look& look, const GenerateOptions& o) {
  const PhotoInfo info = read_photo_info(job.photo);
  const Sample sample = o.is_tiff16 ? Sample::u16 : Sample::u8;
  const Picture before = rounded(varied(read_photo(info, reduced_size(info, o.long_edge)), job.name, o), sample);
  const Look drawn = masked(draw_look(look, analyze(before.view()), job.name, o.seed), mask_of(job, o), before.view());
  Picture styled = rendered(Plan(drawn), before.view(), Sample::f32, {.threads = o.threads});
  paint_strokes(styled, o.strokes * std::hypot(before.width(), before.height()));
  const Picture after = rounded(styled, sample);

  SaveOptions save;
  save.compresses = true;
  write_picture(before.view(), (fs::path(job.root) / job.before).string(), save);
  save.look_name = look.id;
  save.look_text = print_look(drawn);
  save.key = key_of(job, look, o);
  write_picture(after.view(), (fs::path(job.root) / job.after).string(), save);
  return describe(job, look, drawn, before.width(), before.height());
}

std::optional<GeneratedPair> read_generated(const PairJob& job, const Look& look, const GenerateOptions& o) noexcept {
  try {
    const fs::path before = fs::path(job.root) / job.before, after = fs::path(job.root) / job.after;
    if (!fs::exists(before) || !fs::exists(after) || fs::last_write_time(after) < fs::last_write_time(job.photo))
      return std::nullopt;
    const auto record = read_look(read_xmp(after.string()));
    if (!record || record->key != key_of(job, look, o)) return std::nullopt;
    const PhotoInfo info = read_photo_info(before.string());
    return describe(job, look, parse_look(record->settings, job.after), info.width, info.height);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace sfumato
