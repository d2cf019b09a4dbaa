// SPDX-License-Identifier: Apache-2.0
#include "train/local_trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "color/lab.h"
#include "color/transfer.h"
#include "files/lut_file.h"
#include "lane/scalar.h"
#include "look/local_grid.h"
#include "tensor/lookups.h"

namespace sfumato {
namespace {

// Photos whose upper half turns gray and lower half brighter: places alone tell them apart.
class LocalTrainers : public testing::TestWithParam<LocalNet> {};

TEST_P(LocalTrainers, LearnWhichPlacesAreTransformedHow) {
  constexpr int side = 16, cells = side * side;
  std::vector<LocalSample> samples(6);
  torch::manual_seed(2);
  for (LocalSample& s : samples) {
    const torch::Tensor colors = torch::rand({3, side, side}) * 0.6, noise = torch::randn({1, side, side});
    torch::Tensor after = colors.clone();
    torch::Tensor upper = after.slice(1, 0, side / 2);
    upper.copy_(0.2 * upper + 0.8 * upper.mean(0, true));
    after.slice(1, side / 2) *= 1.4;
    torch::Tensor row = torch::linspace(-1.7, 1.7, side).view({1, side, 1}).expand({1, side, side});
    const auto list = [](const torch::Tensor& t) {
      const torch::Tensor c = t.contiguous();
      return std::vector<float>(c.data_ptr<float>(), c.data_ptr<float>() + c.numel());
    };
    s = {list(torch::cat({row, noise}, 0)), list(colors), list(after)};
  }
  std::vector<const LocalSample*> pointers;
  double input = 0;
  for (const LocalSample& s : samples) {
    pointers.push_back(&s);
    for (int i = 0; i < cells; ++i) {
      const auto lab = [&](const std::vector<float>& v) {
        return linear_to_cielab(srgb_decode(Rgb<float>{v[i], v[cells + i], v[2 * cells + i]}));
      };
      const Rgb<float> change = lab(s.before) - lab(s.after);
      input += std::hypot(100 * change.r, 128 * change.g, 128 * change.b) / (6.0 * cells);
    }
  }
  LocalTrainOptions o;
  o.net = GetParam(), o.steps = 200, o.batch = 6, o.dropout = o.features_dropout = 0, o.threads = 1;
  o.start = identity_cube(17);
  const LocalTrained trained = train_local(pointers, side, o, {});
  EXPECT_LT(trained.loss, 0.25 * input);
  ASSERT_EQ(trained.tables.size(), 3u);
  EXPECT_EQ(train_local(pointers, side, o, {}).tables[1].nodes, trained.tables[1].nodes);  // the seed decides
}

INSTANTIATE_TEST_SUITE_P(Nets, LocalTrainers, testing::Values(LocalNet::cells, LocalNet::unet, LocalNet::grid));

// What training differentiates and what renders must be the same function.
TEST(LocalGrid, IsReadAsTrainingReadsIt) {
  constexpr int side = 5, depth = 4, n = 200;
  torch::manual_seed(3);
  const torch::Tensor grid = torch::randn({1, 3, depth, side, side}), x = torch::rand({1, n}), y = torch::rand({1, n}),
                      z = torch::rand({1, n});
  const torch::Tensor expected = torch::softmax(slice_grid(grid, x, y, z), 1);
  const std::vector<float> straight{0, 0.25f, 0.5f, 0.75f, 1};
  const LocalGrid ours{side, depth, grid.data_ptr<float>(), straight};
  for (int i = 0; i < n; ++i) {
    const auto weights = ours.at(z[0][i].item<float>(), x[0][i].item<float>(), y[0][i].item<float>());
    for (int k = 0; k < 3; ++k) ASSERT_NEAR(weights[k], expected[0][k][i].item<float>(), 1e-5) << i;
  }
}

TEST(LocalGrid, BendsItsDepthByTheGuide) {
  const std::vector<float> logits{0, 1, 0, 0, 0, 0}, bent{0, 0.8f, 1};
  const std::vector<float> straight{0, 0.5f, 1};
  const LocalGrid a{1, 2, logits.data(), bent}, b{1, 2, logits.data(), straight};
  EXPECT_EQ(a.at(0.25f, 0, 0), b.at(0.4f, 0, 0));
  EXPECT_EQ(a.at(0.75f, 0, 0), b.at(0.9f, 0, 0));
}

}  // namespace
}  // namespace sfumato
