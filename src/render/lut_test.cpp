// SPDX-License-Identifier: Apache-2.0
// 3D tables through the renderer's kernels, against the plain lane and against ffmpeg.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>

#include "base/file.h"
#include "files/lut_file.h"
#include "given.h"
#include "lane/isa.h"
#include "lane/scalar.h"
#include "look/builtin.h"
#include "ops/prepare.h"
#include "render/bake.h"
#include "render/colors.h"
#include "render/kernels.h"
#include "render/plan.h"
#include "sfumato/render.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;

constexpr int side = 256, n = side * side;

// Planes of random colors, a tenth of them grays and some on the cube's faces.
std::vector<float> random_planes(float low, float high) {
  std::vector<float> v(3 * n);
  std::mt19937 random(11);
  std::uniform_real_distribution<float> value(low, high);
  for (int i = 0; i < n; ++i) {
    const float gray = value(random);
    for (int c = 0; c < 3; ++c) v[c * n + i] = i % 10 == 0 ? gray : value(random);
    if (i % 97 == 0) v[i % 3 * n + i] = i % 2 ? 1.0f : 0.0f;
  }
  return v;
}

std::vector<float> through_kernels(Isa isa, const CubeTable& table, const std::vector<float>& planes) {
  int op = 0;
  while (std::string_view(catalog()[op].card.id) != "lut3d") ++op;
  const std::vector<float> k = prepare_op(op, std::vector<float>{1.0f});
  AlignedFloats store{3 * n};
  std::copy(planes.begin(), planes.end(), store.data());
  const Strip strip{{store.data(), store.data() + n, store.data() + 2 * n}};
  kernels<Kernels>(isa).ops[op].point(strip, n, Place{0, 0, n, 1}, k.data(), &table);
  return {store.data(), store.data() + 3 * n};
}

std::vector<double> in_double(const CubeTable& table, const std::vector<float>& planes) {
  std::vector<double> out(3 * n);
  for (int i = 0; i < n; ++i) {
    const Rgb<double> c = table3(&table, Rgb<double>{planes[i], planes[n + i], planes[2 * n + i]});
    out[i] = c.r, out[n + i] = c.g, out[2 * n + i] = c.b;
  }
  return out;
}

template <class A, class B>
double largest_difference(const A& a, const B& b) {
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(static_cast<double>(a[i]) - b[i]));
  return most;
}

// Empty when there is no ffmpeg. Its planes are green, blue, red.
std::vector<float> through_ffmpeg(const fs::path& folder, const std::string& lut, const std::vector<float>& planes) {
  std::string bytes;
  for (const int c : {1, 2, 0}) bytes.append(reinterpret_cast<const char*>(&planes[c * n]), n * sizeof(float));
  write_file_atomically((folder / "in.raw").string(), bytes);
  const std::string format = fmt::format("-f rawvideo -pix_fmt gbrpf32le -s {0}x{0}", side);
  const std::string command = fmt::format(
      "cd '{}' && ffmpeg -nostdin -v error -y {} -i in.raw -vf lut3d=file={}:interp=tetrahedral {} out.raw 2>/dev/null",
      folder.string(), format, lut, format);
  if (std::system(command.c_str()) != 0) return {};
  const std::string out = read_file((folder / "out.raw").string(), 3 * n * sizeof(float));
  std::vector<float> result(3 * n);
  int from = 0;
  for (const int c : {1, 2, 0}) std::memcpy(&result[c * n], out.data() + from++ * n * sizeof(float), n * sizeof(float));
  return result;
}

class Lut : public FolderTest {
 protected:
  void expect_as_ffmpeg(const CubeTable& table, double slack) {
    const std::vector<float> in = random_planes(0.0f, 1.0f), want = through_ffmpeg(folder, "a.cube", in);
    if (want.empty()) GTEST_SKIP() << "ffmpeg is missing or failed";
    for (const Isa isa : available_isas()) {
      const double most = largest_difference(through_kernels(isa, table, in), want);
      EXPECT_LE(most, slack) << name_of(isa);
      RecordProperty(std::string("difference_to_ffmpeg_") + std::string(name_of(isa)), fmt::format("{:.3g}", most));
    }
  }
};

