// SPDX-License-Identifier: Apache-2.0
// Whether what somebody calls a picture can be one.
#pragma once

#include "sfumato/image.h"

namespace sfumato {

// Throws Code::usage unless the view has pixels, 3 or 4 bands, rows that do not overlap and aligned samples.
// `name`: whose view, for the error.
void check_view(const View&, const char* name);

// Whether they have bytes in common.
bool share_memory(const View&, const View&);

}  // namespace sfumato
