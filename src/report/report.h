// SPDX-License-Identifier: Apache-2.0
// A verification report: what was measured, as data, and as one HTML file that needs nothing else.
#pragma once

#include <string>
#include <vector>

#include "measure/histogram.h"

namespace sfumato {

struct ReportNumber {
  std::string name, value, note;
};

struct ReportTable {
  std::string title, note;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // the first column is a name, the others are numbers
  int marked = -1;                             // the row that was chosen
};

struct ChartSeries {
  std::string name;
  std::vector<double> x, y;  // points that are not finite are left out
};

struct ReportChart {
  std::string title, x_label, y_label;
  std::vector<ChartSeries> series;
  bool is_log = false;  // y on a logarithmic axis
};

struct ReportPicture {
  std::string caption, uri;  // a data URI
};

struct ReportCurve {
  std::string name;
  Histograms cdf;
};

// One photo.
struct ReportCase {
  std::string name, note;
  double error = 0;  // the worst come first
  std::vector<ReportNumber> numbers;
  std::vector<ReportPicture> pictures;  // before, ours, target
  std::string error_map;                // a data URI, see error_map.h
  std::vector<ReportCurve> curves;      // of the same pictures; the last is the target
};

struct Report {
  std::string title, lead;  // lead: the finding in a sentence or two
  std::vector<ReportNumber> numbers;
  std::vector<ReportTable> tables;  // such as how the model was chosen
  std::vector<ReportChart> charts;  // such as learning curves
  std::vector<ReportCase> cases;
  std::size_t most_shown = 24;  // cases with pictures; the table at the end has all
  std::string look_text, command;
};

// Every text is escaped; the file refers to nothing outside itself and runs no scripts.
std::string html(const Report&);

}  // namespace sfumato
