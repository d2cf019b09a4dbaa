// SPDX-License-Identifier: Apache-2.0
// Procedural photos with known edits, for the tests of this room.
#pragma once

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <string>

#include "base/random.h"
#include "pairs/pair.h"
#include "pairs/photo.h"
#include "sfumato/error.h"

namespace sfumato {

struct SceneColor {
  double r, g, b;
};

// A scene as a function of the plane, so that crops and shifts of any size are exact: soft-edged discs over a ramp.
class DiscScene {
 public:
  explicit DiscScene(int seed) {
    for (std::uint64_t i = 0; i < 70; ++i) {
      auto random = [&](std::uint64_t k) { return random_uniform(static_cast<std::uint64_t>(seed), i * 16 + k); };
      discs_.push_back({320 * random(0),
                        220 * random(1),
                        5 + 26 * random(2),
                        0.6 + random(6),
                        {0.1 + 0.8 * random(3), 0.1 + 0.8 * random(4), 0.1 + 0.8 * random(5)}});
    }
  }

  SceneColor at(double x, double y) const {
    SceneColor c{0.25 + 0.0012 * x, 0.35 + 0.0008 * y, 0.55 - 0.0009 * x};
    for (const Disc& d : discs_) {
      const double beyond = (std::hypot(x - d.x, (y - d.y) * d.squeeze) - d.radius) / 0.7;
      if (beyond > 12) continue;
      const double cover = 1 / (1 + std::exp(beyond));
      c = {c.r + cover * (d.color.r - c.r), c.g + cover * (d.color.g - c.g), c.b + cover * (d.color.b - c.b)};
    }
    return c;
  }

 private:
  struct Disc {
    double x, y, radius, squeeze;
    SceneColor color;
  };
  std::vector<Disc> discs_;
};

// Crossed, warm, hard: no channel keeps its tones.
inline SceneColor strong_edit(const SceneColor& c) {
  auto curve = [](double v) { return v * v * (3 - 2 * v); };
  return {0.05 + 0.9 * curve(0.75 * c.r + 0.25 * c.g), 0.04 + 0.8 * std::pow(0.7 * c.g + 0.2 * c.b, 0.8),
          0.08 + 0.6 * curve(0.6 * c.b + 0.4 * c.r)};
}

inline SceneColor unchanged(const SceneColor& c) { return c; }

struct SceneTake {
  int width = 300, height = 200;
  double x = 0, y = 0, zoom = 1, turn = 0;  // the scene at the corner, scene units per pixel, radians
  std::function<SceneColor(const SceneColor&)> edit = unchanged;
  double most = 0.98;  // where channels are clipped
};

inline Picture picture_of(int seed, const SceneTake& t = {}) {
  const DiscScene scene(seed);
  Picture p(t.width, t.height, Sample::u8);
  for (int y = 0; y < t.height; ++y)
    for (int x = 0; x < t.width; ++x) {
      const double px = (x + 0.5) * t.zoom, py = (y + 0.5) * t.zoom;
      const SceneColor c = t.edit(scene.at(t.x + std::cos(t.turn) * px - std::sin(t.turn) * py,
                                           t.y + std::sin(t.turn) * px + std::cos(t.turn) * py));
      std::uint8_t* to = p.samples<std::uint8_t>() + 3 * (y * t.width + x);
      const double v[3]{c.r, c.g, c.b};
      for (int k = 0; k < 3; ++k)
        to[k] = static_cast<std::uint8_t>(std::lround(255 * std::fmin(t.most, std::fmax(0.02, v[k]))));
    }
  return p;
}

inline Picture as_float(const Picture& in) {
  Picture out(in.width(), in.height(), Sample::f32);
  for (std::size_t i = 0; i < in.sample_count(); ++i) out.samples<float>()[i] = in.samples<std::uint8_t>()[i] / 255.0f;
  return out;
}

class PairTest : public testing::Test {
 protected:
  PairTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sfumato-pairs-XXXXXX").string();
    folder = mkdtemp(name.data());
    for (const char* side : {"before", "after"}) std::filesystem::create_directory(folder + "/" + side);
  }
  ~PairTest() override { std::filesystem::remove_all(folder); }

  std::string before() const { return folder + "/before"; }
  std::string after() const { return folder + "/after"; }
  void put(const std::string& name, const Picture& picture) const {
    write_picture(picture.view(), folder + "/" + name);
  }
  PairSet read() const { return read_pairs(before(), after()); }

  static std::string reason_of(const PairSet& set, const std::string& name) {
    for (const RefusedPair& r : set.refused)
      if (r.name == name) return r.reason;
    return "not refused";
  }
  std::string error_of_reading() const {
    try {
      read();
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  }
  static std::string notes_of(const Pair& p) {
    std::string all;
    for (const std::string& n : p.notes) all += n + "\n";
    return all;
  }

  std::string folder;
};

}  // namespace sfumato
