// SPDX-License-Identifier: Apache-2.0
// The studio: what pages may ask of the library, on a server of its own.
#pragma once

#include <memory>
#include <string>

#include "server.h"

namespace sfumato {

struct StudioOptions {
  int port = 0;         // 0: a free one
  std::string state;    // folder of photos, looks, jobs; empty: XDG_STATE_HOME/sfumato/studio
  std::string program;  // what does the work of jobs
  ServerLimits limits;
};

// XDG_STATE_HOME/sfumato/studio, or what stands for it. Throws Code::usage where there is no home.
std::string default_state_folder();

class Studio {
 public:
  // Serves until destroyed. Throws Code::resource: the port or the folder is in use.
  explicit Studio(const StudioOptions&);
  ~Studio();
  const Server& server() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sfumato
