// SPDX-License-Identifier: Apache-2.0
// Charts as inline SVG.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace sfumato {

// Lines over two labeled axes.
std::string chart_svg(const ReportChart&);

// One channel's cumulative distributions: the target dashed, what comes before it in the channel's color, others gray.
std::string cdf_svg(const std::vector<ReportCurve>&, int channel);

// The color that stands for the i-th series.
const char* series_color(std::size_t i);

// A number as short as reading allows: 0.0123, 4.56, 1200.
std::string short_number(double);

}  // namespace sfumato
