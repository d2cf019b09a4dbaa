// SPDX-License-Identifier: Apache-2.0
// Renderings that must have read the whole picture before they write its first row, and files through them.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "color/profile_map.h"
#include "files/picture_file.h"
#include "render/render_file.h"
#include "sfumato/image.h"

namespace sfumato {

// A picture to be read in bands. `in` and `out` say how pixels are encoded before and after; null is sRGB.
struct PictureSource {
  using Use = std::function<void(const View&)>;

  int width, height;
  std::shared_ptr<const ProfileMap> in, out;
  std::function<void(int y0, int y1, const Use& use)> fetch;  // from any thread
};

class WholePicture {
 public:
  virtual ~WholePicture() = default;
  // Rows y0..y1-1 of the picture into `to`, of any sample type; alpha passes. Returns how many samples were not finite.
  virtual long long render_band(const View& rows, int y0, int y1, const MutableView& to) const = 0;
};

struct WholeJob {
  std::string input, output;
  OpenOptions open;
  SaveOptions save;
  int threads = 0;
  int enlargement = 1;  // of the output: `read` gets the picture as it is, bands are of the larger one
};

// `read` reads the picture and prepares; then bands stream to the encoder. The output appears complete or not at all.
// Throws Code::input, Code::output, Code::resource, and what `read` throws.
using ReadWhole = std::function<std::shared_ptr<const WholePicture>(const PictureSource&)>;
FileReport render_whole_file(const WholeJob&, const ReadWhole& read);

// In memory, sRGB in and out.
void render_whole(const View& in, const MutableView& out, int threads, const ReadWhole& read);

// Interleaved float rows that a thread reuses.
class FloatRows {
 public:
  MutableView resized(int width, int height, int bands);

 private:
  std::vector<float> samples_;
};
inline float* floats(const MutableView& v, int y) { return reinterpret_cast<float*>(v.row(y)); }
inline View view_of(const MutableView& v) { return {v.data, v.width, v.height, v.bands, v.sample, v.stride}; }

}  // namespace sfumato
