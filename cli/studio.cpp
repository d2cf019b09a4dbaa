// SPDX-License-Identifier: Apache-2.0
#include "studio/studio.h"
#include "checks.h"

#include <fmt/format.h>
#include <malloc.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "command.h"

extern char** environ;

namespace sfumato {
namespace {

namespace fs = std::filesystem;

struct Args {
  StudioOptions studio;
  bool stays_closed = false;
};

// Opens the user's browser. The address goes by a file that only the user reads: other users see what programs are
// called with.
void open_browser(const std::string& address, const std::string& state) {
  if (!std::getenv("DISPLAY") && !std::getenv("WAYLAND_DISPLAY")) return;
  const std::string path = state + "/open.html";
  write_file_atomically(path,
                        fmt::format("<!doctype html><meta http-equiv=\"refresh\" content=\"0; url={}\">\n", address));
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  const char* words[]{"xdg-open", path.c_str(), nullptr};
  pid_t pid = 0;
  if (posix_spawnp(&pid, words[0], nullptr, nullptr, const_cast<char**>(words), environ) == 0) waitpid(pid, nullptr, 0);
}

int serve(Args args) {
  if (args.studio.state.empty()) args.studio.state = default_state_folder();
  args.studio.program = "/proc/self/exe";
  // Signals wait for this thread, not for the ones that serve.
  sigset_t ends;
  sigemptyset(&ends);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ends, signal);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  // Each connection has a thread, and pictures are large: few heaps, and pictures outside of them, so that what is
  // freed goes back to the system.
  mallopt(M_ARENA_MAX, 4);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  const Studio studio(args.studio);
  fmt::print("{}\n", studio.server().address());
  std::fflush(stdout);
  if (!args.stays_closed) open_browser(studio.server().address(), args.studio.state);
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

const Registered studio_command(
    {"studio", "Look, edit, learn and work on batches in the browser, on this computer alone",
     "  sfumato studio\n  sfumato studio --port 8080 --no-open", [](CLI::App& app) {
       auto args = std::make_shared<Args>();
       app.add_option("--port", args->studio.port, "On the loopback address; 0: a free one")
           ->check(within(0, 65535))
           ->capture_default_str();
       app.add_option("--state", args->studio.state,
                      "Where photos, looks and jobs are kept. Default: sfumato/studio in XDG_STATE_HOME")
           ->type_name("FOLDER");
       app.add_flag("--no-open", args->stays_closed, "Print the address, and leave the browser alone");
       return [args] { return serve(*args); };
     }});

}  // namespace
}  // namespace sfumato
