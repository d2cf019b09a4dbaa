// SPDX-License-Identifier: Apache-2.0
// Nobody but the page reaches the studio, and nobody can hold it up. Each guard is met over a real socket.
#include "studio/guard.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "given.h"
#include "http_client.h"
#include "sfumato/error.h"
#include "studio/studio.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

class Guards : public FolderTest {
 protected:
  void SetUp() override { start(SFUMATO_BINARY); }

  void start(const std::string& program) {
    studio.reset();
    StudioOptions options;
    options.state = (folder / "state").string();
    options.program = program;
    options.limits.header_seconds = 1.5;
    options.limits.body_seconds = 1.5;
    studio = std::make_unique<Studio>(options);
    page = std::make_unique<Client>(studio->server().port());
    page->be_the_page(studio->server().token());
  }

  Client with(const std::string& name, const std::string& value) const {
    Client other = *page;
    other.headers[name] = value;
    return other;
  }
  std::string host() const { return page->headers.at("Host"); }

  std::unique_ptr<Studio> studio;
  std::unique_ptr<Client> page;
};

TEST_F(Guards, LetThePageIn) {
  EXPECT_EQ(200, page->get("/api/catalog").status);
  EXPECT_EQ(200, page->get("/").status);
  Client named = with("Host", "localhost:" + std::to_string(page->port()));
  named.headers["Origin"] = "http://localhost:" + std::to_string(page->port());
  EXPECT_EQ(200, named.ask("PUT", "/api/state", "{}", "application/json").status);
  EXPECT_EQ(200, page->ask("PUT", "/api/state", "{}", "application/json").status);
  // Typed into the address line.
  EXPECT_EQ(200, with("Origin", "").get("/api/photos").status);
}

TEST_F(Guards, RefuseAWrongToken) {
  EXPECT_EQ(401, page->post("/api/session", {{"token", std::string(48, '0')}}).status);
  EXPECT_EQ(401, page->post("/api/session", {{"token", ""}}).status);
  EXPECT_EQ(401, with("Cookie", "").get("/api/catalog").status);
  std::string cookie = page->headers.at("Cookie");
  cookie.back() = cookie.back() == '0' ? '1' : '0';
  EXPECT_EQ(401, with("Cookie", cookie).get("/api/catalog").status);
  EXPECT_EQ(401, with("Cookie", "").ask("PUT", "/api/state", "{}", "application/json").status);
}

TEST_F(Guards, GiveACookieThatScriptsAndOtherSitesCannotUse) {
  const Answer a = page->post("/api/session", {{"token", studio->server().token()}});
  EXPECT_THAT(a.headers.at("set-cookie"), HasSubstr("HttpOnly"));
  EXPECT_THAT(a.headers.at("set-cookie"), HasSubstr("SameSite=Strict"));
  EXPECT_THAT(a.headers.at("set-cookie"), HasSubstr(std::to_string(page->port())));
}

TEST_F(Guards, RefuseForeignHosts) {
  const std::string port = ":" + std::to_string(page->port());
  for (const std::string& name :
       {"evil.example" + port, std::string("127.0.0.1"), "127.0.0.1:" + std::to_string(page->port() + 1),
        "127.0.0.1.evil.example" + port, "0.0.0.0" + port, "[::]" + port})
    for (const char* path : {"/", "/api/catalog"}) EXPECT_EQ(403, with("Host", name).get(path).status) << name;
  EXPECT_EQ(403, page->raw("GET / HTTP/1.0\r\n\r\n").status);
  EXPECT_EQ(
      400,
      page->raw("GET / HTTP/1.1\r\nHost: " + host() + "\r\nHost: evil.example\r\nConnection: close\r\n\r\n").status);
}

TEST_F(Guards, RefuseForeignOrigins) {
  for (const char* origin : {"http://evil.example", "null", "https://127.0.0.1:1", "http://127.0.0.1"}) {
    EXPECT_EQ(403, with("Origin", origin).get("/api/catalog").status) << origin;
    EXPECT_EQ(403, with("Origin", origin).post("/api/session", {{"token", studio->server().token()}}).status) << origin;
  }
  // A change must say where it comes from.
  Client silent = with("Origin", "");
  silent.headers["Sec-Fetch-Site"] = "";
  EXPECT_EQ(403, silent.ask("PUT", "/api/state", "{}", "application/json").status);
  EXPECT_EQ(403, silent.ask("DELETE", "/api/photos/" + std::string(64, '0')).status);
}

