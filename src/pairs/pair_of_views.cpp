// SPDX-License-Identifier: Apache-2.0
#include "pairs/pair_of_views.h"

#include "image/check_view.h"
#include "measure/plane.h"
#include "pairs/photo.h"
#include "pairs/usable.h"

namespace sfumato {
namespace {

Picture reduced_floats(const View& v) {
  Picture whole(v.width, v.height, Sample::f32);
  for (int y = 0; y < v.height; ++y) read_row(v, y, reinterpret_cast<float*>(whole.view().row(y)));
  return reduced(whole, reduced_size({.width = v.width, .height = v.height}, PairOptions().long_edge));
}

}  // namespace

Pair pair_of_views(const View& before, const View& after, const std::string& name, std::string& refusal) {
  check_view(before, "photo before the edit");
  check_view(after, "photo after the edit");
  check_same_size(before, after);
  Pair pair;
  pair.name = name;
  pair.before = reduced_floats(before), pair.after = reduced_floats(after);
  const auto pixels = static_cast<std::size_t>(pair.before.width()) * static_cast<std::size_t>(pair.before.height());
  refusal = mark_usable(pair, std::vector<std::uint8_t>(pixels, 1));
  return pair;
}

}  // namespace sfumato
