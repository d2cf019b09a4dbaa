// SPDX-License-Identifier: Apache-2.0
#include "measure/score.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "measure/histogram.h"
#include "measure/lab_difference.h"
#include "measure/psnr.h"
#include "measure/ssim.h"
#include "sfumato/error.h"

namespace sfumato {

Protocol find_protocol(const std::string& name) {
  const auto names = protocol_names();
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end())
    throw Error(Code::usage, fmt::format("found '{}'; expected one of {}", name, fmt::join(names, ", ")), "--protocol");
  return static_cast<Protocol>(at - names.begin());
}

std::vector<std::string> protocol_names() { return {"plain", "fivek", "uniform", "ppr10k", "starenhancer"}; }

Score& Score::operator+=(const Score& o) {
  psnr_db += o.psnr_db, ssim += o.ssim, l2_lab += o.l2_lab;
  delta_e_76 += o.delta_e_76, delta_e_2000 += o.delta_e_2000, cdf_distance += o.cdf_distance;
  if (o.people) {
    if (!people) people = HumanCentered{};
    people->psnr_db += o.people->psnr_db, people->delta_e_76 += o.people->delta_e_76;
    people->mean_a += o.people->mean_a, people->mean_b += o.people->mean_b;
  }
  return *this;
}

Score Score::operator/(double n) const {
  Score s{psnr_db / n, ssim / n, l2_lab / n, delta_e_76 / n, delta_e_2000 / n, cdf_distance / n, {}};
  if (people) s.people = {people->psnr_db / n, people->delta_e_76 / n, people->mean_a / n, people->mean_b / n};
  return s;
}

Score score(const Scored& a, const Scored& b, Protocol protocol, int threads, Plane* map, const Plane* weights) {
  check_same_size(a.srgb, b.srgb);
  const bool is_rounded =
      protocol == Protocol::fivek || protocol == Protocol::ppr10k || protocol == Protocol::starenhancer;
  Score s;
  s.psnr_db = psnr_db(a.srgb, b.srgb, threads);
  s.ssim = protocol == Protocol::fivek          ? ssim_fivek(a.srgb, b.srgb, threads)
           : protocol == Protocol::starenhancer ? ssim_pooled(a.srgb, b.srgb, threads)
                                                : ssim_luma(a.srgb, b.srgb, threads);
  const LabDifference lab =
      lab_difference(a.srgb, b.srgb, is_rounded ? LabChain::srgb_8bit : LabChain::srgb, threads, map);
  s.delta_e_76 = lab.delta_e_76;
  s.delta_e_2000 = lab.delta_e_2000;
  s.l2_lab = protocol == Protocol::uniform ? lab_difference(a.stored, b.stored, LabChain::prophoto, threads).delta_e_76
                                           : s.delta_e_76;
  if (weights) s.people = human_centered(a.srgb, b.srgb, *weights, threads);
  s.cdf_distance = cdf_distance(a.srgb, b.srgb, threads);
  return s;
}

Score mean(const std::vector<Score>& all) {
  Score sum;
  for (const Score& s : all) sum += s;
  return all.empty() ? sum : sum / static_cast<double>(all.size());
}

}  // namespace sfumato
