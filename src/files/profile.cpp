// SPDX-License-Identifier: Apache-2.0
#include "files/profile.h"

#include <lcms2.h>

#include <algorithm>
#include <cmath>

namespace sfumato {
namespace {

constexpr std::size_t largest_profile = 16 << 20;
constexpr double nearly_srgb = 0.002;  // half a step of 8 bits: the "c2" stand-in for sRGB is 0.0017 away
constexpr double same_curve = 0.0002;  // rounding of the tables in common profiles

using Matrix = std::array<double, 9>;

Matrix times(const Matrix& a, const Matrix& b) {
  Matrix c{};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 3; ++k) c[i * 3 + j] += a[i * 3 + k] * b[k * 3 + j];
  return c;
}

// nullopt-like: returns false for singular matrices.
bool invert(const Matrix& m, Matrix& out) {
  const double c0 = m[4] * m[8] - m[5] * m[7], c1 = m[5] * m[6] - m[3] * m[8], c2 = m[3] * m[7] - m[4] * m[6];
  const double d = m[0] * c0 + m[1] * c1 + m[2] * c2;
  if (!(std::abs(d) > 1e-9)) return false;
  out = {c0 / d, (m[2] * m[7] - m[1] * m[8]) / d, (m[1] * m[5] - m[2] * m[4]) / d,
         c1 / d, (m[0] * m[8] - m[2] * m[6]) / d, (m[2] * m[3] - m[0] * m[5]) / d,
         c2 / d, (m[1] * m[6] - m[0] * m[7]) / d, (m[0] * m[4] - m[1] * m[3]) / d};
  return true;
}

// Colorants of sRGB adapted to D50 [IEC61966-2-1, Bradford].
constexpr Matrix srgb_d50{0.4360657, 0.3851515, 0.1430784, 0.2224932, 0.7168870,
                          0.0606169, 0.0139159, 0.0970765, 0.7140992};

double srgb_encoded(double linear) {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}
double unchanged(double linear) { return linear; }

bool read_colorants(cmsHPROFILE profile, Matrix& m) {
  const cmsTagSignature tags[3]{cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag};
  for (int c = 0; c < 3; ++c) {
    const auto* xyz = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, tags[c]));
    if (!xyz) return false;
    m[c] = xyz->X, m[3 + c] = xyz->Y, m[6 + c] = xyz->Z;
  }
  return true;
}

// The curve's inverse over the fourth root of linear light, by bisection on the decoding table: monotone curves only.
std::vector<float> inverse_table(const std::vector<float>& decode) {
  std::vector<float> encode(ProfileMap::nodes);
  for (int i = 0; i < ProfileMap::nodes; ++i) {
    const double t = i / (ProfileMap::nodes - 1.0);
    const auto linear = static_cast<float>(t * t * t * t);
    const auto above = std::upper_bound(decode.begin() + 1, decode.end() - 1, linear);
    const auto k = above - decode.begin() - 1;
    const float rise = decode[k + 1] - decode[k];
    const float part = rise > 0.0f ? std::clamp((linear - decode[k]) / rise, 0.0f, 1.0f) : 0.0f;
    encode[i] = (static_cast<float>(k) + part) / (ProfileMap::nodes - 1.0f);
  }
  return encode;
}

bool read_curve(cmsHPROFILE profile, cmsTagSignature tag, std::vector<float>& table) {
  const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(profile, tag));
  if (!curve) return false;
  table.resize(ProfileMap::nodes);
  for (int i = 0; i < ProfileMap::nodes; ++i) {
    table[i] = cmsEvalToneCurveFloat(curve, static_cast<float>(i) / (ProfileMap::nodes - 1));
    if (!std::isfinite(table[i]) || (i > 0 && table[i] < table[i - 1])) return false;
  }
  return table.back() - table.front() >= 0.5f;
}

