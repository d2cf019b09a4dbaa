// SPDX-License-Identifier: Apache-2.0
#include "grade/grain_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "look/values.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

constexpr int block = 24;  // pixels each way; larger than any clump to be found
constexpr std::array lags{1, 2, 3, 4, 6, 8};
constexpr std::size_t most_blocks = 1500;
constexpr int least_edge = 1200;  // pixels of 30 um on the frame; larger ones average grain away
// Knobs of the probe whose statistics are compared: amounts scale, and shares of color follow.
constexpr float probe_amount = 0.25f, probe_color = 0.25f;

// What a residual is like over many blocks.
struct Texture {
  double common = 0, own = 0;  // variance of what the channels share, and of what red and blue have alone
  std::array<double, lags.size()> correlation{};  // of the shared part
  double gained = 0;  // by the picture, as a share of what the other does not explain: 1 where it was added

  double distance(const Texture& o) const {
    double sum = 0;
    for (std::size_t i = 0; i < lags.size(); ++i)
      sum += (correlation[i] - o.correlation[i]) * (correlation[i] - o.correlation[i]);
    return sum;
  }
};

struct Block {
  int x, y;
  double roughness;
};

// Where the picture without grain is flat, of middle tones and usable: the smoothest third.
std::vector<Block> smooth_blocks(const Picture& p, const Pair& pair) {
  std::vector<Block> blocks;
  for (int y0 = 0; y0 + block <= p.height(); y0 += block)
    for (int x0 = 0; x0 + block <= p.width(); x0 += block) {
      double sum = 0, squares = 0;
      bool usable = true;
      for (int y = y0; y < y0 + block; ++y)
        for (int x = x0; x < x0 + block; ++x) {
          const std::size_t i = static_cast<std::size_t>(y) * p.width() + x;
          usable = usable && pair.is_whole(i);
          const double green = p.samples<float>()[3 * i + 1];
          sum += green, squares += green * green;
        }
      constexpr double n = block * block;
      const double mean = sum / n;
      if (usable && mean > 0.12 && mean < 0.88) blocks.push_back({x0, y0, squares / n - mean * mean});
    }
  std::sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) { return a.roughness < b.roughness; });
  blocks.resize(std::min({blocks.size(), most_blocks, std::max<std::size_t>(blocks.size() / 3, 16)}));
  return blocks;
}

using Values = std::array<double, block * block>;  // of a block, row by row

Values values_of(const Picture& p, const Block& at, int c) {
  Values v;
  for (int y = 0; y < block; ++y)
    for (int x = 0; x < block; ++x)
      v[y * block + x] = p.samples<float>()[(static_cast<std::size_t>(at.y + y) * p.width() + at.x + x) * 3 + c];
  return v;
}

