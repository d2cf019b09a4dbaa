// SPDX-License-Identifier: Apache-2.0
#include "report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/escape.h"

namespace sfumato {
namespace {

constexpr double width = 480, height = 260, left = 58, right = 24, top = 10, bottom = 40;

struct Axis {
  double low = 0, high = 1, from = 0, to = 1;  // values, and where they stand
  bool is_log = false;
  std::vector<double> ticks;

  double at(double v) const {
    const double part = is_log ? std::log(v / low) / std::log(high / low) : (v - low) / (high - low);
    return from + part * (to - from);
  }
};

bool is_shown(double x, double y, bool is_log) { return std::isfinite(x) && std::isfinite(y) && (!is_log || y > 0.0); }

// Whole steps of 1, 2 or 5 times a power of ten.
void set_linear(Axis& axis, int most) {
  if (axis.high - axis.low < 1e-12 * std::max(1.0, std::abs(axis.high))) axis.low -= 0.5, axis.high += 0.5;
  const double rough = (axis.high - axis.low) / most, power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10.0 * power;
  for (const double m : {5.0, 2.0, 1.0})
    if (m * power >= rough) step = m * power;
  for (double t = std::ceil(axis.low / step - 1e-9); t * step <= axis.high + 1e-9 * step; ++t)
    axis.ticks.push_back(t == 0.0 ? 0.0 : t * step);
}

void set_log(Axis& axis) {
  axis.is_log = true;
  if (axis.high < axis.low * 1.01) axis.low /= 2.0, axis.high *= 2.0;
  const bool is_wide = axis.high / axis.low > 1e3;
  for (double p = std::pow(10.0, std::floor(std::log10(axis.low))); p <= axis.high; p *= 10.0)
    for (const double m : {1.0, 2.0, 5.0})
      if (m * p >= axis.low && m * p <= axis.high && (m == 1.0 || !is_wide)) axis.ticks.push_back(m * p);
}

// The axes that hold all points; y starts at 0 unless it is logarithmic.
std::pair<Axis, Axis> axes_of(const ReportChart& chart) {
  constexpr double huge = std::numeric_limits<double>::max();
  Axis x{huge, -huge, left, width - right}, y{huge, -huge, height - bottom, top};
  for (const ChartSeries& s : chart.series)
    for (std::size_t i = 0; i < std::min(s.x.size(), s.y.size()); ++i)
      if (is_shown(s.x[i], s.y[i], chart.is_log)) {
        x.low = std::min(x.low, s.x[i]), x.high = std::max(x.high, s.x[i]);
        y.low = std::min(y.low, s.y[i]), y.high = std::max(y.high, s.y[i]);
      }
  if (x.low > x.high) x.low = y.low = chart.is_log ? 1.0 : 0.0, x.high = y.high = 1.0;
  if (!chart.is_log) y.low = std::min(y.low, 0.0);
  set_linear(x, 6);
  if (chart.is_log)
    set_log(y);
  else
    set_linear(y, 6);
  return {x, y};
}

std::string points_of(const ChartSeries& s, const Axis& x, const Axis& y) {
  std::string points;
  for (std::size_t i = 0; i < std::min(s.x.size(), s.y.size()); ++i)
    if (is_shown(s.x[i], s.y[i], y.is_log))
      points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", x.at(s.x[i]), y.at(s.y[i]));
  return points;
}

std::string cdf_points(const std::vector<double>& cdf, double w, double h) {
  std::string points = fmt::format("0,{:.0f}", h);
  const std::size_t step = std::max<std::size_t>(1, cdf.size() / 64);
  for (std::size_t i = step - 1; i < cdf.size(); i += step)
    points += fmt::format(" {:.1f},{:.1f}", w * static_cast<double>(i + 1) / static_cast<double>(cdf.size()),
                          h * (1.0 - cdf[i]));
  return points;
}

}  // namespace

const char* series_color(std::size_t i) {
  constexpr const char* colors[]{"#e8b04b", "#7fb2e5", "#8fcf8a", "#e08a8a", "#b79be0", "#a8a8a8"};
  return colors[i % std::size(colors)];
}

std::string short_number(double v) {
  if (!std::isfinite(v)) return std::isnan(v) ? "&ndash;" : v > 0 ? "&infin;" : "&minus;&infin;";
  const double size = std::abs(v);
  return size == 0.0                                               ? "0"
         : size < 1e-4 || size >= 1e6                              ? fmt::format("{:.1e}", v)
         : fmt::format("{:.3g}", v).find('e') == std::string::npos ? fmt::format("{:.3g}", v)
                                                                   : fmt::format("{:.0f}", v);
}

std::string chart_svg(const ReportChart& chart) {
  const auto [x, y] = axes_of(chart);
  std::string svg = fmt::format("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", width,
                                height, markup_escaped(chart.title));
  for (const double t : y.ticks)
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/><text x=\"{3}\" y=\"{4:.1f}\" "
        "text-anchor=\"end\">{5}</text>\n",
        left, width - right, y.at(t), left - 7, y.at(t) + 4, short_number(t));
  for (const double t : x.ticks)
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", x.at(t), height - bottom + 17,
                       short_number(t));
  svg += fmt::format("<line class=\"axis\" x1=\"{0}\" x2=\"{1}\" y1=\"{2}\" y2=\"{2}\"/>\n", left, width - right,
                     height - bottom);
  svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", (left + width - right) / 2,
                     height - 5, markup_escaped(chart.x_label));
  svg += fmt::format("<text transform=\"translate(12 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                     (top + height - bottom) / 2, markup_escaped(chart.y_label));
  for (std::size_t i = 0; i < chart.series.size(); ++i)
    svg += fmt::format(
        "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\" stroke-linejoin=\"round\" points=\"{}\"/>\n",
        series_color(i), points_of(chart.series[i], x, y));
  return svg + "</svg>\n";
}

std::string cdf_svg(const std::vector<ReportCurve>& curves, int channel) {
  constexpr const char* colors[]{"#f0726a", "#6fcf75", "#6fa8ff"};
  constexpr const char* names[]{"red", "green", "blue"};
  constexpr double w = 160, h = 90;
  std::string svg = fmt::format(
      "<svg class=\"cdf\" viewBox=\"-2 -2 {} {}\" role=\"img\" aria-label=\"Cumulative distribution of {}\">", w + 4,
      h + 4, names[channel]);
  svg += fmt::format(
      "<rect class=\"frame\" width=\"{0}\" height=\"{1}\"/><line class=\"grid\" x1=\"0\" y1=\"{1}\" x2=\"{0}\" "
      "y2=\"0\"/>",
      w, h);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const bool is_target = i + 1 == curves.size(), is_ours = i + 2 == curves.size();
    svg += fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{} points=\"{}\"/>",
                       is_target ? "#ffffff"
                       : is_ours ? colors[channel]
                                 : "#777777",
                       is_ours ? 2.2 : 1.1, is_target ? " stroke-dasharray=\"4 3\"" : "",
                       cdf_points(curves[i].cdf[channel], w, h));
  }
  return svg + "</svg>\n";
}

}  // namespace sfumato