// From a known curve, in encoded values: steps near black count as the eye counts them.
double distance(const ProfileMap& map, double (*encoded)(double)) {
  double far = 0.0;
  for (const auto& table : map.decode)
    for (int i = 0; i < ProfileMap::nodes; ++i)
      far = std::max(far, std::abs(encoded(table[i]) - i / (ProfileMap::nodes - 1.0)));
  return far;
}

// A curve in closed form is faster than a table, and goes on beyond 0..1.
void finish_curves(ProfileMap& map) {
  map.is_linear = distance(map, unchanged) < same_curve;
  if (map.is_linear || distance(map, srgb_encoded) < same_curve) {
    for (auto& table : map.decode) table.clear();
    return;
  }
  for (int c = 0; c < 3; ++c) map.encode[c] = inverse_table(map.decode[c]);
}

Profile read_gray(cmsHPROFILE profile) {
  auto map = std::make_shared<ProfileMap>();
  if (!read_curve(profile, cmsSigGrayTRCTag, map->decode[0])) return {ProfileKind::damaged, nullptr};
  map->decode[1] = map->decode[2] = map->decode[0];
  if (distance(*map, srgb_encoded) < nearly_srgb) return {ProfileKind::srgb, nullptr};
  finish_curves(*map);
  return {ProfileKind::gray, std::move(map)};
}

double distance_to_srgb(const ProfileMap& map) {
  double far = distance(map, srgb_encoded);
  for (int i = 0; i < 9; ++i) far = std::max(far, std::abs(map.to_srgb[i] - (i % 4 == 0 ? 1.0 : 0.0)));
  return far;
}

Profile read_open_profile(cmsHPROFILE profile) {
  if (cmsGetColorSpace(profile) == cmsSigGrayData) return read_gray(profile);
  if (cmsGetColorSpace(profile) != cmsSigRgbData || cmsGetPCS(profile) != cmsSigXYZData || !cmsIsMatrixShaper(profile))
    return {ProfileKind::other, nullptr};
  Matrix colorants, to_srgb, from_srgb, xyz_to_srgb;
  auto map = std::make_shared<ProfileMap>();
  if (!read_colorants(profile, colorants) || !read_curve(profile, cmsSigRedTRCTag, map->decode[0]) ||
      !read_curve(profile, cmsSigGreenTRCTag, map->decode[1]) ||
      !read_curve(profile, cmsSigBlueTRCTag, map->decode[2]) || !invert(srgb_d50, xyz_to_srgb))
    return {ProfileKind::damaged, nullptr};
  to_srgb = times(xyz_to_srgb, colorants);
  if (!invert(to_srgb, from_srgb)) return {ProfileKind::damaged, nullptr};
  for (int i = 0; i < 9; ++i) {
    map->to_srgb[i] = static_cast<float>(to_srgb[i]);
    map->from_srgb[i] = static_cast<float>(from_srgb[i]);
  }
  if (distance_to_srgb(*map) < nearly_srgb) return {ProfileKind::srgb, nullptr};
  finish_curves(*map);
  return {ProfileKind::matrix, std::move(map)};
}

}  // namespace

Profile read_profile(std::span<const std::byte> icc) {
  if (icc.size() > largest_profile) return {ProfileKind::damaged, nullptr};
  // Complaints about damaged profiles are told by our return value.
  cmsSetLogErrorHandler([](cmsContext, cmsUInt32Number, const char*) {});
  cmsHPROFILE profile = cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size()));
  if (!profile) return {ProfileKind::damaged, nullptr};
  Profile result = read_open_profile(profile);
  cmsCloseProfile(profile);
  return result;
}

std::shared_ptr<const ProfileMap> linear_profile(const float (&to_srgb)[9]) {
  auto map = std::make_shared<ProfileMap>();
  map->is_linear = true;
  Matrix m, inverse;
  for (int i = 0; i < 9; ++i) m[i] = map->to_srgb[i] = to_srgb[i];
  if (!invert(m, inverse)) inverse = m;
  for (int i = 0; i < 9; ++i) map->from_srgb[i] = static_cast<float>(inverse[i]);
  return map;
}

}  // namespace sfumato
