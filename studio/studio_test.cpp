// SPDX-License-Identifier: Apache-2.0
// What a page gets from the studio is what the program makes.
#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "studio_fixture.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

TEST_F(StudioTest, SavesByteForByteWhatTheProgramRenders) {
  const std::string id = add("in.jpg");
  const Answer saved = page->post("/api/save", {{"photo", id},
                                                {"looks", {"classic-chrome"}},
                                                {"strength", 0.8},
                                                {"settings", {"exposure.stops=0.25"}},
                                                {"quality", 90}});
  ASSERT_EQ(200, saved.status) << saved.body;
  ASSERT_EQ(
      0, sfumato("render in.jpg --look classic-chrome --strength 0.8 --set exposure.stops=0.25 --quality 90 -o out.jpg")
             .code);
  EXPECT_EQ(slurp(folder / "out.jpg"), saved.body);
}

TEST_F(StudioTest, TellsTheCommandThatMakesTheSavedFile) {
  const nlohmann::json wish{
      {"photo", add("it's.jpg")}, {"looks", {"velvia"}}, {"strength", 0.5}, {"format", "png"}, {"bits", 16}};
  const std::string command = page->post("/api/command", wish).json().at("command");
  ASSERT_TRUE(command.starts_with("sfumato ")) << command;
  ASSERT_EQ(0, shell(SFUMATO_BINARY + command.substr(7)).code) << command;
  EXPECT_EQ(slurp(folder / "it's_velvia.png"), page->post("/api/save", wish).body);
}

TEST_F(StudioTest, GivesPixelsOfAnyPart) {
  const std::string path = "/api/photos/" + add("in.png") + "/pixels";
  const Answer whole = page->get(path + "?longest=1000"), part = page->get(path + "?x=40&y=30&width=50&height=20");
  ASSERT_EQ("300", whole.headers.at("x-width"));
  ASSERT_EQ(300u * 200 * 8, whole.body.size());
  ASSERT_EQ("50", part.headers.at("x-width"));
  for (int y = 0; y < 20; ++y)
    EXPECT_EQ(0, std::memcmp(part.body.data() + y * 50 * 8, whole.body.data() + ((y + 30) * 300 + 40) * 8, 50 * 8));
  // 16 bits of the file's 8, as vips reads them.
  ASSERT_EQ(0, shell("vips crop in.png .p.v 7 5 1 1 && vips getpoint .p.v 0 0 > point; rm -f .p.v").code);
  double r = 0, g = 0, b = 0;
  ASSERT_EQ(3, std::sscanf(slurp(folder / "point").c_str(), "%lf %lf %lf", &r, &g, &b));
  std::uint16_t pixel[4];
  std::memcpy(pixel, whole.body.data() + (5 * 300 + 7) * 8, 8);
  EXPECT_EQ(257 * r, pixel[0]);
  EXPECT_EQ(257 * g, pixel[1]);
  EXPECT_EQ(257 * b, pixel[2]);
  EXPECT_EQ(65535, pixel[3]);
  EXPECT_EQ("75", page->get(path + "?longest=75").headers.at("x-width"));
  EXPECT_EQ("50", page->get(path + "?longest=75").headers.at("x-height"));
  EXPECT_EQ(400, page->get(path + "?x=900&y=0&width=10&height=10").status);
}

TEST_F(StudioTest, DrawsACropAsThePartOfTheWhole) {
  const std::string id = add("in.png");
  for (const char* look : {"velvia", "tilt-shift"}) {
    const nlohmann::json wish{{"photo", id}, {"looks", {look}}};
    nlohmann::json whole = wish, part = wish;
    whole["longest"] = 1000;
    part.update({{"x", 100}, {"y", 60}, {"width", 80}, {"height", 40}});
    const std::string a = page->post("/api/render", whole).body, b = page->post("/api/render", part).body;
    ASSERT_EQ(80u * 40 * 8, b.size());
    // The whole is kept in 16 bits, the part in the file's 8: the same numbers, rounded twice.
    int worst = 0;
    for (int i = 0; i < 80 * 40 * 4; ++i) {
      std::uint16_t p = 0, q = 0;
      std::memcpy(&p, b.data() + 2 * i, 2);
      std::memcpy(&q, a.data() + 2 * (((i / 320 + 60) * 300 + 100) * 4 + i % 320), 2);
      worst = std::max(worst, std::abs(p - q));
    }
    EXPECT_LE(worst, 1) << look;
  }
}

