// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "lane/cube.h"
#include "sfumato/look.h"

namespace sfumato {

// A look of one step that applies a table in full.
Look look_of(std::shared_ptr<const CubeTable>);

}  // namespace sfumato
