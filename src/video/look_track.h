// SPDX-License-Identifier: Apache-2.0
// The look of each frame of a video: one for each shot, so that nothing flickers and nothing drifts.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "color/profile_map.h"
#include "look/recipe.h"
#include "transfer/match_file.h"
#include "video/small_frames.h"

namespace sfumato {

// A frame every third of a second is looked at. A look's numbers are those frames' means over the shot; its maps, which
// follow what moves, go smoothly from one such frame to the next.
struct ShotLook {
  LookRecipe recipe;
  // Gives each shot the colors of references before the look; not with a recipe that reads frames.
  std::shared_ptr<const Matcher> matcher = {};

  bool reads_frames() const { return matcher || recipe.is_adaptive(); }
};

class LookTrack {
 public:
  // Reads the video to its end first where the look depends on what it shows. `pixels`: see profile_of. `go_on`, told
  // how many frames were read, stops with Code::stopped by returning false.
  // Throws Code::usage: a look that wants a mask, or reads frames beside a matcher; Code::input: a damaged video,
  // unless `accepts_damage`.
  LookTrack(ShotLook, std::string path, const VideoInfo&, std::shared_ptr<const ProfileMap> pixels, bool accepts_damage,
            const std::function<bool(long long frame)>& go_on);

  // Frames in their order, each once or more often.
  Look at(long long frame);
  // Whether it is the same for all frames.
  bool is_constant() const { return is_constant_; }
  // The least of all frames that were looked at; nothing where the look depends on none.
  std::optional<float> confidence() const { return confidence_; }
  int shot_count() const { return static_cast<int>(shots_.size()); }

 private:
  struct Shot {
    long long begin;
    int keys = 0;
    Look numbers;
    ColorSamples colors = {};  // of key frames, for the matcher
  };
  struct Key {
    long long frame;
    Look look;
  };

  void read_all(bool accepts_damage, const std::function<bool(long long frame)>& go_on);
  Look maps_at(const Shot&, long long frame);
  const Look& key(const Shot&, int index);

  void see(Shot&, SmallFrames&);
  void end(Shot&) const;

  LookRecipe recipe_;
  std::shared_ptr<const Matcher> matcher_;
  std::string path_;
  VideoInfo info_;
  std::shared_ptr<const ProfileMap> pixels_;
  long long key_distance_;
  bool is_constant_ = true, has_maps_ = false;
  std::optional<float> confidence_;
  std::vector<Shot> shots_;
  std::size_t shot_ = 0;
  // What reads ahead of the frames that are asked for.
  std::unique_ptr<SmallFrames> ahead_;
  long long ahead_frame_ = 0;
  std::deque<Key> keys_;
};

}  // namespace sfumato
