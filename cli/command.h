// SPDX-License-Identifier: Apache-2.0
// A subcommand: one file, registered by one static object. The option table that it declares is the only source of
// --help, completions, the man page and docs/cli.md.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "sfumato/error.h"

namespace sfumato {

struct Command {
  std::string name, about;
  std::string examples;  // one per line
  // Adds options to the subcommand; returns what runs it and gives the exit code.
  std::function<std::function<int()>(CLI::App&)> declare;
};

// Sorted by name once main() has started.
std::vector<Command>& commands();

struct Registered {
  explicit Registered(Command c) { commands().push_back(std::move(c)); }
};

// The program with all its subcommands declared; run[name] runs one.
struct Program {
  Program();
  CLI::App app;
  std::map<std::string, std::function<int()>> run;
};

// What was typed, quoted for a shell: for reports that say how to make them again.
const std::string& command_line();
// The exception that is being handled, as the error to report. Only in a catch block.
Error current_error();

// Text of the exit codes, for help and manuals.
std::string exit_codes_text();

}  // namespace sfumato
