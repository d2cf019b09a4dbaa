// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>

#include "base/text.h"
#include "command.h"
#include "sfumato/error.h"
#include "sfumato/version.h"

namespace sfumato {

std::vector<Command>& commands() {
  static std::vector<Command> all;
  return all;
}

namespace {

std::string typed_line;

std::string typed(int argc, char** argv) {
  std::string line = "sfumato";
  for (int i = 1; i < argc; ++i) line += " " + shell_quoted(argv[i]);
  return line;
}

}  // namespace

const std::string& command_line() { return typed_line; }

std::string exit_codes_text() {
  return "0 done; 2 usage or look syntax; 3 some inputs refused, the rest done; 4 none done; 5 output or disk fault; "
         "6 resource limit; 7 look or LUT file refused; 70 bug; 75 stopped, run again with --resume; 128+n signal n.";
}

Error current_error() {
  try {
    throw;
  } catch (const Error& e) {
    return e;
  } catch (const std::bad_alloc&) {
    return {Code::resource, "out of memory"};
  } catch (const std::exception& e) {
    return {Code::bug, std::string("this is a bug: ") + e.what()};
  }
}

Program::Program() : app("Learns, renders and exports photographic looks.", "sfumato") {
  app.require_subcommand(1);
  app.set_version_flag("--version", version());
  app.set_help_all_flag("--help-all", "Help of all commands");
  app.footer("Exit codes: " + exit_codes_text());
  std::sort(commands().begin(), commands().end(), [](const Command& a, const Command& b) { return a.name < b.name; });
  for (const Command& c : commands()) {
    CLI::App* sub = app.add_subcommand(c.name, c.about);
    run[c.name] = c.declare(*sub);
    if (!c.examples.empty()) sub->footer("Examples:\n" + c.examples);
  }
}

namespace {

std::string nearest_flag(const CLI::App& app, const std::string& flag) {
  std::vector<std::string> known;
  for (const CLI::Option* o : app.get_options())
    for (const std::string& name : o->get_lnames()) known.push_back("--" + name);
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(sub->get_name());
  return nearest_name(flag, known);
}

int usage_error(const Program& program, const CLI::ParseError& e) {
  if (e.get_exit_code() == 0) return program.app.exit(e);  // --help
  std::string text = e.what();
  const auto subs = program.app.get_subcommands();
  if (const auto words = program.app.remaining(); subs.empty() && !words.empty())
    text = "found no command of that name: " + words.front();
  const CLI::App& where = subs.empty() ? program.app : *subs[0];
  // "The following argument was not expected: --stregth": the last word may be a typing error.
  const std::string near = nearest_flag(where, text.substr(text.rfind(' ') + 1));
  const bool is_unknown = text.find("not expected") != std::string::npos || subs.empty();
  if (!near.empty() && is_unknown) text += fmt::format("; did you mean {}?", near);
  fmt::print(stderr, "sfumato: {}\nsfumato {}{}--help shows the options\n", printable(text),
             subs.empty() ? "" : subs[0]->get_name(), subs.empty() ? "" : " ");
  return 2;
}

int run(int argc, char** argv) {
  typed_line = typed(argc, argv);
  Program program;
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return usage_error(program, e);
  }
  return program.run.at(program.app.get_subcommands()[0]->get_name())();
}

}  // namespace
}  // namespace sfumato

int main(int argc, char** argv) {
  // A file size limit must come back from write() as an error, not end the program.
  std::signal(SIGXFSZ, SIG_IGN);
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) return std::printf("%s\n", sfumato::version()) > 0 ? 0 : 5;
  try {
    const int code = sfumato::run(argc, argv);
    return std::fflush(stdout) == 0 || code != 0 ? code : 5;
  } catch (const std::exception&) {
    const sfumato::Error e = sfumato::current_error();
    fmt::print(stderr, "sfumato: {}\n", sfumato::printable(e.what()));
    // An input that is the whole job: none done.
    return e.code() == sfumato::Code::input ? 4 : static_cast<int>(e.code());
  }
}