double dot(const Values& a, const Values& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

void take_out(Values& from, const Values& unit) {
  const double share = dot(from, unit);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= share * unit[i];
}

// How a channel of a block bends over so many pixels: what sharpening and scaling add or take.
Values bends_of(const Picture& p, const Block& at, int c, int reach) {
  const auto value = [&](int x, int y) {
    x = std::clamp(x, 0, p.width() - 1), y = std::clamp(y, 0, p.height() - 1);
    return static_cast<double>(p.samples<float>()[(static_cast<std::size_t>(y) * p.width() + x) * 3 + c]);
  };
  Values v;
  for (int i = 0; i < block * block; ++i) {
    const int x = at.x + i % block, y = at.y + i / block;
    v[i] = 4 * value(x, y) - value(x - reach, y) - value(x + reach, y) - value(x, y - reach) - value(x, y + reach);
  }
  return v;
}

// What a block of b explains of other pictures there: its mean, slopes, and the texture of its channels, as it is and
// sharpened, of which a look that does not fit and another scaling leave some. Orthonormal.
std::vector<Values> basis_of(const Picture& b, const Block& at) {
  std::vector<Values> basis(3);
  for (int y = 0; y < block; ++y)
    for (int x = 0; x < block; ++x) {
      const int i = y * block + x;
      basis[0][i] = 1, basis[1][i] = x - (block - 1) / 2.0, basis[2][i] = y - (block - 1) / 2.0;
    }
  for (int c = 0; c < 3; ++c) {
    basis.push_back(values_of(b, at, c));
    for (const int reach : {1, 2}) basis.push_back(bends_of(b, at, c, reach));
  }
  std::vector<Values> units;
  for (Values& v : basis) {
    const double whole = dot(v, v);
    for (const Values& unit : units) take_out(v, unit);
    const double left = dot(v, v);
    if (!(left > 1e-9 * whole)) continue;
    for (double& e : v) e /= std::sqrt(left);
    units.push_back(v);
  }
  return units;
}

// Statistics of a - b over blocks of any pictures, without what b explains of it.
class TextureSum {
 public:
  void add(const Picture& a, const Picture& b, const std::vector<Block>& blocks) {
    for (const Block& at : blocks) {
      const std::vector<Values> basis = basis_of(b, at);
      for (int c = 0; c < 3; ++c) {
        Values whole = values_of(a, at, c), clean = values_of(b, at, c);
        for (std::size_t i = 0; i < clean.size(); ++i) r_[c][i] = whole[i] - clean[i];
        for (const Values& unit : basis) take_out(r_[c], unit);
        // The first ones, mean and slopes, are no texture.
        for (int i = 0; i < 3; ++i) take_out(whole, basis[i]), take_out(clean, basis[i]);
        gained_ += dot(whole, whole) - dot(clean, clean);
        left_ += dot(r_[c], r_[c]);
      }
      sum_up();
    }
  }

  Texture mean() const {
    Texture t;
    if (count_ == 0) return t;
    t.common = common_ / count_;
    t.gained = left_ > 0 ? gained_ / left_ : 0;
    t.own = std::max(0.0, (red_ + blue_) / (2 * count_) - t.common);
    for (std::size_t i = 0; i < lags.size(); ++i)
      t.correlation[i] = common_ > 0 ? lag_[i] / lag_count_[i] / t.common : 0;
    return t;
  }

 private:
  // Red and blue share only what is common to all channels: their covariance is its variance, free of rounding.
  void sum_up() {
    const auto &red = r_[0], &blue = r_[2];
    const auto add_lag = [&](std::size_t lag, int i, int k) {
      lag_[lag] += (red[i] * blue[k] + blue[i] * red[k]) / 2;
      ++lag_count_[lag];
    };
    for (int y = 0; y < block; ++y)
      for (int x = 0; x < block; ++x) {
        const int i = y * block + x;
        common_ += red[i] * blue[i];
        red_ += red[i] * red[i], blue_ += blue[i] * blue[i];
        ++count_;
        for (std::size_t lag = 0; lag < lags.size(); ++lag) {
          if (x + lags[lag] < block) add_lag(lag, i, i + lags[lag]);
          if (y + lags[lag] < block) add_lag(lag, i, i + lags[lag] * block);
        }
      }
  }

  std::array<Values, 3> r_;
  double common_ = 0, red_ = 0, blue_ = 0, count_ = 0, gained_ = 0, left_ = 0;
  std::array<double, lags.size()> lag_{}, lag_count_{};
};

LookStep grain_step(double amount, double size, double color) {
  LookStep step = initial_step(*find_op("grain"));
  const double knobs[]{std::min(amount, 1.0), size, color};
  for (int i = 0; i < 3; ++i) step.values[i] = KnobValue::fixed(static_cast<float>(knobs[i]));
  return step;
}

class Estimator {
 public:
  Estimator(std::span<const Pair> pairs, const Look& look) {
    for (const Pair& pair : pairs) {
      if (std::max(pair.before.width(), pair.before.height()) < least_edge) continue;
      Picture clean = rendered(Plan(for_photo(look, pair.before.view())), pair.before.view());
      std::vector<Block> blocks = smooth_blocks(clean, pair);
      seen_.add(pair.after, clean, blocks);
      calm_.add(pair.after, clean, std::vector<Block>(blocks.begin(), blocks.begin() + (blocks.size() + 3) / 4));
      cleans_.push_back(std::move(clean)), blocks_.push_back(std::move(blocks));
    }
  }

  std::optional<LookStep> run() const {
    constexpr double step = 1.0 / 255.0, least_common = 0.5 * step * step, least_amount = 0.02, most_distance = 0.15;
    const Texture seen = seen_.mean();
    if (seen.common < least_common) return std::nullopt;
    // Grain is where it is calm, too; what a look's misfit leaves of the photo's texture grows with that.
    const Texture calm = calm_.mean();
    if (calm.common < 0.5 * seen.common) return std::nullopt;
    // Compression, scaling and noise reduction take texture away where grain adds it.
    if (calm.gained < 0.5) return std::nullopt;
    const double size = best_size(seen);
    const Knob& range = find_op("grain")->knobs[1];
    const Texture fit = probe(size);
    // Texture unlike any grain: sharpening, scaling, noise that a stronger contrast brought out.
    if (fit.distance(seen) > most_distance || size < 1.05 * range.min || size > 0.95 * range.max) return std::nullopt;
    // Pictures of 8 bits round by a twelfth of a step's square on either side, in each channel alone.
    const double own = std::max(0.0, seen.own - 2.0 * step * step / 12.0);
    const double shared_amount = std::sqrt(seen.common / fit.common) * probe_amount * (1 - probe_color);
    const double own_amount = std::sqrt(own / fit.own) * probe_amount * probe_color;
    const double amount = shared_amount + own_amount;
    if (amount < least_amount) return std::nullopt;
    return grain_step(amount, size, own_amount / amount);
  }

 private:
  // Among sizes in even ratios, then between neighbors by a parabola.
  double best_size(const Texture& seen) const {
    constexpr int sizes = 15;
    const Knob& k = find_op("grain")->knobs[1];
    const double ratio = std::log(k.max / k.min) / (sizes - 1);
    const auto size_at = [&](double place) { return std::min<double>(k.min * std::exp(ratio * place), k.max); };
    std::array<double, sizes> distance;
    for (int i = 0; i < sizes; ++i) distance[i] = probe(size_at(i)).distance(seen);
    const int best = static_cast<int>(std::min_element(distance.begin(), distance.end()) - distance.begin());
    double at = best;
    if (best > 0 && best < sizes - 1) {
      const double curve = distance[best - 1] - 2 * distance[best] + distance[best + 1];
      if (curve > 0) at += std::clamp(0.5 * (distance[best - 1] - distance[best + 1]) / curve, -0.5, 0.5);
    }
    return size_at(at);
  }

  // Grain of a size on the same pictures and places.
  Texture probe(double size) const {
    Look look;
    look.steps.push_back(grain_step(probe_amount, size, probe_color));
    TextureSum sum;
    for (std::size_t i = 0; i < cleans_.size(); ++i)
      sum.add(rendered(Plan(look), cleans_[i].view()), cleans_[i], blocks_[i]);
    return sum.mean();
  }

  TextureSum seen_, calm_;
  std::vector<Picture> cleans_;
  std::vector<std::vector<Block>> blocks_;
};

}  // namespace

std::optional<LookStep> estimate_grain(std::span<const Pair> pairs, const Look& look) {
  return Estimator(pairs, look).run();
}

}  // namespace sfumato
