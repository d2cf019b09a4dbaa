// SPDX-License-Identifier: Apache-2.0
#include "files/coded_color.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace sfumato {
namespace {

int byte_at(std::string_view s, std::size_t i) { return static_cast<unsigned char>(s[i]); }

struct Primaries {
  int code;
  const char* name;
  cmsCIExyY white;
  cmsCIExyYTRIPLE colors;
};

// [ITU-T H.273] table 2.
constexpr cmsCIExyY d65{0.3127, 0.3290, 1};
constexpr cmsCIExyYTRIPLE bt709{{0.640, 0.330, 1}, {0.300, 0.600, 1}, {0.150, 0.060, 1}},
    smpte_c{{0.630, 0.340, 1}, {0.310, 0.595, 1}, {0.155, 0.070, 1}},
    p3{{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
constexpr std::array all_primaries{
    Primaries{1, "BT.709", d65, bt709},
    Primaries{2, "BT.709", d65, bt709},  // not told
    Primaries{5, "BT.470 BG", d65, {{0.640, 0.330, 1}, {0.290, 0.600, 1}, {0.150, 0.060, 1}}},
    Primaries{6, "SMPTE C", d65, smpte_c},
    Primaries{7, "SMPTE C", d65, smpte_c},
    Primaries{9, "BT.2020", d65, {{0.708, 0.292, 1}, {0.170, 0.797, 1}, {0.131, 0.046, 1}}},
    Primaries{11, "DCI-P3", {0.314, 0.351, 1}, p3},
    Primaries{12, "Display P3", d65, p3},
};

// BT.709's and BT.2020's files are shown as sRGB's, too.
bool is_shown_as_srgb(int transfer) {
  constexpr std::array codes{1, 2, 6, 13, 14, 15};
  return std::count(codes.begin(), codes.end(), transfer) > 0;
}

struct Free {
  void operator()(cmsToneCurve* c) const { cmsFreeToneCurve(c); }
  void operator()(void* profile) const { cmsCloseProfile(profile); }
  void operator()(cmsMLU* text) const { cmsMLUfree(text); }
};

struct Curve {
  const char* name;
  std::unique_ptr<cmsToneCurve, Free> curve;
};

Curve curve_of(int transfer) {
  constexpr std::array srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};  // [IEC61966-2-1]
  const auto gamma = [](double g) { return std::unique_ptr<cmsToneCurve, Free>(cmsBuildGamma(nullptr, g)); };
  if (is_shown_as_srgb(transfer))
    return {"sRGB curve", std::unique_ptr<cmsToneCurve, Free>(cmsBuildParametricToneCurve(nullptr, 4, srgb.data()))};
  if (transfer == 4) return {"gamma 2.2", gamma(2.2)};
  if (transfer == 5) return {"gamma 2.8", gamma(2.8)};
  if (transfer == 8) return {"linear", gamma(1)};
  return {"", nullptr};
}

std::string bytes_of(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  if (!cmsSaveProfileToMem(profile, nullptr, &size)) return {};
  std::string bytes(size, '\0');
  if (!cmsSaveProfileToMem(profile, bytes.data(), &size)) return {};
  constexpr std::array<char, 12> date{7, static_cast<char>(0xd0), 0, 1, 0, 1};  // 2000-01-01, instead of now
  std::copy(date.begin(), date.end(), bytes.begin() + 24);
  return bytes;
}

}  // namespace

bool CodedColor::is_srgb() const { return (primaries == 1 || primaries == 2) && is_shown_as_srgb(transfer); }

std::string CodedColor::profile() const {
  const auto found =
      std::find_if(all_primaries.begin(), all_primaries.end(), [&](const Primaries& p) { return p.code == primaries; });
  const Curve curve = curve_of(transfer);
  if (found == all_primaries.end() || !curve.curve) return {};
  cmsToneCurve* const curves[]{curve.curve.get(), curve.curve.get(), curve.curve.get()};
  const std::unique_ptr<void, Free> made(cmsCreateRGBProfile(&found->white, &found->colors, curves));
  const std::unique_ptr<cmsMLU, Free> name(cmsMLUalloc(nullptr, 1));
  if (!made || !name) return {};
  cmsMLUsetASCII(name.get(), "en", "US", (std::string(found->name) + ", " + curve.name).c_str());
  cmsWriteTag(made.get(), cmsSigProfileDescriptionTag, name.get());
  return bytes_of(made.get());
}

std::optional<CodedColor> coded_color(std::string_view start) {
  if (const auto box = start.find("colrnclx"); box != start.npos && box + 12 <= start.size())
    return CodedColor{byte_at(start, box + 8) * 256 + byte_at(start, box + 9),
                      byte_at(start, box + 10) * 256 + byte_at(start, box + 11)};
  if (const auto chunk = start.find("cICP"); chunk != start.npos && chunk + 6 <= start.size())
    return CodedColor{byte_at(start, chunk + 4), byte_at(start, chunk + 5)};
  return std::nullopt;
}

}  // namespace sfumato
