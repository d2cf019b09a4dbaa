#!/usr/bin/env bash
# added_op.sh SOURCE: adding an operation, and adding a look, are one file each. Builds the program with a throw-away operation header and finds
# the operation in the catalog, the manual, the flags, the GLSL printer and the rendered pixels.
set -euo pipefail
source=$1
mkdir -p "$source/build"
work=$(mktemp -d "$source/build/added-XXXXXX")  # beside the other builds, whose objects it shares by ccache
trap 'rm -rf "$work"' EXIT
mkdir "$work/ops"
cat > "$work/ops/invert_test.h" <<'OP'
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/op.h"

namespace sfumato { inline namespace SFM_ISA {

struct InvertTest {
  static constexpr Card card{"invert_test", "Invert", "Turn light to dark.", Space::encoded};
  static constexpr Knob knobs[]{{"amount", 0.0f, 1.0f, 0.0f, "Share of the turned picture."}};
  template <class S>
  static Coeffs<S, 1> prepare(const S* knob) { return {{knob[0]}}; }
  template <class V, class S>
  static Rgb<V> apply(const Rgb<V>& c, const Site<V>&, const Coeffs<S, 1>& k) {
    return {mix(c.r, V(1.0f) - c.r, k[0]), mix(c.g, V(1.0f) - c.g, k[0]), mix(c.b, V(1.0f) - c.b, k[0])};
  }
};

}}  // namespace sfumato
OP
mkdir "$work/looks"
echo '{"sfumato": 1, "title": "Upside Down", "steps": [{"op": "invert_test", "amount": 1}]}' > "$work/looks/upside-down.json"
cmake -S "$source" -B "$work" -G Ninja -DSFUMATO_EXTRA_OPS="$work/ops" \
  -DSFUMATO_EXTRA_LOOKS="$work/looks" -DSFUMATO_TESTS=OFF -DSFUMATO_BENCH=OFF -DSFUMATO_LEARN=OFF >/dev/null
cmake --build "$work" --target sfumato-cli -- --quiet
program=$work/sfumato
grep -q '"invert_test"' <<< "$($program ops --json)"
grep -q '`invert_test`' <<< "$($program ops --markdown)"
grep -q '"upside-down"' <<< "$($program looks --json)"
grep -q 'upside-down' <<< "$($program completion bash)"
$program export --set invert_test.amount=1 --glsl -o "$work/look.glsl" >/dev/null
grep -q 'step0_invert_test(vec3 c' "$work/look.glsl"
vips black "$work/in.png" 32 32 --bands 3
for isa in plain $($program doctor --json | tr -d ' "\n' | sed 's/.*"\?instruction_sets:\[\([^]]*\)\].*/\1/; s/,/ /g'); do
  SFUMATO_ISA=$isa $program render "$work/in.png" --set invert_test.amount=1 --dither off --if-exists overwrite -o "$work/out.png"
  [ "$(vips avg "$work/out.png")" = 255.000000 ]
  SFUMATO_ISA=$isa $program render "$work/in.png" --look upside-down --dither off --if-exists overwrite -o "$work/out.png"
  [ "$(vips avg "$work/out.png")" = 255.000000 ]
done
echo "an operation is one file, and so is a look"
