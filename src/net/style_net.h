// SPDX-License-Identifier: Apache-2.0
// The network that reads from a photo how its look should be set: an image encoder beside the photo's statistics.
#pragma once

#include "measure/descriptor.h"
#include "net/net_spec.h"

namespace sfumato {

// Inputs "image" [n, 3, 256, 256] and "descriptor" [n, Descriptor::size, 1, 1], output "raw" [n, outputs, 1, 1].
// `encoder` ends in a global pool "features"; a coarse map of what it pools goes on too, since some knobs are places in
// the picture. The descriptor, tone distributions among it, also reaches the output directly.
NetSpec style_net(const NetSpec& encoder, int outputs);

// The image for one photo: its colors limited to 0..1.
std::vector<float> image_input(const Analysis&);

}  // namespace sfumato
