// SPDX-License-Identifier: Apache-2.0
// What each kind of job is to the program: which files lie where, and which words start it.
#pragma once

#include <string>
#include <vector>

#include "job.h"
#include "look_shelf.h"
#include "photo_store.h"
#include "wish.h"

namespace sfumato {

// What the program says, without the paths of a job's folders: they stand for nothing to the user.
std::string without_folders(std::string text, const std::string& folder);

class JobKinds {
 public:
  JobKinds(const PhotoStore& photos, LookShelf& looks, const Wishes& wishes)
      : photos_(photos), looks_(looks), wishes_(wishes) {}

  // A job for what a page asked: checks it, and links the photos into `folder`, so that deleting them does not matter.
  // Throws HttpError, Error.
  Job make(const nlohmann::json& request, const std::string& folder) const;
  // What starts it, for the inputs that are not done.
  std::vector<std::string> arguments(const Job&, const std::string& folder) const;
  // Takes a line of the program's standard output in.
  void read_record(Job&, const std::string& folder, const nlohmann::json& record) const;
  // The program ended well: a learned look goes among the user's own.
  void finish(Job&, const std::string& folder) const;

 private:
  const PhotoStore& photos_;
  LookShelf& looks_;
  const Wishes& wishes_;
};

}  // namespace sfumato
