// SPDX-License-Identifier: Apache-2.0
// All numbers that say how near one picture is to another, by one of the published protocols.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure/human_centered.h"

namespace sfumato {

enum class Protocol {
  plain,         // PSNR and SSIM (luma) of pictures rounded to 8 bits, L*a*b* of the samples as they are
  fivek,         // [Zeng2020]: everything rounded to 8 bits, SSIM of the folded half-size picture
  uniform,       // [Yan2016]: as plain, and the mean L2 distance by that paper's chain from ProPhoto samples
  ppr10k,        // [Liang2021]: everything rounded to 8 bits, and once more with people counted double
  starenhancer,  // [Song2021]: everything rounded to 8 bits, SSIM of the channels at about 256 pixels
};

// Throws Code::usage with the names there are.
Protocol find_protocol(const std::string& name);

struct Score {
  double psnr_db = 0;  // infinite for equal pictures
  double ssim = 0;
  double l2_lab = 0;  // mean distance in L*a*b*; in the uniform protocol by its own chain, otherwise delta_e_76
  double delta_e_76 = 0, delta_e_2000 = 0;
  double cdf_distance = 0;
  std::optional<HumanCentered> people;  // in the ppr10k protocol

  Score& operator+=(const Score&);
  Score operator/(double) const;
};

// A picture to be scored: `stored` is as the file holds it, for the uniform protocol.
struct Scored {
  View srgb, stored;
};

// The protocols' names, in the order of the values.
std::vector<std::string> protocol_names();

// `map`: see lab_difference. `weights`: see human_centered, needed by ppr10k. Throws Code::input for different sizes
// and pictures below 11 x 11.
Score score(const Scored& a, const Scored& b, Protocol, int threads = 0, Plane* map = nullptr,
            const Plane* weights = nullptr);

Score mean(const std::vector<Score>&);

}  // namespace sfumato
