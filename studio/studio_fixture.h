// SPDX-License-Identifier: Apache-2.0
// A studio in this process, and a page that has it open.
#pragma once

#include <chrono>
#include <memory>
#include <thread>

#include "http_client.h"
#include "program.h"
#include "studio/studio.h"

namespace sfumato {

class StudioTest : public ProgramTest {
 protected:
  void SetUp() override { start(); }

  void start() {
    studio.reset();
    StudioOptions options;
    options.state = folder / "state";
    options.program = program;
    studio = std::make_unique<Studio>(options);
    page = std::make_unique<Client>(studio->server().port());
    page->be_the_page(studio->server().token());
  }

  std::string add(const std::string& name, int width = 300, int height = 200) {
    photo(name, width, height);
    const Answer a = page->upload(slurp(folder / name), name);
    EXPECT_EQ(200, a.status) << a.body;
    return a.json().value("id", "");
  }

  nlohmann::json job(const std::string& id) const { return page->get("/api/jobs/" + id).json(); }
  std::string start_job(const nlohmann::json& request) const {
    const Answer a = page->post("/api/jobs", request);
    EXPECT_EQ(200, a.status) << a.body;
    return a.json().value("id", "");
  }
  nlohmann::json ended(const std::string& id) const {
    return wait_for(id, [](const std::string& s) { return s != "queued" && s != "running"; });
  }
  template <class Is>
  nlohmann::json wait_for(const std::string& id, const Is& is) const {
    for (int i = 0; i < 600; ++i) {
      const nlohmann::json j = job(id);
      if (is(j.at("state"))) return j;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "the job does not end";
    return {};
  }

  std::string program = SFUMATO_BINARY;
  std::unique_ptr<Studio> studio;
  std::unique_ptr<Client> page;
};

}  // namespace sfumato
