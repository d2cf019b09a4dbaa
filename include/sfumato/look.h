// SPDX-License-Identifier: Apache-2.0
// A look: a list of operations with their knob values, read from text or wrapped around a LUT file.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/catalog.h"
#include "sfumato/image.h"

namespace sfumato {

struct CubeTable;
struct MaskPlane;
class Adapter;

// A knob in a look: one number, or a range that learning draws from. `preset` is what renders.
struct KnobValue {
  float low, preset, high;

  static KnobValue fixed(float v) { return {v, v, v}; }
  bool is_range() const { return low != high; }
};

// A knob computed from each photo: from where it rests, by `share` of what brings the measured number to the target
// (see measure/scene.h), within low..high.
struct KnobRule {
  int value;         // place in LookStep::values
  std::string from;  // a measurement's name
  float target, share, low, high;
};

// The pixels that a step changes, as the look says it; see look/where.h for how it becomes numbers.
struct StepWhere {
  enum class Source {
    everywhere,
    mask,     // the brightness of a mask picture that comes with the photo
    region,   // the mask picture's regions that are of `kind`, or of any
    rule,     // colors and places of the photo itself
    learned,  // map number `map` of the look's adapter
  } source = Source::everywhere;
  std::string kind;          // region: background, ground, subject; empty: any
  std::string mask_color;    // region: "#rrggbb" in the mask picture; empty: any
  std::string near;          // region, rule: "#rrggbb" of the photo; empty: any
  float within = 25;         // distance from `near` in Lab, where the weight is 1/2
  float box[4]{0, 0, 1, 1};  // region, rule: left, top, right, bottom, as shares of the picture
  float texture[2]{0, 1};    // rule: least and most detail, 0 smooth to 1 busy
  int map = 0;               // learned
  float feather = 0;         // width of the soft border as a share of the diagonal
  bool snaps = false;        // mask, region: the border moves to the photo's edges
  bool is_inverted = false;
  bool is_set() const { return source != Source::everywhere; }
  bool operator==(const StepWhere&) const = default;
};

// How much of a step each pixel gets, for one photo: read from a plane over the picture, or from a channel of a table
// over (lightness, x, y). Empty: all of it.
struct StepMap {
  std::shared_ptr<const MaskPlane> plane;
  std::shared_ptr<const CubeTable> table;
  int channel = 0;
  explicit operator bool() const { return plane || table; }
};

struct LookStep {
  const OpInfo* op;
  std::vector<KnobValue> values;           // op->value_count() of them, arrays flattened in catalog order
  std::string file;                        // the operation's resource as written in the look
  std::shared_ptr<const CubeTable> table;  // that file, loaded
  std::vector<KnobRule> rules;             // of knobs computed from the photo; their values hold where they rest
  StepWhere where = {};
  StepMap map = {};  // `where` for one photo; a step without it is left out
  // For one photo: what is added to `values` at each pixel, three of them for each table over (lightness, x, y). Empty:
  // nothing. Only of operations that are MappedOp (ops/op.h).
  std::vector<std::shared_ptr<const CubeTable>> value_tables = {};
};

struct Look {
  std::string id;  // built-in name, or file name without extension
  std::string title, about, origin;
  std::vector<LookStep> steps;
  std::shared_ptr<const Adapter>
      adapter;  // reads the photo first: learned looks and rules; null: the same for every photo
};

// `name` appears in errors as name:line:column. `folder` is where files named in the look are sought.
// Throws Code::look: syntax, unknown operation or knob (with the nearest name), a value out of range, a bad LUT.
Look parse_look(std::string_view text, const std::string& name, const std::string& folder = ".");

// Text that parse_look reads back to the same look; knobs at their initial values are left out.
std::string print_look(const Look&);

// A built-in look's name, or the path of a look (.json), learned look (.safetensors) or LUT file (.cube, .3dl, HaldCLUT
// picture). Throws Code::look with the nearest names when there is none.
Look find_look(const std::string& name_or_path);

// As a learned look (.safetensors), which holds its tables, also those that came from LUT files. `report`: JSON on how
// it was learned; empty: none. Throws Code::output.
void write_look(const std::string& path, const Look&, const std::string& report = {});

// The written ones. Learned ones are built in too, and opened when they are looked for.
std::span<const Look> builtin_looks();

// Of all that are built in, sorted.
std::vector<std::string> look_names();

// Knobs that dial (see Knob::dial) moved to neutral + strength * (value - neutral), within their ranges.
// 0 is the identity, 1 the look itself. Throws Code::usage outside 0..1.5.
Look with_strength(const Look&, float strength);

// setting: "op.knob=value", "op.knob.3=value" or "op.knob=v0,v1,...". Changes every step of that operation, or adds
// the operation at the end. Throws Code::usage with the nearest name.
void set_knob(Look&, std::string_view setting);

// One after the other.
Look stacked(std::span<const Look>);

// The look for one photo, ready for a Plan: what learned looks and rules make of it, and where its steps work. Both
// pictures are sRGB-encoded, of 3 or 4 bands; the mask may have another size. A look that does not speak of a mask
// works where it is bright. Throws Code::usage: the look needs a mask and there is none; Code::input: one without
// regions.
Look for_photo(const Look&, const View& photo, const View& mask = {});

// The look where no photo is known (for a LUT, say): knobs where they rest, without steps that work in places.
Look for_any_photo(const Look&);

}  // namespace sfumato
