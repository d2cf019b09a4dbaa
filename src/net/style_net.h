// SPDX-License-Identifier: Apache-2.0
// The network that reads from a photo how its look should be set: an image encoder beside the photo's tone statistics.
#pragma once

#include "measure/analysis.h"
#include "measure/soft_cdf.h"
#include "net/net_spec.h"

namespace sfumato {

// Bins of the tone statistics, for each of r, g, b.
inline constexpr SoftBins style_bins{32, 0.03};

// Inputs "image" [n, 3, 256, 256] and "cdf" [n, 3 * bins, 1, 1], output "raw" [n, outputs, 1, 1]. `encoder` ends in a
// global pool "features"; a coarse map of what it pools goes on too, since some knobs are places in the picture.
NetSpec style_net(const NetSpec& encoder, int outputs);

// What the inputs are for one photo, colors limited to 0..1.
std::vector<float> image_input(const Analysis&);
std::vector<float> cdf_input(const Analysis&);

}  // namespace sfumato