TEST_F(StudioTest, CompilesALookSoThatASliderSendsOnlyNumbers) {
  const std::string id = add("in.jpg");
  auto compiled = [&](double stops) {
    return page
        ->post("/api/compile",
               {{"photo", id},
                {"looks", {{{"sfumato", 1}, {"title", "x"}, {"steps", {{{"op", "exposure"}, {"stops", stops}}}}}}}})
        .json();
  };
  const auto a = compiled(0.5), b = compiled(1.0);
  EXPECT_EQ(a.at("key"), b.at("key"));
  EXPECT_EQ(a.at("glsl"), b.at("glsl"));
  EXPECT_THAT(a.at("glsl").get<std::string>(), HasSubstr("uniform float coefficients["));
  EXPECT_EQ(2.0f, b.at("coefficients").at(0));
  EXPECT_EQ(false, a.at("whole_on_server"));
  EXPECT_EQ(0.5, a.at("steps").at(0).at("stops"));
  EXPECT_EQ(true, page->post("/api/compile", {{"looks", {"tilt-shift"}}}).json().at("whole_on_server"));
}

// Tables go to the page once, and steps that hold one can be sent back.
TEST_F(StudioTest, KeepsTablesOfDroppedLuts) {
  const std::string cube = "LUT_3D_SIZE 2\n0 0 0\n.5 0 0\n0 1 0\n.5 1 0\n0 0 1\n.5 0 1\n0 1 1\n.5 1 1\n";
  const Answer added =
      page->ask("POST", "/api/looks", cube, "application/octet-stream", {{"X-Name", "half%20red.cube"}});
  ASSERT_EQ(200, added.status) << added.body;
  EXPECT_EQ("half-red", added.json().at("name"));
  const auto first = page->post("/api/compile", {{"looks", {"half-red"}}}).json();
  ASSERT_EQ(1u, first.at("tables").size());
  EXPECT_TRUE(first["tables"][0].contains("data"));
  const auto again =
      page->post("/api/compile", {{"looks", {"half-red"}}, {"known_tables", {first["tables"][0]["hash"]}}}).json();
  EXPECT_FALSE(again["tables"][0].contains("data"));
  const auto edited =
      page->post("/api/compile", {{"looks", {{{"sfumato", 1}, {"title", "x"}, {"steps", first.at("steps")}}}}}).json();
  EXPECT_EQ(first["tables"][0]["hash"], edited["tables"][0]["hash"]) << edited;
  EXPECT_EQ("half-red", page->get("/api/catalog").json().at("looks").at(0).at("name"));
  EXPECT_EQ(200, page->ask("DELETE", "/api/looks/half-red").status);
  EXPECT_EQ(422, page->post("/api/compile", {{"looks", {"half-red"}}}).status);
  EXPECT_EQ(404, page->ask("DELETE", "/api/looks/half-red").status);
  EXPECT_EQ(404, page->ask("DELETE", "/api/looks/velvia").status);
  // Pictures of the one that is gone may still be in a cache under its name.
  EXPECT_EQ("half-red-2",
            page->ask("POST", "/api/looks", cube, "application/octet-stream", {{"X-Name", "half%20red.cube"}})
                .json()
                .at("name"));
  EXPECT_EQ(422,
            page->ask("POST", "/api/looks", "no table", "application/octet-stream", {{"X-Name", "a.cube"}}).status);
}

TEST_F(StudioTest, KeepsPhotosAndThePageOverARestart) {
  const std::string id = add("in.jpg");
  EXPECT_EQ(200, page->ask("PUT", "/api/state", R"({"edit":[1,2]})", "application/json").status);
  start();
  EXPECT_EQ(id, page->get("/api/photos").json().at(0).at("id"));
  EXPECT_EQ(R"({"edit":[1,2]})", page->get("/api/state").body);
  EXPECT_EQ(200, page->ask("DELETE", "/api/photos/" + id).status);
  EXPECT_EQ(404, page->get("/api/photos/" + id + "/pixels?longest=10").status);
  EXPECT_TRUE(fs::is_empty(folder / "state/photos"));
}

