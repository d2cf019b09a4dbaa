// SPDX-License-Identifier: Apache-2.0
// Which inputs become which outputs. Knows names and files, no pictures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "files/picture_file.h"
#include "files/picture_names.h"

namespace sfumato {

enum class IfExists { fail, skip, overwrite, rename, update };

// What a command makes of what: pictures of pictures, videos of videos.
struct FileKind {
  const char* name = "picture";
  IsName is_input = is_picture_name, is_output = is_output_name;
  const char *ending = "tif", *other_ending = "jpg";  // of outputs of inputs that only come in, and of unknown names
};

struct BatchOptions {
  FileKind kind;
  std::vector<std::string> inputs;  // files and folders
  std::string list;                 // a file of names, one per line; "-" is standard input
  bool zero_separated = false;      // names in the list end in NUL
  bool recursive = false;
  std::string output;  // a file, or a folder (ends in /, exists, or several inputs)
  std::string name = "{stem}_{look}.{ext}";
  std::string look = "none", format;  // for {look} and {ext}
  std::string shard;                  // "i/n"
  IfExists if_exists = IfExists::fail;
};

struct Job {
  std::string input, output;
  std::string problem;  // not empty: refused before work starts
  bool exists = false;  // the output is there already
};

struct Batch {
  std::vector<Job> jobs;
  std::vector<std::string> folders;  // to be made
  const char* kind = "picture";
  int left_out = 0;  // inputs that are outputs of others here
};

// Throws Code::usage: nothing to do, two inputs for one output, an output that is an input.
Batch plan_batch(const BatchOptions&);

// With those above it, unless empty. Throws Code::output.
void make_folder(const std::string& path);

// Throws Code::usage when both are the same file, under whatever names.
void check_output(const std::string& output, const std::string& input);

struct Found {
  std::string path, relative;  // relative: below the folder that was named
};

// Files by name, and those in folders whose names are `wanted`; sorted within each folder.
std::vector<Found> find_files(const std::vector<std::string>& names, bool recursive, IsName wanted = is_picture_name);

// Stable across machines and runs.
std::uint64_t name_hash(const std::string& name);

}  // namespace sfumato
