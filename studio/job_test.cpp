// SPDX-License-Identifier: Apache-2.0
// Jobs do what the program does, end when they are told to, and outlive the studio.
#include <gmock/gmock.h>

#include "studio/job.h"
#include "studio_fixture.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

using Jobs = StudioTest;

// The page asks for files by these numbers.
TEST(Job, NumbersResultsTheSameWhileOneIsTriedAgain) {
  Job job;
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg"}) job.results.push_back({.name = name, .is_done = true});
  job.results[1].is_done = false;
  const auto shown = job.json(false).at("results");
  ASSERT_EQ(2u, shown.size());
  EXPECT_EQ(2, shown[1].at("n"));
  EXPECT_EQ("c.jpg", shown[1].at("name"));
}

TEST_F(Jobs, RendersABatchPastABrokenFileAndTriesThatAgain) {
  const std::string good = add("good.jpg"), other = add("other.png", 200, 120);
  photo("cut.jpg", 400, 300);
  const std::string bytes = slurp(folder / "cut.jpg");
  const std::string cut = page->upload(bytes.substr(0, bytes.size() / 2), "cut.jpg").json().at("id");
  const std::string id = start_job(
      {{"kind", "batch"}, {"photos", {good, cut, other}}, {"looks", {"velvia"}}, {"options", {{"format", "png"}}}});
  const auto j = ended(id);
  EXPECT_EQ("done", j.at("state"));
  ASSERT_EQ(3u, j.at("results").size());
  EXPECT_EQ("failed", j["results"][1]["state"]);
  EXPECT_THAT(j["results"][1]["error"].get<std::string>(), testing::StartsWith("cut.jpg"));
  EXPECT_EQ("good_velvia.png", j["results"][0]["name"]);
  ASSERT_EQ(0, sfumato("render good.jpg --look velvia -o want.png").code);
  EXPECT_EQ(slurp(folder / "want.png"), page->get("/api/jobs/" + id + "/results/0").body);
  EXPECT_EQ(404, page->get("/api/jobs/" + id + "/results/1").status);
  EXPECT_EQ(404, page->get("/api/jobs/" + id + "/results/3").status);

  // Tried again in vain: what was made stays.
  EXPECT_EQ(200, page->post("/api/jobs/" + id + "/retry", nlohmann::json::object()).status);
  const auto again = ended(id);
  EXPECT_EQ("done", again.at("state"));
  EXPECT_EQ("failed", again["results"][1]["state"]);
  EXPECT_EQ(3u, again.at("results").size());

  // The file is mended where the job keeps it.
  spill(folder / "state/jobs" / id / "inputs/cut.jpg", bytes);
  EXPECT_EQ(200, page->post("/api/jobs/" + id + "/retry", nlohmann::json::object()).status);
  EXPECT_EQ("done", ended(id)["results"][1]["state"]);
}

TEST_F(Jobs, LearnsALookFromPairs) {
  std::vector<std::string> before, after;
  for (int i = 0; i < 2; ++i) {
    const std::string name = "p" + std::to_string(i);
    before.push_back(add(name + ".png", 120 + 40 * i, 100));
    ASSERT_EQ(0,
              sfumato("render " + name + ".png --set exposure.stops=0.5 --set saturation.amount=-0.5 -o after/").code);
    fs::rename(folder / ("after/" + name + "_custom.png"), folder / ("after/" + name + ".png"));
    after.push_back(page->upload(slurp(folder / "after" / (name + ".png")), name + ".png").json().at("id"));
  }
  const auto j = ended(start_job({{"kind", "learn"},
                                  {"title", "Half Gray"},
                                  {"before", before},
                                  {"after", after},
                                  {"options", {{"model", "closed"}}}}));
  EXPECT_EQ("done", j.at("state")) << j;
  EXPECT_EQ("half-gray", j.at("look"));
  EXPECT_EQ(2u, j.at("summary").at("pairs").size());
  const auto look = page->get("/api/catalog").json().at("looks").at(0);
  EXPECT_EQ("Half Gray", look.at("title"));
  EXPECT_EQ(true, look.at("own"));
  EXPECT_EQ(200, page->post("/api/save", {{"photo", before[0]}, {"looks", {"half-gray"}}}).status);
}

TEST_F(Jobs, LearnsALookFromAReference) {
  const std::vector<std::string> photos{add("a.png"), add("b.png", 140, 100)};
  const auto j = ended(start_job({{"kind", "learn"},
                                  {"title", "As That One"},
                                  {"photos", photos},
                                  {"reference", add("reference.png", 200, 150)}}));
  EXPECT_EQ("done", j.at("state")) << j;
  EXPECT_EQ("as-that-one", j.at("look"));
  EXPECT_EQ(200, page->post("/api/save", {{"photo", photos[0]}, {"looks", {"as-that-one"}}}).status);
}

