// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "connection_clock.h"
#include "exchange.h"
#include "guard.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

// Without SO_REUSEPORT, by which a second server would silently share the port.
int listen_on_loopback(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);  // connections of an ended server do not hold the port
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (fd >= 0 && bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && listen(fd, 128) == 0)
    return fd;
  const std::string reason = std::strerror(errno);
  if (fd >= 0) close(fd);
  throw Error(
      Code::resource,
      fmt::format("cannot listen on 127.0.0.1:{}: {}; choose another --port, or 0 for a free one", port, reason),
      "--port");
}

int port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

struct HeaderReader {
  std::map<std::string, std::string> values;
  int count = 0;
  bool is_ambiguous = false;  // one that decides appears twice
};

MHD_Result read_header(void* to, MHD_ValueKind, const char* name, const char* value) {
  auto& reader = *static_cast<HeaderReader*>(to);
  ++reader.count;
  const std::string key = lower_case(name);
  const bool is_new = reader.values.emplace(key, value ? value : "").second;
  if (!is_new && (key == "host" || key == "origin" || key == "content-length" || key == "sec-fetch-site"))
    reader.is_ambiguous = true;
  return MHD_YES;
}

MHD_Result read_query(void* to, MHD_ValueKind, const char* name, const char* value) {
  static_cast<std::map<std::string, std::string>*>(to)->emplace(name, value ? value : "");
  return MHD_YES;
}

// Names on the wire are compared as they are: no escapes, so none to be mistaken.
std::size_t keep_escaped(void*, MHD_Connection*, char* text) { return std::strlen(text); }

