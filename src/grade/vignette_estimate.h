// SPDX-License-Identifier: Apache-2.0
// Light that an edit took from the corners of pictures, or gave to them.
#pragma once

#include <optional>
#include <span>

#include "pairs/pair.h"
#include "sfumato/look.h"

namespace sfumato {

// The vignette operation, to come before the look's other steps, where it explains what pixels of one color become at
// different distances from the middle; nothing where it explains little, where a side of the picture does better
// without (a darker sky, say), or where it does not help most pairs. One vignette for all pairs. `colors`: what was
// learned across it.
std::optional<LookStep> estimate_vignette(std::span<const Pair>, const Look& colors);
// Across colors that are learned roughly for it.
std::optional<LookStep> estimate_vignette(std::span<const Pair>);

}  // namespace sfumato
