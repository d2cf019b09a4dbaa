// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfumato {

// Text for the content and the quoted attributes of HTML and XML. Bytes that are not UTF-8 and control characters
// become U+FFFD.
std::string markup_escaped(std::string_view text);

}  // namespace sfumato
