// SPDX-License-Identifier: Apache-2.0
#include "measure/score.h"

#include "measure/histogram.h"
#include "measure/lab_difference.h"
#include "measure/psnr.h"
#include "measure/ssim.h"
#include "sfumato/error.h"

namespace sfumato {

Protocol find_protocol(const std::string& name) {
  if (name == "plain") return Protocol::plain;
  if (name == "fivek") return Protocol::fivek;
  if (name == "uniform") return Protocol::uniform;
  throw Error(Code::usage, "found '" + name + "'; expected plain, fivek or uniform", "--protocol");
}

Score& Score::operator+=(const Score& o) {
  psnr_db += o.psnr_db, ssim += o.ssim, l2_lab += o.l2_lab;
  delta_e_76 += o.delta_e_76, delta_e_2000 += o.delta_e_2000, cdf_distance += o.cdf_distance;
  return *this;
}

Score Score::operator/(double n) const { return {psnr_db / n, ssim / n, l2_lab / n, delta_e_76 / n, delta_e_2000 / n, cdf_distance / n}; }

Score score(const Scored& a, const Scored& b, Protocol protocol, int threads, Plane* map) {
  check_same_size(a.srgb, b.srgb);
  const bool is_fivek = protocol == Protocol::fivek;
  Score s;
  s.psnr_db = psnr_db(a.srgb, b.srgb, threads);
  s.ssim = is_fivek ? ssim_fivek(a.srgb, b.srgb, threads) : ssim_luma(a.srgb, b.srgb, threads);
  const LabDifference lab = lab_difference(a.srgb, b.srgb, is_fivek ? LabChain::srgb_8bit : LabChain::srgb, threads, map);
  s.delta_e_76 = lab.delta_e_76;
  s.delta_e_2000 = lab.delta_e_2000;
  s.l2_lab = protocol == Protocol::uniform ? lab_difference(a.stored, b.stored, LabChain::prophoto, threads).delta_e_76 : s.delta_e_76;
  s.cdf_distance = cdf_distance(a.srgb, b.srgb, threads);
  return s;
}

Score mean(const std::vector<Score>& all) {
  Score sum;
  for (const Score& s : all) sum += s;
  return all.empty() ? sum : sum / static_cast<double>(all.size());
}

}  // namespace sfumato
