// SPDX-License-Identifier: Apache-2.0
// One request while it arrives: its body goes to memory or, hashed on the way, to a file.
#pragma once

#include <glib.h>

#include <memory>
#include <string>
#include <string_view>

#include "http.h"

namespace sfumato {

class Exchange {
 public:
  Exchange(Request request, const Route& route, const std::string& upload_folder);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Throws HttpError 413, Error Code::output.
  void receive(std::string_view bytes);
  // The body is complete: handles the request. Never throws.
  Response answer() noexcept;

 private:
  Request request_;
  const Route& route_;
  std::size_t received_ = 0;
  int fd_ = -1;
  std::unique_ptr<GChecksum, void (*)(GChecksum*)> hash_{nullptr, g_checksum_free};
};

}  // namespace sfumato
