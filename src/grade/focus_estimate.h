// SPDX-License-Identifier: Apache-2.0
// A focus band that an edit added: where it lies, how wide it is and how strong the blur beside it.
#pragma once

#include <optional>
#include <span>

#include "pairs/pair.h"
#include "sfumato/look.h"

namespace sfumato {

// The tilt_shift operation, to come before the look's other steps, when it explains the pairs better than the look
// alone, and than the same softness everywhere, by more than 2 % of the error; nothing otherwise. One band for all
// pairs. The blur of each row is first compared with Gaussians of known widths; then the band's numbers are refined by
// rendering.
std::optional<LookStep> estimate_focus(std::span<const Pair>, const Look& without_blur);

}  // namespace sfumato