TEST_F(Lut, OfTheIdentityIsThatOfFfmpeg) {
  const CubeTable table = identity_cube(33);
  write_file_atomically(at("a.cube"), print_cube(table, "identity"));
  const std::vector<float> in = random_planes(0.0f, 1.0f);
  for (const Isa isa : available_isas())
    EXPECT_LE(largest_difference(through_kernels(isa, table, in), in), 1e-6) << name_of(isa);
  expect_as_ffmpeg(table, 2e-5);
}

TEST_F(Lut, OfFilmIsThatOfFfmpeg) {
  const fs::path film = real_data("luts/gmic_film_cube/print/kodak_2383_constlclip.cube");
  if (film.empty()) GTEST_SKIP() << no_real_data;
  fs::copy(film, folder / "a.cube");
  expect_as_ffmpeg(*load_lut(film.string()), 2e-5);
}

// What a look loses as a 33-cube in another program: all that a table carries whole.
TEST_F(Lut, OfALookIsTheRenderersPictureInFfmpeg) {
  const std::vector<float> in = random_planes(0.0f, 1.0f);
  std::vector<Rgb<float>> colors;
  for (int i = 0; i < n; ++i) colors.push_back({in[i], in[n + i], in[2 * n + i]});
  for (const BuiltinText& builtin : builtin_texts()) {
    if (builtin.is_for_learning()) continue;
    const std::string name(builtin.id);
    const Look look = for_any_photo(find_look(name));
    const Baked baked = bake(look, 33);
    if (!baked.not_carried.empty()) continue;
    write_file_atomically(at("a.cube"), print_cube(baked.table, name));
    const std::vector<float> got = through_ffmpeg(folder, "a.cube", in);
    if (got.empty()) GTEST_SKIP() << "ffmpeg is missing or failed";
    const std::vector<Rgb<float>> want = render_colors(Plan(look), colors);
    double sum = 0.0, most = 0.0;
    for (int i = 0; i < n; ++i)
      for (int c = 0; c < 3; ++c) {
        const float channel[3]{want[i].r, want[i].g, want[i].b};
        const double d = std::abs(clamp(channel[c], 0.0f, 1.0f) - clamp(got[c * n + i], 0.0f, 1.0f));
        sum += d, most = std::max(most, d);
      }
    EXPECT_LE(sum / (3.0 * n), 2.5e-4) << name;
    EXPECT_LE(most, 7e-3) << name;
  }
}

TEST_F(Lut, WithCurvesIsTheSameOnEveryInstructionSet) {
  const CubeTable table = parse_cube(
      "LUT_1D_SIZE 5\nLUT_1D_INPUT_RANGE -0.5 1.5\nLUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE -0.25 2\n"
      "-0.2 0 2\n0.1 0.05 1.4\n0.3 0.6 1\n0.9 0.65 0.2\n2 1.9 -0.2\n"
      "0 0.1 0\n1 0 0.2\n0 1 0\n0.9 1.1 0\n0.1 0 1\n1 0 1\n0 1 1\n1 1 1.2\n",
      "a.cube");
  const std::vector<float> in = random_planes(-1.0f, 2.0f);
  const std::vector<double> want = in_double(table, in);
  for (const Isa isa : available_isas())
    EXPECT_LE(largest_difference(through_kernels(isa, table, in), want), 2e-6) << name_of(isa);
}

TEST_F(Lut, OfCurvesAloneGivesTheCurves) {
  const CubeTable table =
      parse_cube("LUT_1D_SIZE 3\nDOMAIN_MIN -1 -1 -1\nDOMAIN_MAX 3 3 3\n-4 0 1\n4 0 2\n20 0 1\n", "a.cube");
  const std::vector<float> in = random_planes(-1.0f, 3.0f);
  for (const Isa isa : available_isas()) {
    const std::vector<float> out = through_kernels(isa, table, in);
    for (int i = 0; i < n; ++i) {
      const float r = in[i], b = in[2 * n + i];
      ASSERT_NEAR(out[i], r < 1 ? 4 * r : 4 + (r - 1) * 8, 1e-5) << name_of(isa);
      ASSERT_NEAR(out[n + i], 0.0f, 1e-6);
      ASSERT_NEAR(out[2 * n + i], b < 1 ? 1.5f + 0.5f * b : 2.5f - 0.5f * b, 1e-5);
    }
  }
}

}  // namespace
}  // namespace sfumato
