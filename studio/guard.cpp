// SPDX-License-Identifier: Apache-2.0
#include "guard.h"

#include <fmt/format.h>
#include <sys/random.h>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

std::string value_of(const Guard::Headers& headers, const std::string& name) {
  const auto at = headers.find(name);
  return at == headers.end() ? std::string() : at->second;
}

bool changes_something(const std::string& method) { return method != "GET" && method != "HEAD"; }

std::string cookie_of(const Guard::Headers& headers, const std::string& name) {
  const std::string cookies = value_of(headers, "cookie");
  for (const std::string_view part : split_words(cookies, ';'))
    if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
      return std::string(part.substr(name.size() + 1));
  return {};
}

}  // namespace

std::string random_token() {
  unsigned char bytes[24];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
    throw Error(Code::resource, "the system gives no random numbers; they guard the studio against other pages");
  std::string text;
  for (const unsigned char b : bytes) text += fmt::format("{:02x}", b);
  return text;
}

bool are_equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference =
        static_cast<unsigned char>(difference | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
  return difference == 0;
}

void Guard::check_host(const Headers& headers) const {
  const std::string host = lower_case(value_of(headers, "host"));
  for (const char* name : {"127.0.0.1", "localhost"})
    if (host == fmt::format("{}:{}", name, port_)) return;
  throw HttpError(403, "host", "this server answers to its loopback address only");
}

void Guard::check_origin(const std::string& method, const std::string& path, const Headers& headers) const {
  const std::string origin = value_of(headers, "origin"), site = value_of(headers, "sec-fetch-site");
  const bool is_same = origin == "http://" + lower_case(value_of(headers, "host"));
  const HttpError foreign(403, "origin", "found a request from another origin");
  if (!origin.empty() && !is_same) throw foreign;
  // The page itself may be opened from anywhere; it shows nothing before it has the token.
  if (path.starts_with("/api") && !site.empty() && site != "same-origin" && site != "none") throw foreign;
  if (changes_something(method) && !is_same && site != "same-origin") throw foreign;
}

void Guard::check_session(const Headers& headers) const {
  if (!are_equal_in_constant_time(cookie_of(headers, cookie_name()), token_))
    throw HttpError(401, "session", "open the address that sfumato studio printed");
}

void Guard::check_body(const std::string& method, const Route& route, const Headers& headers) {
  if (headers.count("transfer-encoding"))
    throw HttpError(411, "length", "found a body in chunks; expected Content-Length");
  const auto length = headers.find("content-length");
  if (length == headers.end()) {
    if (method == "POST" || method == "PUT") throw HttpError(411, "length", "expected Content-Length");
    return;
  }
  const auto bytes = parse_integer(length->second);
  if (!bytes || *bytes < 0) throw HttpError(400, "length", "found a Content-Length that is no number");
  if (static_cast<std::size_t>(*bytes) > route.most_bytes)
    throw HttpError(413, "size", fmt::format("found {} bytes; expected at most {}", *bytes, route.most_bytes));
  if (route.body == BodyKind::json &&
      split_words(lower_case(value_of(headers, "content-type")), ';')[0] != "application/json")
    throw HttpError(415, "type", "expected Content-Type: application/json");
}

}  // namespace sfumato
