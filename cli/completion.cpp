// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "command.h"
#include "manual.h"
#include "sfumato/look.h"

namespace sfumato {
namespace {

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* o : app.get_options())
    for (const std::string& name : o->get_lnames()) flags.push_back("--" + name);
  return flags;
}

std::string bash(const Program& program) {
  std::string cases;
  for (const Command& c : commands())
    cases +=
        fmt::format("    {}) flags='{}' ;;\n", c.name, fmt::join(flags_of(*program.app.get_subcommand(c.name)), " "));
  std::vector<std::string> names;
  for (const Command& c : commands()) names.push_back(c.name);
  return fmt::format(R"(_sfumato() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} flags=
  if [ "$before" = --look ] || [ "$before" = -l ]; then
    COMPREPLY=($(compgen -W '{}' -- "$word") $(compgen -f -- "$word")); return
  fi
  if [ "$COMP_CWORD" = 1 ]; then COMPREPLY=($(compgen -W '{}' -- "$word")); return; fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  case $word in -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;; *) COMPREPLY=($(compgen -f -- "$word")) ;; esac
}}
complete -o filenames -F _sfumato sfumato
)",
                     fmt::join(look_names(), " "), fmt::join(names, " "), cases);
}

std::string zsh(const Program& program) { return "autoload -U +X bashcompinit && bashcompinit\n" + bash(program); }

std::string fish(const Program& program) {
  std::string text = "complete -c sfumato -n __fish_use_subcommand -f\n";
  auto quoted = [](std::string s) {
    for (std::size_t i = 0; (i = s.find('\'', i)) != std::string::npos; i += 2) s.insert(i, "\\");
    return "'" + s + "'";
  };
  for (const Command& c : commands()) {
    text += fmt::format("complete -c sfumato -n __fish_use_subcommand -f -a {} -d {}\n", c.name, quoted(c.about));
    for (const CLI::Option* o : program.app.get_subcommand(c.name)->get_options())
      for (const std::string& name : o->get_lnames())
        text += fmt::format("complete -c sfumato -n '__fish_seen_subcommand_from {}' -l {} -d {}{}\n", c.name, name,
                            quoted(o->get_description()),
                            name == "look" ? fmt::format(" -a '{}'", fmt::join(look_names(), " ")) : "");
  }
  return text;
}

const Registered completion_command({"completion", "Print a shell completion script, or the manual",
                                     "  sfumato completion bash > ~/.local/share/bash-completion/completions/sfumato\n"
                                     "  sfumato completion man > sfumato.1",
                                     [](CLI::App& app) {
                                       auto kind = std::make_shared<std::string>();
                                       app.add_option("kind", *kind,
                                                      "bash, zsh, fish; man: a manual page; markdown: docs/cli.md")
                                           ->required()
                                           ->check(CLI::IsMember({"bash", "zsh", "fish", "man", "markdown"}));
                                       return [kind] {
                                         const Program program;
                                         fmt::print("{}", *kind == "bash"   ? bash(program)
                                                          : *kind == "zsh"  ? zsh(program)
                                                          : *kind == "fish" ? fish(program)
                                                          : *kind == "man"  ? print_man(program)
                                                                            : print_markdown(program));
                                         return 0;
                                       };
                                     }});

}  // namespace
}  // namespace sfumato
