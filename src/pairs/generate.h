// SPDX-License-Identifier: Apache-2.0
// Training pairs from plain photos: a look with ranges is a generator of styles.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "measure/analysis.h"
#include "sfumato/look.h"

namespace sfumato {

// The look for one photo: rules computed from it, ranges drawn. A draw is below the preset as often as above it, evenly
// on each side, and depends on seed, name and knob alone.
Look draw_look(const Look&, const Analysis& photo, const std::string& name, std::uint64_t seed);

// The values that differ from photo to photo, such as "exposure.stops" or "tone_curve.rgb.3"; a second step of the same
// operation is "exposure#2.stops".
struct VaryingKnob {
  std::string name;
  int step, value;  // places in Look::steps and LookStep::values
};
std::vector<VaryingKnob> varying_knobs(const Look&);

struct GenerateOptions {
  std::uint64_t seed = 1;
  int long_edge = 512;
  bool is_tiff16 = false;  // else 8-bit PNG
  // 0..1: each photo is first exposed, balanced and cropped anew, so that what rules read from it varies.
  float vary = 0;
  int threads = 0;   // per picture
  std::string mask;  // see mask_name; empty: none
  float strokes = 0;  // width of brush strokes of one color each, as a share of the diagonal; 0: none
};

struct GeneratedFile {
  std::string path;  // below the manifest's folder
  std::string sha256;
  int width = 0, height = 0;
};

struct GeneratedPair {
  std::string name, photo;
  GeneratedFile before, after;
  std::vector<float> values;  // of varying_knobs
};

struct Manifest {
  std::string version;
  GenerateOptions options;
  std::string look_name, look;  // look: its text
  std::vector<std::string> knobs;
  std::vector<GeneratedPair> pairs;
};

// Where one pair comes from and goes to: root/before/..., root/after/...
struct PairJob {
  std::string photo, name, root, before, after;  // before, after: below root
};

// Renders the photo as it is written to `before`, reduced and rounded, so that nothing but the look is between the two.
// Throws like open_picture and save_picture.
GeneratedPair generate_pair(const PairJob&, const Look&, const GenerateOptions&);

// The same from files that an earlier run left, if they were made so and are whole; nothing otherwise.
std::optional<GeneratedPair> read_generated(const PairJob&, const Look&, const GenerateOptions&) noexcept;

std::string print_manifest(const Manifest&);
// Throws Code::input at `where`.
Manifest parse_manifest(const std::string& text, const std::string& where);

// One row per pair: name, photo, then the varying knobs.
std::string print_parameters(const Manifest&);

}  // namespace sfumato
