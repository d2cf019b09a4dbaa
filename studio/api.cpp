// SPDX-License-Identifier: Apache-2.0
#include "api.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "catalog_json.h"
#include "files/sha256.h"
#include "page.h"
#include "preview.h"
#include "sample_scene.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_json = 4 << 20, most_state = 1 << 20, most_look = 256 << 20,
                      most_photo = std::size_t{1} << 30;
constexpr int thumbnail_quality = 82;

class Turn {
 public:
  explicit Turn(std::counting_semaphore<>& s) : s_(s) { s_.acquire(); }
  ~Turn() { s_.release(); }

 private:
  std::counting_semaphore<>& s_;
};

std::string percent_decoded(const std::string& text) {
  auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                           std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                           std::isxdigit(static_cast<unsigned char>(text[i + 2]));
    out += is_escape ? static_cast<char>(16 * digit(text[i + 1]) + digit(text[i + 2])) : text[i];
    if (is_escape) i += 2;
  }
  return out;
}

std::string header(const Request& r, const char* name) {
  const auto at = r.headers.find(name);
  return at == r.headers.end() ? std::string() : at->second;
}

std::string made_folder(const std::string& path) {
  fs::create_directories(path);
  fs::permissions(path, fs::perms::owner_all);
  return path;
}

}  // namespace

Api::Api(const std::string& state, const std::string& program)
    : state_(made_folder(state)),
      photos_(state + "/photos"),
      looks_(state + "/looks"),
      wishes_(photos_, looks_, pictures_),
      files_(program, made_folder(state + "/temporary"), wishes_),
      jobs_(made_folder(state + "/jobs"), program, JobKinds(photos_, looks_, wishes_)),
      thumbnails_(48u << 20, [](const std::string& s) { return s.size(); }) {}

void Api::add_routes(Router& router) {
  add_page_routes(router);
  add_photo_routes(router);
  add_look_routes(router);
  add_job_routes(router);
  add_state_routes(router);
}

void Api::add_page_routes(Router& router) {
  for (const PageFile& file : page_files()) {
    auto serve = [&file](const Request&) {
      Response r;
      r.type = media_type(file.path);
      r.body = std::string(file.bytes);
      r.headers = {{"Cache-Control", "no-cache"}};
      return r;
    };
    router.add({"GET", "/" + std::string(file.path), BodyKind::none, serve, 0, false});
    if (file.path == "index.html") router.add({"GET", "/", BodyKind::none, serve, 0, false});
  }
}

void Api::add_photo_routes(Router& router) {
  auto get = [&](const char* path, std::function<Response(const Request&)> handle) {
    router.add({"GET", path, BodyKind::none, std::move(handle)});
  };
  get("/api/photos", [this](const Request&) {
    nlohmann::json all = nlohmann::json::array();
    for (const StoredPhoto& p : photos_.list()) all.push_back(p.json());
    return json_response(all);
  });
  router.add({"POST", "/api/photos", BodyKind::file, [this](const Request& r) { return add_photo(r); }, most_photo});
  router.add({"POST", "/api/photos/sample/{index}", BodyKind::json, [this](const Request& r) { return add_sample(r); },
              most_json});
  get("/api/photos/{id}", [this](const Request& r) { return json_response(photos_.find(r.parts.at("id")).json()); });
  router.add({"DELETE", "/api/photos/{id}", BodyKind::none, [this](const Request& r) {
                pictures_.forget(photos_.find(r.parts.at("id")));
                photos_.remove(r.parts.at("id"));
                return json_response(nlohmann::json::object());
              }});
  get("/api/photos/{id}/pixels", [this](const Request& r) { return pixels(r); });
  get("/api/photos/{id}/matched/{reference}.jpg", [this](const Request& r) { return match_preview(r); });
  get("/api/photos/{id}/thumbnail.jpg",
      [this](const Request& r) { return thumbnail(r, nlohmann::json::array(), 160); });
  get("/api/photos/{id}/looks/{look}.jpg", [this](const Request& r) {
    const int height = r.query.count("height") ? r.number("height", 16, 512) : 120;
    return thumbnail(r, {r.parts.at("look")}, height);
  });
}

Response Api::add_photo(const Request& request) {
  const std::string name = percent_decoded(header(request, "x-name"));
  return json_response(photos_.add(request.file, request.sha256, name.empty() ? "photo" : name).json());
}

Response Api::add_sample(const Request& request) {
  const auto scenes = sample_scenes();
  const auto index = parse_integer(request.parts.at("index"));
  if (!index || *index < 0 || *index >= static_cast<long long>(scenes.size()))
    throw HttpError(404, "missing", "there is no such sample");
  const SampleScene& scene = scenes[static_cast<std::size_t>(*index)];
  const TemporaryFolder folder(state_ + "/temporary");
  const std::string name = std::string(scene.name) + ".png", path = folder / name;
  write_picture(scene.draw(), path);
  return json_response(photos_.add(path, sha256_of_file(path), name).json());
}

Response Api::pixels(const Request& request) {
  const StoredPhoto photo = photos_.find(request.parts.at("id"));
  const Turn turn(heavy_);
  if (request.query.count("longest"))
    return pixel_response(*pictures_.reduced(photo, request.number("longest", 1, longest_preview)));
  const Crop crop{request.number("x", -(1 << 20), 1 << 20), request.number("y", -(1 << 20), 1 << 20),
                  request.number("width", 1, longest_preview), request.number("height", 1, longest_preview)};
  return pixel_response(pictures_.crop(photo, crop, Look{}));
}

