// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfumato {

// Text for HTML content and quoted attributes. Bytes that are not UTF-8 and control characters become U+FFFD.
std::string html_escaped(std::string_view text);

}  // namespace sfumato
