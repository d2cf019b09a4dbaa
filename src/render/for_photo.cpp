// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "image/check_view.h"
#include "look/recipe.h"
#include "render/mask_file.h"
#include "sfumato/error.h"

namespace sfumato {

Look for_photo(const Look& look, const View& photo, const View& mask) {
  check_view(photo, "photo");
  std::optional<Analysis> analysis;
  if (look.adapter) analysis = analyze(photo);
  const Look plain = LookRecipe{{look}}.resolve(analysis ? &*analysis : nullptr).look;
  if (mask.data) {
    check_view(mask, "mask");
    return masked(plain, mask, photo);
  }
  if (wants_mask(plain)) throw Error(Code::usage, "works where a mask says; expected one", look.id);
  return plain;
}

Look for_any_photo(const Look& look) {
  Look plain = LookRecipe{{look}}.resolve().look;
  std::erase_if(plain.steps, [](const LookStep& s) { return s.where.is_set() && !s.map; });
  return plain;
}

}  // namespace sfumato
