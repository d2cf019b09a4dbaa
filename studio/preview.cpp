// SPDX-License-Identifier: Apache-2.0
#include "preview.h"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <memory>

#include "base/fnv.h"
#include "lane/cube.h"
#include "lane/scalar.h"
#include "measure/histogram.h"
#include "render/glsl.h"
#include "transfer/match.h"

namespace sfumato {
namespace {

// Of WebGL2's uniforms; every desktop has this many.
constexpr std::size_t most_coefficients = 1000;

std::string hash_text(const void* data, std::size_t size) { return fmt::format("{:016x}", fnv1a(data, size)); }

// The table as RGB floats, red fastest; left out when the page says that it has it.
nlohmann::json table_json(const CubeTable& table, const std::vector<std::string>& known) {
  const std::string hash = table_name(table);
  nlohmann::json json{{"nodes", table.size}, {"hash", hash}, {"format", "float32"}};
  if (std::find(known.begin(), known.end(), hash) != known.end()) return json;
  std::vector<float> rgb;
  rgb.reserve(table.nodes.size() / 4 * 3);
  for (std::size_t i = 0; i < table.nodes.size(); i += 4)
    rgb.insert(rgb.end(), table.nodes.begin() + static_cast<std::ptrdiff_t>(i),
               table.nodes.begin() + static_cast<std::ptrdiff_t>(i) + 3);
  const std::unique_ptr<char, void (*)(void*)> text(
      g_base64_encode(reinterpret_cast<const guchar*>(rgb.data()), rgb.size() * sizeof(float)), g_free);
  json["data"] = text.get();
  return json;
}

nlohmann::json distribution_json(const Histograms& colors, const Histograms& gray) {
  return {{"r", colors[0]}, {"g", colors[1]}, {"b", colors[2]}, {"luminance", gray[0]}};
}

Picture luma_of(const Picture& picture) {
  Picture gray(picture.width(), picture.height(), Sample::u16);
  const auto* from = picture.samples<std::uint16_t>();
  auto* to = gray.samples<std::uint16_t>();
  for (std::size_t i = 0; i < gray.sample_count(); i += 3) {
    const float v =
        luma(Rgb<float>{static_cast<float>(from[i]), static_cast<float>(from[i + 1]), static_cast<float>(from[i + 2])});
    to[i] = to[i + 1] = to[i + 2] = static_cast<std::uint16_t>(v + 0.5f);
  }
  return gray;
}

nlohmann::json distributions(const Picture& picture) {
  const Picture luma = luma_of(picture);
  const Histograms colors = histograms(picture.view()), gray = histograms(luma.view());
  return {{"histogram", distribution_json(colors, gray)},
          {"cdf", distribution_json(cumulative(colors), cumulative(gray))}};
}

const StoredPhoto& photo_of(const Wish& wish) {
  if (!wish.photo) throw HttpError(400, "usage", "expected a photo", "photo");
  return *wish.photo;
}

int bounded(const nlohmann::json& request, const char* name, int low, int high) {
  const double value = request.at(name);
  if (!(value >= low && value <= high))
    throw HttpError(400, "usage", fmt::format("found {}; expected {} .. {}", value, low, high), name);
  return static_cast<int>(value);
}

}  // namespace

nlohmann::json compiled(Wishes& wishes, const Wish& wish, const nlohmann::json& request) {
  const GlslLook glsl = print_glsl(wishes.resolve(wish), GlslNumbers::uniforms);
  const auto known = request.value("known_tables", std::vector<std::string>{});
  nlohmann::json tables = nlohmann::json::array();
  for (const auto& table : glsl.tables) tables.push_back(table_json(*table, known));
  return {{"key", hash_text(glsl.text.data(), glsl.text.size())},
          {"glsl", glsl.text},
          {"coefficients", glsl.coefficients},
          {"tables", tables},
          {"not_carried", glsl.not_carried},
          {"whole_on_server", !glsl.not_carried.empty() || glsl.coefficients.size() > most_coefficients},
          {"steps", wishes.steps(wish)}};
}

Response drawn(Wishes& wishes, Pictures& pictures, const Wish& wish, const nlohmann::json& request) {
  const StoredPhoto& photo = photo_of(wish);
  const Look look = wishes.resolve(wish);
  if (request.contains("longest"))
    return pixel_response(preview_of(*pictures.reduced(photo, bounded(request, "longest", 1, longest_preview)), look));
  const Crop crop{bounded(request, "x", -(1 << 20), 1 << 20), bounded(request, "y", -(1 << 20), 1 << 20),
                  bounded(request, "width", 1, longest_preview), bounded(request, "height", 1, longest_preview)};
  return pixel_response(pictures.crop(photo, crop, look));
}

nlohmann::json measured(Wishes& wishes, Pictures& pictures, const Wish& wish) {
  constexpr int longest = 1024;
  const auto before = pictures.reduced(photo_of(wish), longest);
  return {{"before", distributions(*before)}, {"after", distributions(preview_of(*before, wishes.resolve(wish)))}};
}

Picture matched(Pictures& pictures, const StoredPhoto& photo, const StoredPhoto& reference,
                const MatchOptions& options) {
  constexpr int longest = 640;
  const auto before = pictures.reduced(photo, longest), wanted = pictures.reduced(reference, longest);
  const auto table = std::make_shared<const CubeTable>(
      match_colors(sample_colors(before->view()), sample_colors(wanted->view()), options));
  Picture after(before->width(), before->height(), Sample::u16);
  MatchRender render;
  render.dither = false;
  render_match({{table, {}}}, before->view(), after.view(), render);
  return after;
}

Response pixel_response(const Picture& picture) {
  Response r;
  r.type = "application/octet-stream";
  r.body = rgba_bytes(picture);
  r.headers = {{"X-Width", std::to_string(picture.width())}, {"X-Height", std::to_string(picture.height())}};
  return r;
}

}  // namespace sfumato