constexpr std::pair<const char*, const char*> headers_of_all[]{
    {"Content-Security-Policy",
     "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

MHD_Result send(MHD_Connection* connection, Response answer) {
  MHD_Response* response = nullptr;
  if (answer.fd >= 0) {
    const off_t size = lseek(answer.fd, 0, SEEK_END);
    response = MHD_create_response_from_fd64(static_cast<std::uint64_t>(size), answer.fd);
  } else {
    auto* body = new std::string(std::move(answer.body));
    response = MHD_create_response_from_buffer_with_free_callback_cls(
        body->size(), body->data(), [](void* b) { delete static_cast<std::string*>(b); }, body);
  }
  if (!response) return MHD_NO;
  MHD_add_response_header(response, "Content-Type", answer.type.c_str());
  for (const auto& [name, value] : headers_of_all) MHD_add_response_header(response, name, value);
  const bool has_cache_rule = std::any_of(answer.headers.begin(), answer.headers.end(),
                                          [](const auto& h) { return h.first == "Cache-Control"; });
  if (!has_cache_rule) MHD_add_response_header(response, "Cache-Control", "no-store");
  for (const auto& [name, value] : answer.headers) MHD_add_response_header(response, name.c_str(), value.c_str());
  const MHD_Result result = MHD_queue_response(connection, static_cast<unsigned>(answer.status), response);
  MHD_destroy_response(response);
  return result;
}

}  // namespace

class Server::Implementation {
 public:
  Implementation(const ServerOptions& options, Router router)
      : options_(options),
        router_(std::move(router)),
        socket_(listen_on_loopback(options.port)),
        guard_(port_of(socket_), random_token()) {
    router_.add(
        {"POST", "/api/session", BodyKind::json, [this](const Request& r) { return open_session(r); }, 4096, false});
    const ServerLimits& limits = options_.limits;
    daemon_ = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC, 0, nullptr,
        nullptr, &on_request, this, MHD_OPTION_LISTEN_SOCKET, socket_, MHD_OPTION_CONNECTION_LIMIT,
        static_cast<unsigned>(limits.connections), MHD_OPTION_CONNECTION_TIMEOUT,
        static_cast<unsigned>(limits.header_seconds + 0.999), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        static_cast<std::size_t>(limits.header_bytes), MHD_OPTION_NOTIFY_CONNECTION, &on_connection, this,
        MHD_OPTION_NOTIFY_COMPLETED, &on_completed, this, MHD_OPTION_UNESCAPE_CALLBACK, &keep_escaped, nullptr,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!daemon_) {
      close(socket_);
      throw Error(Code::resource, "the HTTP server cannot start: too few descriptors or threads are left");
    }
  }

  ~Implementation() { MHD_stop_daemon(daemon_); }

  const Guard& guard() const { return guard_; }
  int port() const { return port_of(socket_); }

 private:
  Response open_session(const Request& request) const {
    if (!are_equal_in_constant_time(request.json().at("token").get<std::string>(), guard_.token()))
      throw HttpError(401, "session", "open the address that sfumato studio printed");
    Response r = json_response(nlohmann::json::object());
    r.headers = {
        {"Set-Cookie", fmt::format("{}={}; HttpOnly; SameSite=Strict; Path=/", guard_.cookie_name(), guard_.token())}};
    return r;
  }

  static int descriptor_of(MHD_Connection* c) {
    return MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
  }

  static void on_connection(void* self, MHD_Connection* c, void**, MHD_ConnectionNotificationCode code) {
    auto& s = *static_cast<Implementation*>(self);
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
      s.clock_.allow(c, descriptor_of(c), s.options_.limits.header_seconds);
    else
      s.clock_.forget(c);
  }

  static void on_completed(void* self, MHD_Connection* c, void** exchange, MHD_RequestTerminationCode) {
    auto& s = *static_cast<Implementation*>(self);
    delete static_cast<Exchange*>(*exchange);
    *exchange = nullptr;
    s.clock_.allow(c, descriptor_of(c), s.options_.limits.header_seconds);
  }

  static MHD_Result on_request(void* self, MHD_Connection* c, const char* url, const char* method, const char*,
                               const char* bytes, std::size_t* size, void** exchange) {
    auto& s = *static_cast<Implementation*>(self);
    try {
      if (!*exchange) {
        *exchange = s.begin(c, url, method).release();
        return MHD_YES;
      }
      auto& e = *static_cast<Exchange*>(*exchange);
      if (*size > 0) {
        e.receive({bytes, *size});
        *size = 0;
        return MHD_YES;
      }
      s.clock_.pause(c);
      return send(c, e.answer());
    } catch (...) {
      // While a body arrives no answer can be given any more: the connection ends.
      if (*exchange) return MHD_NO;
      s.clock_.pause(c);
      return send(c, current_error_response());
    }
  }

  // The headers are complete.
  std::unique_ptr<Exchange> begin(MHD_Connection* c, const char* url, const char* method) {
    HeaderReader reader;
    MHD_get_connection_values(c, MHD_HEADER_KIND, &read_header, &reader);
    if (reader.count > options_.limits.header_count)
      throw HttpError(431, "headers",
                      fmt::format("found {} headers; expected at most {}", reader.count, options_.limits.header_count));
    if (reader.is_ambiguous) throw HttpError(400, "headers", "found a header twice");
    Request request;
    request.method = method;
    request.path = url;
    request.headers = std::move(reader.values);
    guard_.check_host(request.headers);
    guard_.check_origin(request.method, request.path, request.headers);
    if (request.method == "HEAD") request.method = "GET";
    const Route& route = router_.find(request.method, request.path, request.parts);
    if (route.needs_session) guard_.check_session(request.headers);
    Guard::check_body(request.method, route, request.headers);
    MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, &read_query, &request.query);
    const auto length = request.headers.find("content-length");
    const double bytes = length == request.headers.end() ? 0 : std::stod(length->second);
    clock_.allow(c, descriptor_of(c), options_.limits.body_seconds + bytes / options_.limits.body_bytes_per_second);
    return std::make_unique<Exchange>(std::move(request), route, options_.upload_folder);
  }

  const ServerOptions options_;
  Router router_;
  const int socket_;
  const Guard guard_;
  ConnectionClock clock_;
  MHD_Daemon* daemon_ = nullptr;
};

Server::Server(const ServerOptions& options, Router router)
    : implementation_(std::make_unique<Implementation>(options, std::move(router))) {}
Server::~Server() = default;

int Server::port() const { return implementation_->port(); }
const std::string& Server::token() const { return implementation_->guard().token(); }
std::string Server::address() const { return fmt::format("http://127.0.0.1:{}/#{}", port(), token()); }

}  // namespace sfumato
