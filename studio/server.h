// SPDX-License-Identifier: Apache-2.0
// HTTP on the loopback address, behind the guards of guard.h. POST /api/session is its own: it gives the cookie for the
// token.
#pragma once

#include <memory>
#include <string>

#include "http.h"

namespace sfumato {

struct ServerLimits {
  int connections = 256;
  double header_seconds = 15;          // from the first byte to the last of the headers; also for idle connections
  double body_seconds = 15;            // for a body, and beyond that
  double body_bytes_per_second = 1e6;  // at least as fast as this
  int header_count = 64;
  int header_bytes = 32 << 10;
};

struct ServerOptions {
  int port = 0;               // 0: a free one
  std::string upload_folder;  // where bodies of files go
  ServerLimits limits;
};

class Server {
 public:
  // Throws Code::resource: the port is taken.
  Server(const ServerOptions&, Router);
  ~Server();

  int port() const;
  const std::string& token() const;
  // "http://127.0.0.1:PORT/#TOKEN"
  std::string address() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sfumato
