// SPDX-License-Identifier: Apache-2.0
#include "pairs/strokes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "measure/lab_difference.h"

namespace sfumato {
namespace {

// A stroke while it is found: where it is, and its color.
struct Stroke {
  double x = 0, y = 0;
  Lab color{};
};

double squares(double x, double y, double z) { return x * x + y * y + z * z; }

class Strokes {
 public:
  Strokes(const Picture& picture, double diameter)
      : width_(picture.width()), height_(picture.height()), diameter_(diameter), label_(width_ * height_) {
    std::vector<Lab> row;
    for (int y = 0; y < height_; ++y) {
      read_lab_row(picture.view(), y, LabChain::srgb, row);
      lab_.insert(lab_.end(), row.begin(), row.end());
    }
    const auto along = [&](int length) { return std::max(1, static_cast<int>(std::lround(length / diameter))); };
    const int columns = along(width_), rows = along(height_);
    for (int j = 0; j < rows; ++j)
      for (int i = 0; i < columns; ++i) {
        const double x = (i + 0.5) * width_ / columns, y = (j + 0.5) * height_ / rows;
        strokes_.push_back({x, y, at(static_cast<int>(x), static_cast<int>(y))});
      }
  }

  const std::vector<int>& find() {
    constexpr int rounds = 10;  // [Achanta2012]
    for (int round = 0; round < rounds; ++round) assign(), move();
    return label_;
  }
  std::size_t count() const { return strokes_.size(); }

 private:
  const Lab& at(int x, int y) const { return lab_[static_cast<std::size_t>(y) * width_ + x]; }

  // Each pixel to the nearest stroke within a diameter; distances in color and place weigh alike at the diameter.
  void assign() {
    constexpr double compactness = 10;
    const double place_weight = squares(compactness / diameter_, 0, 0);
    std::vector<double> least(label_.size(), std::numeric_limits<double>::infinity());
    for (std::size_t s = 0; s < strokes_.size(); ++s) {
      const Stroke& stroke = strokes_[s];
      const auto from = [&](double center) { return std::max(0, static_cast<int>(std::floor(center - diameter_))); };
      const auto to = [&](double center, int length) {
        return std::min(length, static_cast<int>(std::ceil(center + diameter_)) + 1);
      };
      for (int y = from(stroke.y); y < to(stroke.y, height_); ++y)
        for (int x = from(stroke.x); x < to(stroke.x, width_); ++x) {
          const Lab& c = at(x, y);
          const double d = squares(c.l - stroke.color.l, c.a - stroke.color.a, c.b - stroke.color.b) +
                           place_weight * squares(x + 0.5 - stroke.x, y + 0.5 - stroke.y, 0);
          const std::size_t i = static_cast<std::size_t>(y) * width_ + x;
          if (d < least[i]) least[i] = d, label_[i] = static_cast<int>(s);
        }
    }
  }

  void move() {
    std::vector<Stroke> sums(strokes_.size());
    std::vector<double> counts(strokes_.size());
    for (int y = 0; y < height_; ++y)
      for (int x = 0; x < width_; ++x) {
        const int s = label_[static_cast<std::size_t>(y) * width_ + x];
        const Lab& c = at(x, y);
        sums[s].x += x + 0.5, sums[s].y += y + 0.5, counts[s] += 1;
        sums[s].color.l += c.l, sums[s].color.a += c.a, sums[s].color.b += c.b;
      }
    for (std::size_t s = 0; s < strokes_.size(); ++s) {
      const double n = counts[s];
      if (n > 0)
        strokes_[s] = {sums[s].x / n, sums[s].y / n, {sums[s].color.l / n, sums[s].color.a / n, sums[s].color.b / n}};
    }
  }

  int width_, height_;
  double diameter_;
  std::vector<Lab> lab_;
  std::vector<Stroke> strokes_;
  std::vector<int> label_;
};

}  // namespace

void paint_strokes(Picture& picture, double diameter) {
  if (diameter < 2) return;
  Strokes strokes(picture, diameter);
  const std::vector<int>& label = strokes.find();
  std::vector<double> sums(3 * strokes.count()), counts(strokes.count());
  float* v = picture.samples<float>();
  for (std::size_t i = 0; i < label.size(); ++i) {
    for (int c = 0; c < 3; ++c) sums[3 * label[i] + c] += v[3 * i + c];
    counts[label[i]] += 1;
  }
  for (std::size_t i = 0; i < label.size(); ++i)
    for (int c = 0; c < 3; ++c) v[3 * i + c] = static_cast<float>(sums[3 * label[i] + c] / counts[label[i]]);
}

}  // namespace sfumato
