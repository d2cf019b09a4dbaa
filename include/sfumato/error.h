// SPDX-License-Identifier: Apache-2.0
// The one error type. Thrown while preparing (parse, open, plan, load, learn) and where arguments do not fit.
#pragma once

#include <exception>
#include <string>

namespace sfumato {

// Each value is the program's exit code for that kind of failure.
enum class Code {
  usage = 2,     // wrong command line or look syntax
  input = 3,     // an input file is damaged, unreadable or unsupported
  output = 5,    // the destination cannot be written
  resource = 6,  // a limit on size, memory or time
  look = 7,      // a look, LUT or model file is refused
  bug = 70,      // a broken promise of ours
  stopped = 75,  // interrupted; running again with --resume continues
};

class Error : public std::exception {
 public:
  // what: "found ...; expected ...; do ..."; where: file, flag or "file:line:column", may be empty.
  Error(Code code, std::string what, std::string where = {});

  const char* what() const noexcept override { return message_.c_str(); }
  Code code() const noexcept { return code_; }
  const std::string& where() const noexcept { return where_; }

 private:
  Code code_;
  std::string where_, message_;
};

}  // namespace sfumato
