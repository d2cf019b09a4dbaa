// SPDX-License-Identifier: Apache-2.0
// What a handler gets and gives: a request that passed the guards, and its answer.
#pragma once

#include <exception>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace sfumato {

struct Request {
  std::string method, path;
  std::map<std::string, std::string> query, parts;  // parts: of the path, by the names in the route
  std::map<std::string, std::string> headers;       // names in lower case; each once
  std::string body;                                 // of routes that take JSON
  std::string file, sha256;                         // of routes that take files: where the bytes lie, and their hash

  // Throws HttpError 400.
  nlohmann::json json() const;
  int number(const std::string& name, int low, int high) const;  // of the query
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  int fd = -1;  // sent instead of the body, and closed
  std::vector<std::pair<std::string, std::string>> headers;
};

Response json_response(const nlohmann::json&, int status = 200);

// A refusal; code is a word for programs, what is for people.
class HttpError : public std::exception {
 public:
  HttpError(int status, std::string code, std::string what, std::string where = {})
      : status_(status), code_(std::move(code)), what_(std::move(what)), where_(std::move(where)) {}
  const char* what() const noexcept override { return what_.c_str(); }
  Response response() const;

 private:
  int status_;
  std::string code_, what_, where_;
};

// The answer to the exception that is being handled. Only in a catch block.
Response current_error_response();

// What a route takes as body.
enum class BodyKind { none, json, file };

struct Route {
  std::string method;
  std::string path;  // "/api/photos/{id}/pixels": a part in braces is any name
  BodyKind body;
  std::function<Response(const Request&)> handle;
  std::size_t most_bytes = 0;  // of the body
  bool needs_session = true;
};

class Router {
 public:
  void add(Route);
  // Fills `parts`. Throws HttpError 404 for an unknown path, 405 for another method.
  const Route& find(const std::string& method, const std::string& path,
                    std::map<std::string, std::string>& parts) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace sfumato
