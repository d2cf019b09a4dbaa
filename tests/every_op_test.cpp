// SPDX-License-Identifier: Apache-2.0
// What holds for every operation, present and future.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "curved_table.h"
#include "lane/isa.h"
#include "look/values.h"
#include "ops/prepare.h"
#include "ops_list.h"
#include "render/kernels.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

constexpr int n = 256;

struct Row {
  AlignedFloats store{3 * n};
  Strip strip() { return {{store.data(), store.data() + n, store.data() + 2 * n}}; }
};

// Values around the usual colors of a space, some negative, some above white.
Row colors(Space space) {
  Row row;
  std::mt19937 random(7);
  std::uniform_real_distribution<float> unit(-0.2f, 1.4f), chroma(-0.3f, 0.3f);
  for (int i = 0; i < n; ++i)
    for (int c = 0; c < 3; ++c)
      row.strip().channel[c][i] =
          c > 0 && (space == Space::oklab || space == Space::lab) ? chroma(random) : unit(random);
  return row;
}

std::vector<float> knobs_at(const OpInfo& op, float Knob::*end, float share) {
  std::vector<float> values;
  for (const Knob& k : op.knobs)
    for (int i = 0; i < k.count; ++i)
      values.push_back(k.neutral + (k.*end - k.neutral) * share * (1.0f - 0.07f * (i % 5)));
  return values;
}

class EveryOp : public testing::TestWithParam<int> {
 protected:
  const OpInfo& op() const { return catalog()[GetParam()]; }
  Row run(Isa isa, const std::vector<float>& knobs, Row row) const {
    const std::vector<float> k = prepare_op(GetParam(), knobs);
    const OpKernels& kernel = kernels<Kernels>(isa).ops[GetParam()];
    const Place place{100, 40, 640, 480};
    Row sharp;
    std::memcpy(sharp.store.data(), row.store.data(), sizeof(float) * 3 * n);
    kernel.point(row.strip(), n, place, k.data(), curved_table().get());
    if (!op().is_canvas) return row;
    kernel.combine(sharp.strip(), row.strip(), n, place, k.data());
    return sharp;
  }
};

TEST_P(EveryOp, LeavesColorsAloneAtNeutral) {
  std::vector<float> neutral = knobs_at(op(), &Knob::neutral, 0.0f);
  for (Isa isa : available_isas()) {
    Row before = colors(op().card.space), after = run(isa, neutral, colors(op().card.space));
    if (op().is_canvas && sigma_range_op(GetParam(), prepare_op(GetParam(), neutral)).second == 0.0f) continue;
    EXPECT_EQ(0, std::memcmp(before.store.data(), after.store.data(), sizeof(float) * 3 * n)) << name_of(isa);
  }
}

TEST_P(EveryOp, GivesTheSameColorsOnEveryInstructionSet) {
  for (float Knob::*end : {&Knob::max, &Knob::min})
    for (float share : {0.3f, 0.9f}) {
      const std::vector<float> knobs = knobs_at(op(), end, share);
      Row want = run(Isa::plain, knobs, colors(op().card.space));
      for (Isa isa : available_isas()) {
        Row got = run(isa, knobs, colors(op().card.space));
        for (int i = 0; i < 3 * n; ++i) {
          const float w = want.store.data()[i], g = got.store.data()[i];
          ASSERT_NEAR(w, g, std::max(1.0f, std::fabs(w)) / 65535.0f) << name_of(isa) << " at " << i;
        }
      }
    }
}

TEST_P(EveryOp, StaysFiniteForAnyFiniteInput) {
  Row row = colors(op().card.space);
  const float extremes[]{0.0f, -0.0f, 65504.0f, -65504.0f, 1e-38f, -1e-20f, 1.0f};
  for (int i = 0; i < 49; ++i) {
    row.strip().channel[0][i] = extremes[i % 7];
    row.strip().channel[1][i] = extremes[i / 7];
  }
  if (op().card.space == Space::oklab || op().card.space == Space::lab)
    for (int i = 0; i < 3 * n; ++i) row.store.data()[i] = std::clamp(row.store.data()[i], -100.0f, 100.0f);
  for (Isa isa : available_isas())
    for (float Knob::*end : {&Knob::max, &Knob::min}) {
      Row copy;
      std::memcpy(copy.store.data(), row.store.data(), sizeof(float) * 3 * n);
      Row out = run(isa, knobs_at(op(), end, 1.0f), std::move(copy));
      for (int i = 0; i < 3 * n; ++i) ASSERT_TRUE(std::isfinite(out.store.data()[i])) << name_of(isa) << " at " << i;
    }
}

