// SPDX-License-Identifier: Apache-2.0
// The manual, from the option table.
#pragma once

#include <string>

#include "command.h"

namespace sfumato {

std::string print_markdown(const Program&);
std::string print_man(const Program&);

}  // namespace sfumato
