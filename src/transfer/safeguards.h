// SPDX-License-Identifier: Apache-2.0
// Limits on what a matched color may become, so that faces stay faces.
#pragma once

#include "lane/pixel.h"

namespace sfumato {

// `to` is what OKLab color `from` would become. At protection 1: skin keeps its hue within 20 degrees and half its
// chroma, blue sky its hue within 60 degrees; white stays nearly white; noise in shadows gets no color; shadows keep
// half their lightness. At 0 returns `to`. Smooth in both colors.
Rgb<float> safeguarded(const Rgb<float>& from, const Rgb<float>& to, float protection);

// How much a color looks like human skin of any tone, or like clear sky: 0..1.
float skin_likeness(const Rgb<float>& lab);
float sky_likeness(const Rgb<float>& lab);

}  // namespace sfumato