TEST_F(Jobs, SaysWhyItFailedWithoutTheStudiosFolders) {
  const auto sample = [&](int i) {
    return page->post("/api/photos/sample/" + std::to_string(i), nlohmann::json::object()).json().at("id");
  };
  const auto j = ended(start_job({{"kind", "learn"}, {"before", {sample(0)}}, {"after", {sample(1)}}}));
  EXPECT_EQ("failed", j.at("state"));
  EXPECT_THAT(j.at("message").get<std::string>(), HasSubstr("before/"));
  for (const char* text : {"message", "log"})
    EXPECT_THAT(j.at(text).get<std::string>(), testing::Not(HasSubstr(folder / "state")));
}

TEST_F(Jobs, SaysWhenThereIsAPreview) {
  const std::string id = add("in.png"), style = add("style.png", 200, 150);
  const auto j = ended(start_job({{"kind", "paint"}, {"photos", {id}}, {"style", style}, {"options", {{"size", 64}}}}));
  EXPECT_GT(j.value("preview", 0LL), 0);
  EXPECT_EQ(200, page->get("/api/jobs/" + j.at("id").get<std::string>() + "/preview.jpg").status);
  const auto none = ended(start_job({{"kind", "batch"}, {"photos", {id}}, {"looks", {"velvia"}}}));
  EXPECT_FALSE(none.contains("preview"));
}

TEST_F(Jobs, GoesOnWithItsQueueAfterARestart) {
  const std::string id = add("in.png"), style = add("style.png", 200, 150);
  // The first takes a while; the second waits behind it.
  const std::string first =
      start_job({{"kind", "paint"}, {"photos", {id}}, {"style", style}, {"options", {{"size", 64}}}});
  const std::string second = start_job({{"kind", "batch"}, {"photos", {id}}, {"looks", {"velvia"}}});
  wait_for(first, [](const std::string& s) { return s == "running"; });
  start();
  EXPECT_EQ("done", ended(first).at("state"));
  EXPECT_EQ("done", ended(second).at("state"));
}

TEST_F(Jobs, CancelsAJob) {
  const std::string id = add("in.png"), style = add("style.png", 400, 300);
  const std::string running =
      start_job({{"kind", "paint"}, {"photos", {id}}, {"style", style}, {"options", {{"size", 1600}}}});
  const std::string waiting = start_job({{"kind", "batch"}, {"photos", {id}}, {"looks", {"velvia"}}});
  wait_for(running, [](const std::string& s) { return s == "running"; });
  EXPECT_EQ(200, page->ask("DELETE", "/api/jobs/" + waiting).status);
  EXPECT_EQ(200, page->ask("DELETE", "/api/jobs/" + running).status);
  EXPECT_EQ("canceled", ended(running).at("state"));
  EXPECT_EQ("canceled", job(waiting).at("state"));
  EXPECT_EQ(200, page->ask("DELETE", "/api/jobs/" + waiting).status);
  EXPECT_EQ(404, page->get("/api/jobs/" + waiting).status);
}

TEST_F(Jobs, SurvivesAChildThatCrashes) {
  spill(folder / "crash", "#!/bin/sh\necho 'a word before' >&2\nkill -SEGV $$\n");
  fs::permissions(folder / "crash", fs::perms::owner_all);
  const std::string id = add("in.png");
  program = folder / "crash";
  start();
  const auto j = ended(start_job({{"kind", "batch"}, {"photos", {id}}, {"looks", {"velvia"}}}));
  EXPECT_EQ("failed", j.at("state"));
  EXPECT_THAT(j.at("log").get<std::string>(), HasSubstr("a word before"));
  EXPECT_EQ(500, page->post("/api/save", {{"photo", id}, {"looks", {"velvia"}}}).status);
}

TEST_F(Jobs, RefusesOptionsThatAreNoWords) {
  const std::string id = add("in.png");
  for (const nlohmann::json& options : {nlohmann::json{{"output", "/tmp/x"}}, nlohmann::json{{"format", "/etc/passwd"}},
                                        nlohmann::json{{"format", "-o"}}, nlohmann::json{{"format", {"a"}}}})
    EXPECT_EQ(
        400, page->post("/api/jobs", {{"kind", "batch"}, {"photos", {id}}, {"looks", {"velvia"}}, {"options", options}})
                 .status)
        << options;
  EXPECT_EQ(
      404,
      page->post("/api/jobs", {{"kind", "batch"}, {"photos", {std::string(64, 'a')}}, {"looks", {"velvia"}}}).status);
  EXPECT_EQ(400, page->post("/api/jobs", {{"kind", "shell"}}).status);
  EXPECT_TRUE(fs::is_empty(folder / "state/jobs"));
}

}  // namespace
}  // namespace sfumato
