// SPDX-License-Identifier: Apache-2.0
#include "studio.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "api.h"
#include "files/vips.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

// One studio at a time works in a folder.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    fd_ = open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) throw Error(Code::output, "cannot be written", folder);
    if (flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
    close(fd_);
    throw Error(Code::resource, "another studio works in this folder; close it, or choose another --state", folder);
  }
  ~FolderLock() { close(fd_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

std::string emptied(const std::string& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  fs::create_directories(folder);
  return folder;
}

}  // namespace

std::string default_state_folder() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state && state[0] == '/')
    return std::string(state) + "/sfumato/studio";
  if (const char* home = std::getenv("HOME"); home && home[0] == '/')
    return std::string(home) + "/.local/state/sfumato/studio";
  throw Error(Code::usage, "found no home folder; name a folder for photos and looks", "--state");
}

class Studio::Implementation {
 public:
  explicit Implementation(const StudioOptions& options)
      : state_(options.state.empty() ? default_state_folder() : fs::absolute(options.state).string()),
        lock_(state_),
        uploads_(emptied(state_ + "/uploads")),
        temporary_(emptied(state_ + "/temporary")),
        api_(state_, options.program),
        server_({options.port, uploads_, options.limits}, router()) {}

  const Server& server() const { return server_; }

 private:
  Router router() {
    init_vips();
    Router router;
    api_.add_routes(router);
    return router;
  }

  const std::string state_;
  const FolderLock lock_;
  const std::string uploads_, temporary_;
  Api api_;
  Server server_;
};

Studio::Studio(const StudioOptions& options) : implementation_(std::make_unique<Implementation>(options)) {}
Studio::~Studio() = default;
const Server& Studio::server() const { return implementation_->server(); }

}  // namespace sfumato
