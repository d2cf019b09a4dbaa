// SPDX-License-Identifier: Apache-2.0
// One picture file through one look into another file.
#pragma once

#include <string>

#include "files/picture_file.h"
#include "look/recipe.h"
#include "render/mask_file.h"
#include "sfumato/files.h"

namespace sfumato {

struct FileJob {
  std::string input, output;
  LookRecipe recipe;  // adapted to the picture first
  MaskOptions mask;   // of the picture
  OpenOptions open;
  SaveOptions save;
  RenderOptions render;
  bool record_look = true;  // write the look into the output's XMP
};

// Streams: decoding, rendering and encoding overlap; the output appears complete or not at all.
// Throws Error: Code::input, Code::output, Code::resource, Code::look.
FileReport render_file(const FileJob&);

// Adds what was not carried, and samples that were not finite, to the report's warnings.
void warn_of(const std::vector<std::string>& not_carried, FileReport&);

// Identifies what an output was made from, apart from the picture: looks, tables, adapters, settings, program version.
// Kept in the output's XMP, so that a later run can tell whether the output is up to date.
std::string render_key(const LookRecipe&, const MaskOptions& = {});

}  // namespace sfumato