TEST_P(EveryOp, HasSensibleKnobs) {
  for (const Knob& k : op().knobs) {
    EXPECT_LE(k.min, k.neutral) << k.name;
    EXPECT_LE(k.neutral, k.max) << k.name;
    EXPECT_LE(k.min, k.initial()) << k.name;
    EXPECT_LE(k.initial(), k.max) << k.name;
    EXPECT_EQ('.', k.help[std::strlen(k.help) - 1]) << k.name;
  }
  EXPECT_EQ('.', op().card.about[std::strlen(op().card.about) - 1]);
}

TEST_P(EveryOp, IsTheSameWholeAndInStripsOnAnyNumberOfThreads) {
  Look look;
  LookStep step = initial_step(op());
  int i = 0;
  for (const Knob& k : op().knobs)
    for (int j = 0; j < k.count; ++j) step.values[i++] = KnobValue::fixed(k.neutral + (k.max - k.neutral) * 0.4f);
  if (op().card.resource) step.table = curved_table();
  look.steps.push_back(step);

  Picture in(700, 301, Sample::u16), one(700, 301, Sample::u16), four(700, 301, Sample::u16);
  std::mt19937 random(3);
  for (std::size_t s = 0; s < in.sample_count(); ++s)
    in.samples<std::uint16_t>()[s] = static_cast<std::uint16_t>(random());
  const Plan plan(look);
  render(plan, std::as_const(in).view(), one.view(), {1});
  render(plan, std::as_const(in).view(), four.view(), {4});
  EXPECT_EQ(one.bytes(), four.bytes());
  EXPECT_NE(in.bytes(), one.bytes());
}

INSTANTIATE_TEST_SUITE_P(Ops, EveryOp, testing::Range(0, static_cast<int>(catalog().size())),
                         [](const auto& info) { return std::string(catalog()[info.param].card.id); });

// Gradients of the double lane, which the tensor lane will be held to, are finite differences of a smooth function:
// the double and float lanes agree, so that one text serves both.
template <class Op>
void expect_double_equals_float() {
  if constexpr (!CanvasOp<Op>) {
    double dk[value_count<Op>()];
    float fk[value_count<Op>()];
    int i = 0;
    for (const Knob& k : Op::knobs)
      for (int j = 0; j < k.count; ++j, ++i) dk[i] = fk[i] = k.neutral + (k.max - k.neutral) * 0.4f;
    const auto d = Op::prepare(static_cast<const double*>(dk));
    const auto f = Op::prepare(static_cast<const float*>(fk));
    for (float v : {0.05f, 0.3f, 0.8f}) {
      const Rgb<double> cd = Op::apply(Rgb<double>{v, v * 0.7, v * 0.2},
                                       Site<double>{0.31, -0.4, 0.8, 0.6, 0.0025, curved_table().get()}, d);
      const Rgb<float> cf = Op::apply(Rgb<float>{v, v * 0.7f, v * 0.2f},
                                      Site<float>{0.31f, -0.4f, 0.8f, 0.6f, 0.0025f, curved_table().get()}, f);
      EXPECT_NEAR(cd.r, cf.r, 2e-4) << Op::card.id;
      EXPECT_NEAR(cd.g, cf.g, 2e-4) << Op::card.id;
      EXPECT_NEAR(cd.b, cf.b, 2e-4) << Op::card.id;
    }
  }
}
template <class... Op>
struct ForEach {
  static void run() { (expect_double_equals_float<Op>(), ...); }
};

TEST(EveryOpInDouble, AgreesWithFloat) { ForEach<SFM_ALL_OPS>::run(); }

}  // namespace
}  // namespace sfumato
