// SPDX-License-Identifier: Apache-2.0
#include "exchange.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <vips/vips.h>

#include <cerrno>
#include <cstring>

#include "guard.h"
#include "sfumato/error.h"

namespace sfumato {

Exchange::Exchange(Request request, const Route& route, const std::string& upload_folder)
    : request_(std::move(request)), route_(route) {
  if (route.body != BodyKind::file) return;
  request_.file = upload_folder + "/" + random_token();
  fd_ = open(request_.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd_ < 0) throw Error(Code::output, std::string("cannot be written: ") + std::strerror(errno), upload_folder);
  hash_.reset(g_checksum_new(G_CHECKSUM_SHA256));
}

Exchange::~Exchange() {
  if (fd_ >= 0) close(fd_);
  // A handler that keeps the file has moved it elsewhere.
  if (!request_.file.empty()) unlink(request_.file.c_str());
}

void Exchange::receive(std::string_view bytes) {
  received_ += bytes.size();
  if (received_ > route_.most_bytes)
    throw HttpError(413, "size", fmt::format("found more than {} bytes", route_.most_bytes));
  if (fd_ < 0) {
    request_.body += bytes;
    return;
  }
  g_checksum_update(hash_.get(), reinterpret_cast<const guchar*>(bytes.data()), static_cast<gssize>(bytes.size()));
  while (!bytes.empty()) {
    const ssize_t n = write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(Code::output, std::string("cannot be written: ") + std::strerror(errno), "the upload");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

Response Exchange::answer() noexcept {
  Response response;
  try {
    if (fd_ >= 0) {
      close(fd_);
      fd_ = -1;
      request_.sha256 = g_checksum_get_string(hash_.get());
    }
    response = route_.handle(request_);
  } catch (...) {
    response = current_error_response();
  }
  vips_thread_shutdown();  // connections come and go, and so do their threads
  return response;
}

}  // namespace sfumato
