// SPDX-License-Identifier: Apache-2.0
// The routes: which path does what.
#pragma once

#include <nlohmann/json.hpp>
#include <semaphore>
#include <string>

#include "files_out.h"
#include "http.h"
#include "job_queue.h"
#include "look_shelf.h"
#include "photo_store.h"
#include "pictures.h"
#include "wish.h"

namespace sfumato {

class Api {
 public:
  // state: a folder. program: what makes complete files.
  Api(const std::string& state, const std::string& program);

  void add_routes(Router&);

 private:
  void add_page_routes(Router&);
  void add_photo_routes(Router&);
  void add_look_routes(Router&);
  void add_job_routes(Router&);
  void add_state_routes(Router&);

  Response add_photo(const Request&);
  Response add_sample(const Request&);
  Response add_look(const Request&);
  Response pixels(const Request&);
  Response match_preview(const Request&);
  Response thumbnail(const Request&, const nlohmann::json& looks, int height);

  const std::string state_;
  PhotoStore photos_;
  LookShelf looks_;
  Pictures pictures_;
  Wishes wishes_;
  FilesOut files_;
  JobQueue jobs_;
  BoundedCache<std::string> thumbnails_;
  std::counting_semaphore<> heavy_{2};  // so many pictures are worked on at once
};

}  // namespace sfumato
