// SPDX-License-Identifier: Apache-2.0
// Who may ask: the checks that each request passes before anything is done for it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "http.h"

namespace sfumato {

// 192 random bits in hexadecimal. Throws Code::resource when the system has none.
std::string random_token();

// Takes the same time for any two texts of one length.
bool are_equal_in_constant_time(std::string_view a, std::string_view b);

class Guard {
 public:
  Guard(int port, std::string token) : port_(port), token_(std::move(token)) {}

  const std::string& token() const { return token_; }
  // Browsers share cookies among all ports of a host: the name tells two studios apart.
  std::string cookie_name() const { return "sfumato-" + std::to_string(port_); }

  using Headers = std::map<std::string, std::string>;
  // Host must be this server by a loopback name, against DNS rebinding. Throws HttpError 403.
  void check_host(const Headers&) const;
  // A page of another origin may ask for nothing of the API, and a request that changes something must prove its
  // origin. Throws HttpError 403.
  void check_origin(const std::string& method, const std::string& path, const Headers&) const;
  // Throws HttpError 401.
  void check_session(const Headers&) const;
  // Length and type of the body. Throws HttpError 411, 413, 415.
  static void check_body(const std::string& method, const Route&, const Headers&);

 private:
  const int port_;
  const std::string token_;
};

}  // namespace sfumato
