// SPDX-License-Identifier: Apache-2.0
#include "http.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Letters, digits, - _ and dots that do not begin it: no name can leave its folder.
bool is_name(std::string_view part) {
  return !part.empty() && part.size() <= 128 && part[0] != '.' && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
  });
}

bool matches(const std::string& pattern, const std::string& path, std::map<std::string, std::string>& parts) {
  const auto expected = split_words(pattern, '/'), found = split_words(path, '/');
  if (expected.size() != found.size()) return false;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::string_view e = expected[i];
    if (e.starts_with("{")) {
      // An ending after the brace belongs to the pattern: "{name}.jpg".
      const std::size_t close = e.find('}');
      const std::string_view ending = e.substr(close + 1);
      if (!is_name(found[i]) || !found[i].ends_with(ending) || found[i].size() == ending.size()) return false;
      parts[std::string(e.substr(1, close - 1))] = found[i].substr(0, found[i].size() - ending.size());
    } else if (e != found[i]) {
      return false;
    }
  }
  return true;
}

int status_of(Code code) {
  switch (code) {
    case Code::usage:
      return 400;
    case Code::input:
    case Code::look:
      return 422;
    case Code::resource:
      return 507;
    default:
      return 500;
  }
}

const char* word_of(Code code) {
  switch (code) {
    case Code::usage:
      return "usage";
    case Code::input:
      return "input";
    case Code::look:
      return "look";
    case Code::resource:
      return "resource";
    case Code::output:
      return "output";
    case Code::stopped:
      return "stopped";
    case Code::bug:
      break;
  }
  return "bug";
}

}  // namespace

nlohmann::json Request::json() const {
  nlohmann::json parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object()) throw HttpError(400, "usage", "found a body that is no JSON object");
  return parsed;
}

int Request::number(const std::string& name, int low, int high) const {
  const auto at = query.find(name);
  const auto value = at == query.end() ? std::nullopt : parse_integer(at->second);
  if (!value || *value < low || *value > high)
    throw HttpError(400, "usage", fmt::format("expected a whole number in {} .. {}", low, high), name);
  return static_cast<int>(*value);
}

Response json_response(const nlohmann::json& value, int status) {
  Response r;
  r.status = status;
  r.body = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return r;
}

Response HttpError::response() const {
  return json_response({{"error", {{"code", code_}, {"what", what_}, {"where", where_}}}}, status_);
}

Response current_error_response() {
  try {
    throw;
  } catch (const HttpError& e) {
    return e.response();
  } catch (const Error& e) {
    return HttpError(status_of(e.code()), word_of(e.code()), e.what(), e.where()).response();
  } catch (const nlohmann::json::exception& e) {
    return HttpError(400, "usage", std::string("found JSON of another form: ") + e.what()).response();
  } catch (const std::bad_alloc&) {
    return HttpError(507, "resource", "out of memory").response();
  } catch (const std::exception& e) {
    return HttpError(500, "bug", std::string("this is a bug: ") + e.what()).response();
  }
}

void Router::add(Route route) { routes_.push_back(std::move(route)); }

const Route& Router::find(const std::string& method, const std::string& path,
                          std::map<std::string, std::string>& parts) const {
  bool is_known = false;
  for (const Route& r : routes_) {
    std::map<std::string, std::string> found;
    if (!matches(r.path, path, found)) continue;
    is_known = true;
    if (r.method != method) continue;
    parts = std::move(found);
    return r;
  }
  if (is_known) throw HttpError(405, "method", "found the method " + printable(method) + ", which is not served here");
  throw HttpError(404, "missing", "there is no such page");
}

}  // namespace sfumato
