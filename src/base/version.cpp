// SPDX-License-Identifier: Apache-2.0
#include "sfumato/version.h"

namespace sfumato {

const char* version() { return SFUMATO_VERSION; }

}  // namespace sfumato