TEST_F(StudioTest, RefusesWhatIsNoPicture) {
  const Answer a = page->upload("this is no picture", "..%2F..%2Fholiday.jpg");
  EXPECT_EQ(422, a.status);
  EXPECT_THAT(a.json().at("error").at("what").get<std::string>(), HasSubstr("holiday.jpg"));
  EXPECT_THAT(a.body, testing::Not(HasSubstr("state")));
  EXPECT_TRUE(fs::is_empty(folder / "state/photos"));
  EXPECT_TRUE(fs::is_empty(folder / "state/uploads"));
}

TEST_F(StudioTest, NamesADamagedPhotoAsItsOwnerDoes) {
  photo("cut.jpg", 400, 300);
  const std::string bytes = slurp(folder / "cut.jpg");
  const std::string id = page->upload(bytes.substr(0, bytes.size() / 2), "cut.jpg").json().at("id");
  for (const char* part : {"thumbnail.jpg", "pixels?longest=100"}) {
    const auto answer = page->get("/api/photos/" + id + "/" + part);
    EXPECT_EQ(422, answer.status);
    EXPECT_EQ(std::string::npos, answer.body.find("state")) << answer.body;
    EXPECT_NE(std::string::npos, answer.body.find("cut.jpg")) << answer.body;
  }
}

TEST_F(StudioTest, MeasuresBeforeAndAfter) {
  const auto m = page->post("/api/measure", {{"photo", add("in.jpg")}, {"looks", {"acros"}}}).json();
  for (const char* side : {"before", "after"})
    for (const char* channel : {"r", "g", "b", "luminance"}) {
      const std::vector<double> shares = m.at(side).at("histogram").at(channel),
                                sums = m.at(side).at("cdf").at(channel);
      ASSERT_EQ(256u, shares.size());
      EXPECT_NEAR(1, std::accumulate(shares.begin(), shares.end(), 0.0), 1e-9);
      EXPECT_EQ(1, sums.back());
    }
  // Black and white: one distribution for all.
  EXPECT_NEAR(m["after"]["cdf"]["r"][100], m["after"]["cdf"]["luminance"][100], 0.02);
}

TEST_F(StudioTest, DrawsItsSamples) {
  const auto samples = page->get("/api/catalog").json().at("samples");
  ASSERT_FALSE(samples.empty());
  const Answer a = page->post("/api/photos/sample/0", nlohmann::json::object());
  ASSERT_EQ(200, a.status);
  const Answer thumbnail =
      page->get("/api/photos/" + a.json().at("id").get<std::string>() + "/looks/velvia.jpg?height=60");
  EXPECT_EQ("image/jpeg", thumbnail.headers.at("content-type"));
  EXPECT_TRUE(thumbnail.body.starts_with("\xff\xd8"));
  EXPECT_EQ(404, page->post("/api/photos/sample/99", nlohmann::json::object()).status);
}

TEST_F(StudioTest, ShowsAMatchBeforeItIsMade) {
  const auto sample = [&](int i) {
    return page->post("/api/photos/sample/" + std::to_string(i), nlohmann::json::object()).json().at("id");
  };
  const std::string photo = sample(0), warm = sample(1), night = sample(2);
  const auto matched = [&](const std::string& reference, const char* settings) {
    return page->get("/api/photos/" + photo + "/matched/" + reference + ".jpg" + settings);
  };
  const Answer none = matched(warm, "?strength=0&protection=50"), full = matched(warm, "?strength=100&protection=50");
  EXPECT_EQ("image/jpeg", full.headers.at("content-type"));
  EXPECT_EQ(none.body, matched(night, "?strength=0&protection=50").body);
  EXPECT_NE(none.body, full.body);
  EXPECT_NE(matched(night, "?strength=100&protection=50").body, full.body);
  EXPECT_EQ(404, matched("missing", "?strength=0&protection=50").status);
  EXPECT_EQ(400, matched(warm, "?strength=101&protection=50").status);
}

TEST_F(ProgramTest, StudioPrintsItsAddressAndEndsOnASignal) {
  const Result r = shell(SFUMATO_BINARY
                         " studio --no-open --state s > address & p=$!; "
                         "for i in $(seq 100); do [ -s address ] && break; sleep 0.05; done; kill -TERM $p; wait $p");
  EXPECT_EQ(0, r.code) << r.err;
  EXPECT_THAT(slurp(folder / "address"), testing::MatchesRegex("http://127.0.0.1:[0-9]+/#[0-9a-f]+\n"));
}

}  // namespace
}  // namespace sfumato
