// SPDX-License-Identifier: Apache-2.0
// What a local look does where, as pictures.
#pragma once

#include <string>
#include <vector>

#include "render/render_file.h"

namespace sfumato {

// One gray picture for each place that steps of the look work in, white where they do all of it:
// FOLDER/STEM_map1.png ... Returns their names. Throws like render_file and write_picture.
std::vector<std::string> show_maps(const FileJob&, const std::string& folder);

}  // namespace sfumato
