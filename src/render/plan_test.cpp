// SPDX-License-Identifier: Apache-2.0
// What a program may hand to the library by mistake is refused before a pixel is touched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "look/values.h"
#include "sfumato/error.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

using testing::HasSubstr;

template <class Work>
std::string refused(Code code, const Work& work) {
  try {
    work();
  } catch (const Error& e) {
    EXPECT_EQ(static_cast<int>(e.code()), static_cast<int>(code)) << e.what();
    return e.what();
  }
  return "nothing was refused";
}

Look exposed(float stops) {
  Look look;
  look.id = "mine";
  look.steps = {initial_step(*find_op("exposure"))};
  look.steps[0].values[0] = KnobValue::fixed(stops);
  return look;
}

Look blurred() {
  Look look;
  set_knob(look, "halation.amount=0.5");
  return look;
}

Picture ramp(int width, int height, Sample sample = Sample::u8) {
  Picture p(width, height, sample);
  for (std::size_t i = 0; i < p.bytes().size(); ++i) p.samples<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 7);
  return p;
}

TEST(Plan, RefusesLooksThatStillWaitForTheirPhoto) {
  EXPECT_THAT(refused(Code::look, [] { Plan(find_look("natural-light")); }), HasSubstr("for_photo()"));
  Look placed = exposed(1);
  placed.steps[0].where.source = StepWhere::Source::rule;
  EXPECT_THAT(refused(Code::look, [&] { Plan{placed}; }), HasSubstr("for_photo()"));
}

TEST(Plan, RefusesStepsThatAreNotWhole) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float v : {1e9f, -1e9f, nan})
    EXPECT_THAT(refused(Code::look, [&] { Plan(exposed(v)); }), HasSubstr("mine: exposure.stops: found"));
  Look look = exposed(1);
  look.steps[0].values.clear();
  EXPECT_THAT(refused(Code::look, [&] { Plan{look}; }), HasSubstr("found 0 values; expected 1"));
  look.steps[0].op = nullptr;
  EXPECT_THAT(refused(Code::look, [&] { Plan{look}; }), HasSubstr("without an operation"));
  const OpInfo copied = *find_op("exposure");
  look = exposed(1);
  look.steps[0].op = &copied;
  EXPECT_THAT(refused(Code::look, [&] { Plan{look}; }), HasSubstr("without an operation"));
  look.steps = {initial_step(*find_op("lut3d"))};
  EXPECT_THAT(refused(Code::look, [&] { Plan{look}; }), HasSubstr("no whole table"));
}

TEST(Plan, TakesEveryBuiltInLookForAPhotoAndForAny) {
  const Picture photo = ramp(40, 30), mask = ramp(20, 15);
  for (const std::string& name : look_names()) {
    const Look look = find_look(name);
    EXPECT_NO_THROW(Plan{for_any_photo(look)}) << name;
    EXPECT_NO_THROW(Plan(for_photo(look, photo.view(), mask.view()))) << name;
  }
}

TEST(ForPhoto, AdaptsToThePhoto) {
  const Look look = find_look("natural-light");
  Picture dark(64, 48, Sample::u8), light(64, 48, Sample::u8);
  std::fill_n(dark.samples<std::uint8_t>(), dark.sample_count(), std::uint8_t{40});
  std::fill_n(light.samples<std::uint8_t>(), light.sample_count(), std::uint8_t{200});
  EXPECT_NE(print_look(for_photo(look, dark.view())), print_look(for_photo(look, light.view())));
}

TEST(ForPhoto, FindsMasksOrRefusesTheirAbsence) {
  Look look = exposed(1);
  look.steps[0].where.source = StepWhere::Source::mask;
  const Picture photo = ramp(40, 30);
  EXPECT_THAT(refused(Code::usage, [&] { for_photo(look, photo.view()); }), HasSubstr("mask"));
  // Bright on the left: only there it becomes lighter.
  Picture mask(20, 15, Sample::u8), out(40, 30, Sample::u8);
  for (int y = 0; y < 15; ++y)
    for (int i = 0; i < 3 * 10; ++i) mask.samples<std::uint8_t>()[y * 60 + i] = 255;
  render(Plan(for_photo(look, photo.view(), mask.view())), photo.view(), out.view(), {.dither = false});
  double left = 0, right = 0;
  for (std::size_t i = 0; i < out.sample_count(); ++i)
    (i / 3 % 40 < 15   ? left
     : i / 3 % 40 > 25 ? right
                       : left) += out.samples<std::uint8_t>()[i] != photo.samples<std::uint8_t>()[i];
  EXPECT_GT(left, 500);
  EXPECT_EQ(right, 0);
}

TEST(Render, RefusesPicturesThatDoNotFit) {
  const Plan plan(exposed(1));
  Picture photo = ramp(40, 30), out(40, 30, Sample::u8), small(40, 29, Sample::u8), alpha(40, 30, Sample::u8, 4);
  const auto text = [&](const View& in, const MutableView& to) {
    return refused(Code::usage, [&] { render(plan, in, to); });
  };
  EXPECT_THAT(text(photo.view(), small.view()), HasSubstr("output picture: found 40 x 29"));
  EXPECT_THAT(text(photo.view(), alpha.view()), HasSubstr("of 4 bands for an input of 40 x 30 of 3"));
  MutableView v = out.view();
  v.data = nullptr;
  EXPECT_THAT(text(photo.view(), v), HasSubstr("no address"));
  View in = photo.view();
  in.stride = 0;
  EXPECT_THAT(text(in, out.view()), HasSubstr("input picture: found a stride of 0 bytes; expected at least the 120"));
  in = photo.view();
  in.width = -1;
  EXPECT_THAT(text(in, out.view()), HasSubstr("found -1 x 30"));
  in = photo.view();
  in.bands = 1;
  EXPECT_THAT(text(in, out.view()), HasSubstr("found 1 bands; expected 3 or 4"));
  EXPECT_THAT(text({}, {}), HasSubstr("found 0 x 0"));
}

TEST(Render, WorksInPlaceWhereNoNeighborsAreRead) {
  for (const Sample sample : {Sample::u8, Sample::u16}) {
    Picture photo = ramp(301, 130, sample), out(301, 130, sample);
    const Plan plan(exposed(0.5));
    render(plan, photo.view(), out.view());
    render(plan, photo.view(), photo.view());
    EXPECT_EQ(photo.bytes(), out.bytes());
    EXPECT_THAT(refused(Code::usage, [&] { render(Plan(blurred()), photo.view(), photo.view()); }),
                HasSubstr("reads neighbors"));
    EXPECT_THAT(refused(Code::usage, [&] { render(plan, photo.view().rows(0, 20), photo.view().rows(10, 30)); }),
                HasSubstr("part of the input's memory"));
  }
}

TEST(PictureInMemory, HasSidesAndBands) {
  for (const auto& [width, height, bands] : {std::tuple{-1, 5, 3}, {5, -1, 3}, {5, 5, 0}, {5, 5, 5}})
    EXPECT_THAT(refused(Code::usage, [&, w = width, h = height, b = bands] { Picture(w, h, Sample::u8, b); }),
                HasSubstr("expected sides from 0 on and 1 to 4 bands"));
}

}  // namespace
}  // namespace sfumato