Response Api::match_preview(const Request& request) {
  const StoredPhoto photo = photos_.find(request.parts.at("id")),
                    reference = photos_.find(request.parts.at("reference"));
  MatchOptions options;
  options.strength = static_cast<float>(request.number("strength", 0, 100)) / 100;
  options.protection = static_cast<float>(request.number("protection", 0, 100)) / 100;
  const Turn turn(heavy_);
  Response r;
  r.type = media_type("preview.jpg");
  r.body = jpeg_bytes(matched(pictures_, photo, reference, options), thumbnail_quality);
  return r;
}

Response Api::thumbnail(const Request& request, const nlohmann::json& looks, int height) {
  const StoredPhoto photo = photos_.find(request.parts.at("id"));
  const int longest =
      std::max(height, static_cast<int>(std::lround(static_cast<double>(height) * photo.width / photo.height)));
  Response r;
  r.type = media_type("thumbnail.jpg");
  r.headers = {{"Cache-Control", "private, max-age=86400"}};
  r.body = *thumbnails_.get(fmt::format("{} {} {}", photo.id, looks.dump(), height), [&] {
    const Turn turn(heavy_);
    const Wish wish = wishes_.read({{"photo", photo.id}, {"looks", looks}});
    return jpeg_bytes(preview_of(*pictures_.reduced(photo, std::min(longest, longest_preview)), wishes_.resolve(wish)),
                      thumbnail_quality);
  });
  return r;
}

void Api::add_look_routes(Router& router) {
  router.add(
      {"GET", "/api/catalog", BodyKind::none, [this](const Request&) { return json_response(catalog_json(looks_)); }});
  router.add({"POST", "/api/looks", BodyKind::file, [this](const Request& r) { return add_look(r); }, most_look});
  router.add({"DELETE", "/api/looks/{name}", BodyKind::none, [this](const Request& r) {
                looks_.remove(r.parts.at("name"));
                return json_response(nlohmann::json::object());
              }});
  auto post = [&](const char* path, std::function<Response(const Wish&, const nlohmann::json&)> handle) {
    router.add({"POST", path, BodyKind::json,
                [this, handle](const Request& r) {
                  const nlohmann::json request = r.json();
                  return handle(wishes_.read(request), request);
                },
                most_json});
  };
  post("/api/compile", [this](const Wish& w, const auto& j) { return json_response(compiled(wishes_, w, j)); });
  post("/api/render", [this](const Wish& w, const auto& j) {
    const Turn turn(heavy_);
    return drawn(wishes_, pictures_, w, j);
  });
  post("/api/measure", [this](const Wish& w, const auto&) {
    const Turn turn(heavy_);
    return json_response(measured(wishes_, pictures_, w));
  });
  post("/api/save", [this](const Wish& w, const auto& j) {
    const Turn turn(heavy_);
    return files_.save(w, j);
  });
  post("/api/export", [this](const Wish& w, const auto& j) { return files_.export_look(w, j); });
  post("/api/command", [this](const Wish& w, const auto& j) {
    return json_response({{"command", files_.command(w, j)}});
  });
}

Response Api::add_look(const Request& request) {
  const std::string file = percent_decoded(header(request, "x-name")),
                    title = percent_decoded(header(request, "x-title"));
  const std::string name = looks_.take(request.file, file, title);
  return json_response({{"name", name}, {"title", looks_.find(name)->title}});
}

void Api::add_job_routes(Router& router) {
  auto on = [&](const char* method, const char* path, BodyKind body, std::function<Response(const Request&)> handle) {
    router.add({method, path, body, std::move(handle), body == BodyKind::json ? most_json : 0});
  };
  on("GET", "/api/jobs", BodyKind::none, [this](const Request&) { return json_response(jobs_.list()); });
  on("POST", "/api/jobs", BodyKind::json, [this](const Request& r) {
    return json_response({{"id", jobs_.add(r.json())}});
  });
  on("GET", "/api/jobs/{id}", BodyKind::none,
     [this](const Request& r) { return json_response(jobs_.find(r.parts.at("id"))); });
  on("DELETE", "/api/jobs/{id}", BodyKind::none, [this](const Request& r) {
    jobs_.cancel(r.parts.at("id"));
    return json_response(nlohmann::json::object());
  });
  on("POST", "/api/jobs/{id}/retry", BodyKind::json, [this](const Request& r) {
    jobs_.retry(r.parts.at("id"));
    return json_response(nlohmann::json::object());
  });
  on("GET", "/api/jobs/{id}/results/{n}", BodyKind::none, [this](const Request& r) {
    const auto n = parse_integer(r.parts.at("n"));
    const std::string path = jobs_.result_path(r.parts.at("id"), n && *n < 1 << 20 ? static_cast<int>(*n) : -1);
    return download(path, fs::path(path).filename());
  });
  on("GET", "/api/jobs/{id}/preview.jpg", BodyKind::none,
     [this](const Request& r) { return download(jobs_.preview_path(r.parts.at("id")), "preview.jpg"); });
}

void Api::add_state_routes(Router& router) {
  const std::string path = state_ + "/page.json";
  router.add({"GET", "/api/state", BodyKind::none, [path](const Request&) {
                Response r;
                std::error_code error;
                r.body = fs::exists(path, error) ? read_file(path, most_state) : "null";
                return r;
              }});
  router.add({"PUT", "/api/state", BodyKind::json,
              [path](const Request& r) {
                r.json();
                write_file_atomically(path, r.body);
                return json_response(nlohmann::json::object());
              },
              most_state});
}

}  // namespace sfumato
