// SPDX-License-Identifier: Apache-2.0
// Learned looks: one safetensors file that holds the look's text, its tables, and what adapts it to each photo.
#pragma once

#include <string>

#include "files/safetensors.h"
#include "sfumato/look.h"

namespace sfumato {

// Throws Code::look: no safetensors file, no look in it, tensors that do not fit, an adapter of an unknown kind.
// `where` names the file in errors.
Look learned_look(const TensorFile&, const std::string& where);

// The report that was written with it: JSON, empty when there is none.
std::string read_learned_report(const std::string& path);

}  // namespace sfumato
