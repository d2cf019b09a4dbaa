// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>

#include "grade/choose.h"
#include "sfumato/version.h"

namespace sfumato {
namespace {

double rounded(double v) { return std::round(v * 1e4) / 1e4; }

}  // namespace

std::string GradeReport::json() const {
  nlohmann::ordered_json j{{"program", std::string("sfumato ") + version()},
                           {"command", command},
                           {"chosen", chosen},
                           {"seconds", rounded(seconds)},
                           {"data_hash", data_hash},
                           {"measure", "mean delta E 2000"},
                           {"explained", rounded(explained)},
                           {"contradiction", rounded(contradiction)}};
  j["models"] = nlohmann::ordered_json::array();
  for (const Model& m : models)
    j["models"].push_back({{"name", m.name},
                           {"strength", rounded(m.strength)},
                           {"accepted", m.is_accepted},
                           {"reason", m.reason},
                           {"left_out_error", rounded(m.mean_error)},
                           {"worst_ratio", rounded(m.worst_ratio)}});
  j["pairs"] = nlohmann::ordered_json::array();
  for (const PairError& p : pairs) {
    nlohmann::ordered_json one{{"name", p.name}, {"input", rounded(p.input)}, {"fitted", rounded(p.fitted)}};
    if (p.left_out_static >= 0) one["left_out_static"] = rounded(p.left_out_static);
    if (p.left_out_adaptive >= 0) one["left_out_adaptive"] = rounded(p.left_out_adaptive);
    j["pairs"].push_back(std::move(one));
  }
  j["warnings"] = warnings;
  return j.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace sfumato
