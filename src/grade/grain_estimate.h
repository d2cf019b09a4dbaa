// SPDX-License-Identifier: Apache-2.0
// Grain that an edit added: a loss on pixels cannot learn it, its statistics can be measured.
#pragma once

#include <optional>
#include <span>

#include "pairs/pair.h"
#include "sfumato/look.h"

namespace sfumato {

// The grain operation, set to the amount, clump size and share of color that explain what `after` has beyond the
// rendered `before` in smooth places; nothing where there is no grain. Pairs should be near full size: grain finer than
// a pixel is averaged away. The pictures' own noise is in both and cancels.
std::optional<LookStep> estimate_grain(std::span<const Pair>, const Look& without_grain);

}  // namespace sfumato
