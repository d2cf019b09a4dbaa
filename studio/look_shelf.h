// SPDX-License-Identifier: Apache-2.0
// The looks that a page may name: those that are built in, and the user's own, which lie in the state folder. A name
// is never a path.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bounded_cache.h"
#include "sfumato/look.h"

namespace sfumato {

// By which a page and the shelf call a table.
std::string table_name(const CubeTable&);

class LookShelf {
 public:
  explicit LookShelf(std::string folder);

  std::vector<std::string> own_names() const;
  // Throws Code::look with the nearest name.
  std::shared_ptr<const Look> find(const std::string& name) const;
  // How the program's --look names it.
  std::string argument(const std::string& name) const;
  // A name for a new look that is not taken, from its title. Names of removed looks stay taken: what was made of them
  // may be in a cache.
  std::string free_name(const std::string& title) const;
  // Where a new look of this name is to be written: ending is ".safetensors" or ".json".
  std::string new_path(const std::string& name, const std::string& ending) const;

  // Takes a look or LUT file over, as one of the user's own; returns its name. Throws Code::look.
  std::string take(const std::string& path, const std::string& file_name, const std::string& title);
  // One of the user's own. Throws Code::look.
  void remove(const std::string& name);

  // A look that a page wrote. Tables in it are those that keep_table() named. Throws Code::look.
  Look parse(const std::string& text, const std::string& name) const;
  // Keeps a table for looks that are edited on; returns the name by which they call it.
  std::string keep_table(const CubeTable&) const;
  // Writes the text where the program can read it, named as its title.
  std::string keep_text(const Look&) const;

 private:
  std::string path_of(const std::string& name) const;  // empty when there is none

  const std::string folder_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const Look>> opened_;
  mutable BoundedCache<std::shared_ptr<const CubeTable>> tables_;  // of looks that pages wrote: one for each frame
};

}  // namespace sfumato
