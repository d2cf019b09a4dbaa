// SPDX-License-Identifier: Apache-2.0
#include "pairs/pair_fixture.h"

namespace sfumato {
namespace {

Pair pair_of(int seed) {
  Pair p;
  p.before = as_float(picture_of(seed));
  p.after = as_float(picture_of(seed));
  p.usable.assign(300 * 200, 1);
  for (int x = 0; x < 300; ++x) p.usable[x] = 0;
  return p;
}

TEST(Augment, IsTheSameForTheSameCounter) {
  const Pair p = pair_of(1), a = augment(p, 7, 3), b = augment(p, 7, 3), c = augment(p, 7, 4);
  EXPECT_EQ(a.before.bytes(), b.before.bytes());
  EXPECT_EQ(a.after.bytes(), b.after.bytes());
  EXPECT_NE(a.before.bytes(), c.before.bytes());
}

TEST(Augment, ChangesColorsOfTheInputAlone) {
  AugmentOptions o;
  o.smallest_crop = 1;
  o.flips = false;
  const Pair p = pair_of(1), a = augment(p, 7, 3, o);
  EXPECT_EQ(p.after.bytes(), a.after.bytes());
  EXPECT_NE(p.before.bytes(), a.before.bytes());
  EXPECT_EQ(p.usable, a.usable);
}

TEST(Augment, CropsAndFlipsBothAlike) {
  AugmentOptions o;
  o.stops = o.white = o.contrast = o.noise = 0;
  const Pair pair = pair_of(1);
  bool has_flipped = false;
  for (std::uint64_t i = 0; i < 8; ++i) {
    const Pair a = augment(pair, 7, i, o);
    ASSERT_EQ(a.before.width(), a.after.width());
    ASSERT_EQ(a.usable.size() * 3, a.before.sample_count());
    EXPECT_GE(a.before.width(), 240);
    for (std::size_t k = 0; k < a.before.sample_count(); ++k)
      ASSERT_NEAR(a.before.samples<float>()[k], a.after.samples<float>()[k], 1e-5f);
    const float* f = a.after.samples<float>();
    has_flipped = has_flipped || f[0] > f[3 * (a.after.width() - 1)];
  }
  EXPECT_TRUE(has_flipped);
}

}  // namespace
}  // namespace sfumato