TEST_F(Guards, RefuseRequestsThatOtherSitesMade) {
  for (const char* site : {"cross-site", "same-site"}) {
    EXPECT_EQ(403, with("Sec-Fetch-Site", site).get("/api/catalog").status) << site;
    EXPECT_EQ(200, with("Sec-Fetch-Site", site).get("/").status) << "a link to the page";
  }
}

TEST_F(Guards, KnowNoPathsButTheirOwn) {
  spill(folder / "state/secret.json", "secret");
  for (const char* path : {"/../state/secret.json", "/%2e%2e/secret.json", "//etc/passwd", "/..", "/.",
                           "/index.html/..", "/assets/../index.html", "/index.html%00", "/api/photos/../state",
                           "/api/photos/..%2f..%2fsecret.json/pixels?longest=10",
                           "/api/photos/"
                           "....//"
                           "/pixels",
                           "/api/jobs/../photos", "/api//catalog", "/api/catalog/", "http://evil.example/",
                           "/api/photos/%2e%2e", "/state/secret.json", "/index.HTML"}) {
    const Answer a = page->get(path);
    EXPECT_EQ(404, a.status) << path;
    EXPECT_EQ(std::string::npos, a.body.find("secret")) << path;
  }
}

TEST_F(Guards, OpenNoFileThatALookNames) {
  spill(folder / "table.cube", "LUT_3D_SIZE 2\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n");
  const std::string path = (folder / "table.cube").string();
  const nlohmann::json look{{"sfumato", 1}, {"title", "x"}, {"steps", {{{"op", "lut3d"}, {"file", path}}}}};
  EXPECT_EQ(422, page->post("/api/compile", {{"looks", {look}}}).status);
  EXPECT_EQ(422, page->post("/api/compile", {{"looks", {path}}}).status);
  EXPECT_EQ(200, page->post("/api/compile", {{"looks", {"velvia"}}}).status);
}

TEST_F(Guards, RefuseBodiesThatAreTooLargeBeforeReadingThem) {
  EXPECT_EQ(413, page->ask("PUT", "/api/state", "", "application/json", {{"Content-Length", "1048577"}}).status);
  EXPECT_EQ(
      413,
      page->ask("POST", "/api/photos", "", "application/octet-stream", {{"Content-Length", "99999999999"}}).status);
  EXPECT_EQ(413, page->ask("GET", "/api/catalog", "", "", {{"Content-Length", "5"}}).status);
  EXPECT_TRUE(fs::is_empty(folder / "state/uploads"));
}

TEST_F(Guards, WantToKnowTheLengthOfABody) {
  EXPECT_EQ(411, page->ask("POST", "/api/photos", "", "application/octet-stream", {{"Content-Length", ""}}).status);
  EXPECT_EQ(411, page->ask("POST", "/api/photos", "5\r\nhello\r\n0\r\n\r\n", "application/octet-stream",
                           {{"Content-Length", ""}, {"Transfer-Encoding", "chunked"}})
                     .status);
  EXPECT_NE(200, page->ask("PUT", "/api/state", "{}", "application/json", {{"Content-Length", "-1"}}).status);
}

TEST_F(Guards, TakeJsonOnlyWhereItSaysSo) {
  EXPECT_EQ(415, page->ask("PUT", "/api/state", "{}", "text/plain").status);
  EXPECT_EQ(415, page->ask("PUT", "/api/state", "{}").status);
  EXPECT_EQ(400, page->ask("PUT", "/api/state", "{", "application/json").status);
  EXPECT_EQ(405, page->ask("DELETE", "/api/catalog").status);
}

