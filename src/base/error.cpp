// SPDX-License-Identifier: Apache-2.0
#include "sfumato/error.h"

namespace sfumato {

Error::Error(Code code, std::string what, std::string where)
    : code_(code), where_(std::move(where)), message_(where_.empty() ? std::move(what) : where_ + ": " + what) {}

}  // namespace sfumato
