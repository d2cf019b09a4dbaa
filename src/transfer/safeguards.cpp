// SPDX-License-Identifier: Apache-2.0
#include "transfer/safeguards.h"

#include <cmath>
#include <numbers>

#include "lane/scalar.h"

namespace sfumato {
namespace {

constexpr float degree = std::numbers::pi_v<float> / 180.0f;

// 1 within low..high, 0 beyond `fade` outside of it.
float within(float v, float low, float high, float fade) {
  return smooth01((v - low) / fade + 1.0f) * smooth01((high - v) / fade + 1.0f);
}

float hue_of(const Rgb<float>& lab) { return std::atan2(lab.b, lab.g) / degree; }
float chroma_of(const Rgb<float>& lab) { return std::sqrt(lab.g * lab.g + lab.b * lab.b); }

// The nearest color whose hue is at most an angle of `tangent` away from that of `from` and whose chroma toward it is
// at least `least`. Small chromas may turn freely: `slack` is what they may have across.
Rgb<float> with_hue_of(const Rgb<float>& from, const Rgb<float>& to, float tangent, float least, float slack) {
  const float c = std::max(chroma_of(from), 1e-6f), u = from.g / c, v = from.b / c;
  const float along = std::max(u * to.g + v * to.b, least * c), across = u * to.b - v * to.g;
  const float most = tangent * along + slack;
  const float kept = most * std::tanh(across / most);
  return {to.r, u * along - v * kept, v * along + u * kept};
}

}  // namespace

// Skin of all tones lies around hue 50 degrees in OKLab, reddish to yellowish, and is never gray nor vivid.
float skin_likeness(const Rgb<float>& lab) {
  return within(hue_of(lab), 30.0f, 75.0f, 15.0f) * within(chroma_of(lab), 0.035f, 0.12f, 0.02f) *
         within(lab.r, 0.35f, 0.92f, 0.1f);
}

float sky_likeness(const Rgb<float>& lab) {
  const float hue = hue_of(lab), turned = hue < 0 ? hue + 360.0f : hue;
  return within(turned, 220.0f, 270.0f, 20.0f) * within(chroma_of(lab), 0.04f, 0.2f, 0.02f) *
         within(lab.r, 0.45f, 0.95f, 0.1f);
}

Rgb<float> safeguarded(const Rgb<float>& from, const Rgb<float>& to, float protection) {
  if (protection <= 0.0f) return to;
  static const float skin_turn = std::tan(20.0f * degree), sky_turn = std::tan(60.0f * degree);
  Rgb<float> out = to;
  if (const float skin = skin_likeness(from); skin > 0.0f)
    out = mix(out, with_hue_of(from, out, skin_turn, 0.5f, 0.01f), protection * skin);
  if (const float sky = sky_likeness(from); sky > 0.0f)
    out = mix(out, with_hue_of(from, out, sky_turn, 0.0f, 0.03f), protection * sky);
  // White, and noise in shadows.
  const float chroma = chroma_of(from) / 0.06f;
  const float white = smooth01((from.r - 0.88f) / 0.12f) * std::exp2(-chroma * chroma),
              black = 1.0f - smooth01(from.r / 0.2f);
  const float share = 1.0f - protection * std::max(0.8f * white, 0.8f * black);
  out.g = from.g + (out.g - from.g) * share, out.b = from.b + (out.b - from.b) * share;
  // Shadows: a soft floor.
  const float floor = 0.5f * protection * from.r, above = out.r - floor, softness = 0.02f;
  out.r = floor + 0.5f * (above + std::sqrt(above * above + softness * softness * from.r));
  return out;
}

}  // namespace sfumato