TEST_F(Guards, CapHeaders) {
  std::string many;
  for (int i = 0; i < 100; ++i) many += "X-" + std::to_string(i) + ": a\r\n";
  EXPECT_EQ(431, page->raw("GET / HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n" + many + "\r\n").status);
  const int status = page->ask("GET", "/", "", "", {{"X-Long", std::string(200'000, 'a')}}).status;
  EXPECT_TRUE(status == 431 || status == 413 || status == 0) << status;
  EXPECT_EQ(200, page->get("/").status);
}

TEST_F(Guards, EndConnectionsThatDrip) {
  const auto begin = std::chrono::steady_clock::now();
  auto drip = [&](const std::string& head) {
    Connection c(page->port());
    c.put(head);
    // A byte each tenth of a second would keep an idle timeout away for ever.
    int sent = 0;
    while (sent < 100 && c.put("a")) {
      ++sent;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return sent;
  };
  std::string head = "PUT /api/state HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n";
  for (const auto& [name, value] : page->headers) head += name + ": " + value + "\r\n";
  int body = 0, header = 0;
  std::thread other([&] { header = drip("GET / HTTP/1.1\r\nX-Slow: "); });
  body = drip(head + "\r\n{");
  other.join();
  EXPECT_LT(body, 60);
  EXPECT_LT(header, 60);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
}

TEST_F(Guards, WaitForWorkThatTakesLongerThanTheyGiveClients) {
  spill(folder / "slow", "#!/bin/sh\nsleep 4\nexit 6\n");
  fs::permissions(folder / "slow", fs::perms::owner_all);
  start(folder / "slow");
  const std::string sample = page->post("/api/photos/sample/1", nlohmann::json::object()).json().at("id");
  EXPECT_EQ(507, page->post("/api/save", {{"photo", sample}, {"looks", {"velvia"}}}).status);
}

TEST_F(Guards, ServeBesideAHundredIdleConnections) {
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 100; ++i) {
    idle.push_back(std::make_unique<Connection>(page->port()));
    ASSERT_TRUE(idle.back()->put("POST /api/photos HTTP/1.1\r\nHost"));
  }
  EXPECT_EQ(200, page->get("/api/photos").status);
  EXPECT_EQ("", idle[0]->take_all()) << "it ends by the deadline";
  EXPECT_EQ(200, page->get("/api/photos").status);
}

TEST_F(Guards, SendTheirHeadersWithEachAnswer) {
  for (const Answer& a :
       {page->get("/"), page->get("/api/catalog"), page->get("/nothing"), with("Cookie", "").get("/api/photos"),
        with("Host", "evil").get("/"), page->ask("PUT", "/api/state", "{}", "text/plain"),
        page->ask("POST", "/api/photos", "", "", {{"Content-Length", ""}})}) {
    EXPECT_THAT(a.headers.at("content-security-policy"), HasSubstr("default-src 'self'")) << a.status;
    EXPECT_THAT(a.headers.at("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
    EXPECT_EQ("nosniff", a.headers.at("x-content-type-options"));
    EXPECT_EQ("no-referrer", a.headers.at("referrer-policy"));
    EXPECT_EQ(0u, a.headers.count("access-control-allow-origin"));
  }
}

TEST_F(Guards, ShareNoPortAndNoFolder) {
  StudioOptions options;
  options.state = (folder / "other").string();
  options.port = page->port();
  try {
    const Studio second(options);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(Code::resource, e.code());
    EXPECT_THAT(e.what(), HasSubstr("--port"));
  }
  options.state = (folder / "state").string();
  options.port = 0;
  EXPECT_THROW(Studio{options}, Error);
}

TEST_F(Guards, KeepTheFolderToTheUser) { EXPECT_EQ(fs::perms::owner_all, fs::status(folder / "state").permissions()); }

TEST(Token, HasManyBitsAndNeverRepeats) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(seen.insert(random_token()).second);
  EXPECT_EQ(48u, seen.begin()->size());
}

TEST(Token, IsComparedWhole) {
  EXPECT_TRUE(are_equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(are_equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(are_equal_in_constant_time("abc", "ab"));
  EXPECT_TRUE(are_equal_in_constant_time("", ""));
}

}  // namespace
}  // namespace sfumato
