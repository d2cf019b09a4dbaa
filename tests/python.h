// SPDX-License-Identifier: Apache-2.0
// References computed by Python at test time.
#pragma once

#include <cstdlib>
#include <string>

#include "base/file.h"

namespace sfumato {

// Whether the system's Python has these modules ("numpy torch"); tests skip without them.
inline bool python_has(const std::string& modules) {
  const std::string script =
      "import sys; from importlib.util import find_spec; sys.exit(not all(map(find_spec, sys.argv[1:])))";
  return std::system(("/usr/bin/python3 -c '" + script + "' " + modules + " >/dev/null 2>&1").c_str()) == 0;
}

// Writes the script into the folder and runs it there with these arguments; true when it ends well.
inline bool run_python(const std::string& folder, const std::string& script, const std::string& arguments = {}) {
  write_file_atomically(folder + "/script.py", script);
  return std::system(("cd '" + folder + "' && OMP_NUM_THREADS=1 /usr/bin/python3 script.py " + arguments).c_str()) == 0;
}

}  // namespace sfumato
