// SPDX-License-Identifier: Apache-2.0
// What a page asks for: looks on a photo. It becomes a plain look for the screen, or arguments of the program.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "look/recipe.h"
#include "look_shelf.h"
#include "pictures.h"

namespace sfumato {

struct Wish {
  std::optional<StoredPhoto> photo;
  LookRecipe recipe;
  std::vector<std::string> names;  // of the looks; empty for those that the page wrote
  std::vector<std::string> keys;   // equal for equal looks
};

class Wishes {
 public:
  Wishes(const PhotoStore& photos, const LookShelf& looks, Pictures& pictures)
      : photos_(photos),
        looks_(looks),
        pictures_(pictures),
        adapted_(64u << 20, [](const Look&) { return 1u << 20; }) {}

  // {photo?, looks: [name or look ...], strength?, settings?: ["op.knob=value" ...]}. Throws HttpError, Error.
  Wish read(const nlohmann::json&) const;
  // The look for the wished photo, or without one for all photos.
  Look resolve(const Wish&);
  // The same before the strength, as steps of a look that can be wished for in turn.
  nlohmann::json steps(const Wish&);
  // --look NAME --strength S ..., as the program takes them; looks that the page wrote are kept in files.
  std::vector<std::string> arguments(const Wish&) const;

 private:
  void add_look(Wish&, const nlohmann::json&) const;

  const PhotoStore& photos_;
  const LookShelf& looks_;
  Pictures& pictures_;
  BoundedCache<Look> adapted_;  // by photo and look; adapting takes longer than a frame
};

}  // namespace sfumato
