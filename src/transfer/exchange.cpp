// SPDX-License-Identifier: Apache-2.0
#include "transfer/exchange.h"

#include <algorithm>
#include <cstring>

namespace sfumato {

DomainTransformOptions ExchangeOptions::filter(int width, int height) const {
  return {std::max(1.0f, reach * static_cast<float>(std::max(width, height))), edges, iterations};
}

FloatPlanes exchanged(int width, int height, const ExchangeOptions& o, const ExchangeRows& rows, int threads) {
  FloatPlanes planes(width, height, 3);
  // The guide's bands overlap by a row; each change is written by the band that begins at or after it.
  const DomainTransform transform(
      width, height, o.filter(width, height),
      [&](int y0, int y1, PlanarRows& guide) {
        thread_local PlanarRows change;
        rows(y0, y1, guide, change);
        for (int y = y0 == 0 ? 0 : y0 + 1; y < y1; ++y)
          for (int c = 0; c < 3; ++c)
            std::memcpy(planes.row(c, y), change.row(y - y0).channel[c], sizeof(float) * width);
      },
      threads);
  transform.filter(DomainFilter::recursive, planes, threads);
  return planes;
}

}  // namespace sfumato
