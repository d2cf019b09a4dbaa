// SPDX-License-Identifier: Apache-2.0
// A client for the tests of this room that can also be rude: it sends the bytes that it is told to.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/text.h"

namespace sfumato {

struct Answer {
  int status = 0;  // 0: the connection ended without an answer
  std::map<std::string, std::string> headers;
  std::string body;
  nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
};

class Connection {
 public:
  explicit Connection(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    is_open_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const timeval most{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
  }
  ~Connection() { close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool is_open() const { return is_open_; }
  // False once the other side has closed.
  bool put(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t n = ::send(fd_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (n <= 0) return false;
      at += static_cast<std::size_t>(n);
    }
    return true;
  }
  std::string take_all() {
    std::string all;
    char buffer[65536];
    for (ssize_t n; (n = recv(fd_, buffer, sizeof buffer, 0)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
    return all;
  }

 private:
  const int fd_;
  bool is_open_;
};

inline Answer parse_answer(const std::string& text) {
  Answer a;
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos || text.size() < 12) return a;
  a.status = std::atoi(text.c_str() + 9);
  for (std::size_t at = text.find("\r\n") + 2; at < end;) {
    const std::size_t line = text.find("\r\n", at), colon = text.find(": ", at);
    a.headers[lower_case(text.substr(at, colon - at))] = text.substr(colon + 2, line - colon - 2);
    at = line + 2;
  }
  a.body = text.substr(end + 4);
  return a;
}

// A browser that has the page open.
class Client {
 public:
  explicit Client(int port) : port_(port) {}

  std::map<std::string, std::string> headers;  // of each request; an empty one is not sent

  void be_the_page(const std::string& token) {
    headers = {{"Host", "127.0.0.1:" + std::to_string(port_)},
               {"Origin", "http://127.0.0.1:" + std::to_string(port_)},
               {"Sec-Fetch-Site", "same-origin"}};
    const Answer a = post("/api/session", {{"token", token}});
    const auto cookie = a.headers.find("set-cookie");
    if (cookie != a.headers.end()) headers["Cookie"] = cookie->second.substr(0, cookie->second.find(';'));
  }

  Answer ask(const std::string& method, const std::string& path, const std::string& body = {},
             const std::string& type = {}, const std::map<std::string, std::string>& more = {}) const {
    std::map<std::string, std::string> all = headers;
    all["Connection"] = "close";
    if (method == "POST" || method == "PUT") all["Content-Length"] = std::to_string(body.size());
    if (!type.empty()) all["Content-Type"] = type;
    for (const auto& [name, value] : more) all[name] = value;
    std::string text = method + " " + path + " HTTP/1.1\r\n";
    for (const auto& [name, value] : all)
      if (!value.empty()) text += name + ": " + value + "\r\n";
    return raw(text + "\r\n" + body);
  }
  Answer get(const std::string& path) const { return ask("GET", path); }
  Answer post(const std::string& path, const nlohmann::json& body) const {
    return ask("POST", path, body.dump(), "application/json");
  }
  Answer upload(const std::string& bytes, const std::string& name) const {
    return ask("POST", "/api/photos", bytes, "application/octet-stream", {{"X-Name", name}});
  }
  Answer raw(const std::string& bytes) const {
    Connection c(port_);
    c.put(bytes);
    return parse_answer(c.take_all());
  }
  int port() const { return port_; }

 private:
  int port_;
};

}  // namespace sfumato
