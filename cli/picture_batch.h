// SPDX-License-Identifier: Apache-2.0
// What commands share that make a picture of each picture: their options, and whether an output is up to date.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "batch_run.h"
#include "files/picture_file.h"
#include "transfer/whole_picture.h"

namespace sfumato {

struct PictureBatch {
  BatchOptions batch;
  OpenOptions open;
  SaveOptions save;
  RunOptions run;
  bool dithers = true;

  void declare_files(CLI::App&);

  // Which inputs become which outputs, {look} being `look`. Throws Code::usage.
  Batch plan(const std::string& look);
  // `key` identifies what outputs are made from, see SaveOptions.
  Verdict judge(const Job&, const std::string& key) const;
  // Records the command as what made the output, under `name`.
  WholeJob whole_job(const Job&, const std::string& name, const std::string& key) const;

 private:
  void check_format(const std::string& output) const;
  std::string icc_ = "keep", dither_ = "on";
};

// What JSON says of a rendered picture; its warnings go to standard error.
void tell(BatchRun&, const Job&, const FileReport&, nlohmann::json& record);

}  // namespace sfumato
