// SPDX-License-Identifier: Apache-2.0
#include "video/look_track.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "look/over_time.h"
#include "look/where.h"
#include "measure/analysis.h"
#include "sfumato/error.h"
#include "transfer/match_look.h"
#include "video/cut_finder.h"

namespace sfumato {
namespace {

Look without_maps(Look look) {
  for (LookStep& step : look.steps) {
    step.map = {};
    step.value_tables.clear();
  }
  return look;
}

}  // namespace

LookTrack::LookTrack(ShotLook look, std::string path, const VideoInfo& info, std::shared_ptr<const ProfileMap> pixels,
                     bool accepts_damage, const std::function<bool(long long frame)>& go_on)
    : recipe_(std::move(look.recipe)),
      matcher_(std::move(look.matcher)),
      path_(std::move(path)),
      info_(info),
      pixels_(std::move(pixels)),
      key_distance_(std::max(1L, std::lround(info.frames_per_second() / 3))) {
  const Look plain = recipe_.resolve().look;
  if (wants_mask(plain)) throw Error(Code::usage, "works where a mask says, which a video has not", plain.id);
  if (matcher_ && recipe_.is_adaptive())
    throw Error(Code::usage, "adapts to what it sees, and so does a reference; expected one of them", plain.id);
  if (matcher_ || recipe_.is_adaptive())
    read_all(accepts_damage, go_on);
  else
    shots_.push_back({0, 0, plain});
  is_constant_ = shots_.size() == 1 && !has_maps_ && !changes_with_frames(plain);
}

void LookTrack::read_all(bool accepts_damage, const std::function<bool(long long frame)>& go_on) {
  SmallFrames frames(path_, info_, pixels_);
  CutFinder cuts;
  long long count = 0;
  for (; frames.next(); ++count) {
    if (!go_on(count)) throw Error(Code::stopped, "stopped", path_);
    if (cuts.begins_shot(frames.encoded())) {
      if (!shots_.empty()) end(shots_.back());
      shots_.push_back({count, 0, {}});
    }
    if ((count - shots_.back().begin) % key_distance_ == 0) see(shots_.back(), frames);
  }
  const std::string damage = frames.damage();
  if (!damage.empty() && !accepts_damage) throw Error(Code::input, "is damaged: " + damage, path_);
  if (count == 0) throw Error(Code::input, "found no frame in it", path_);
  end(shots_.back());
}

void LookTrack::see(Shot& shot, SmallFrames& frames) {
  const int number = shot.keys++;
  if (matcher_) {
    // Ever fewer of them in long shots, each standing for more.
    constexpr int colors_of_key = 1 << 10, dense = 64;
    const int stride = std::max(1, static_cast<int>(std::bit_floor(static_cast<unsigned>(number))) / dense);
    if (number % stride == 0) shot.colors.add(sample_colors(frames.srgb().view(), nullptr, colors_of_key), stride);
    return;
  }
  const Analysis photo = analyze(frames.srgb().view());
  const LookRecipe::Resolved seen = recipe_.resolve(&photo);
  has_maps_ |= has_maps(seen.look);
  confidence_ = std::min(confidence_.value_or(1), seen.confidence);
  const std::array looks{without_maps(number == 0 ? seen.look : shot.numbers), without_maps(seen.look)};
  const float share = 1.0f / static_cast<float>(shot.keys);
  shot.numbers = blended(looks, std::array{1 - share, share});
}

void LookTrack::end(Shot& shot) const {
  if (!matcher_) return;
  const std::array looks{look_of(matcher_->match_series(shot.colors).front().table), recipe_.resolve().look};
  shot.numbers = stacked(looks);
  shot.colors = {};
}

Look LookTrack::at(long long frame) {
  while (shot_ + 1 < shots_.size() && frame >= shots_[shot_ + 1].begin) ++shot_;
  const Shot& shot = shots_[shot_];
  return at_frame(has_maps_ ? maps_at(shot, frame) : shot.numbers, frame);
}

// Key frames weighted 1 2 1, and what lies between linearly.
Look LookTrack::maps_at(const Shot& shot, long long frame) {
  const int low = static_cast<int>((frame - shot.begin) / key_distance_);
  const float t = static_cast<float>((frame - shot.begin) % key_distance_) / static_cast<float>(key_distance_);
  const std::array weights{0.25f * (1 - t), 0.5f - 0.25f * t, 0.25f + 0.25f * t, 0.25f * t};
  std::vector<Look> looks;
  for (int i = 0; i < 4; ++i) looks.push_back(key(shot, std::clamp(low - 1 + i, 0, shot.keys - 1)));
  Look look = blended(looks, weights);
  for (std::size_t i = 0; i < look.steps.size(); ++i) look.steps[i].values = shot.numbers.steps[i].values;
  return look;
}

const Look& LookTrack::key(const Shot& shot, int index) {
  const long long wanted = shot.begin + index * key_distance_;
  if (!ahead_) ahead_ = std::make_unique<SmallFrames>(path_, info_, pixels_);
  while (keys_.empty() || keys_.back().frame < wanted) {
    if (!ahead_->next()) break;  // a file that changed meanwhile
    const long long now = ahead_frame_++;
    const auto of =
        std::upper_bound(shots_.begin(), shots_.end(), now, [](long long at, const Shot& s) { return at < s.begin; }) -
        1;
    if ((now - of->begin) % key_distance_ != 0) continue;
    const Analysis photo = analyze(ahead_->srgb().view());
    keys_.push_back({now, recipe_.resolve(&photo).look});
    if (keys_.size() > 6) keys_.pop_front();
  }
  if (keys_.empty()) throw Error(Code::input, "has fewer frames than before", path_);
  const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const Key& k) { return k.frame >= wanted; });
  return found == keys_.end() ? keys_.back().look : found->look;
}

}  // namespace sfumato
