// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>
#include <vips/vips.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/threads.h"
#include "command.h"
#include "files/picture_file.h"
#include "files/raw_file.h"
#include "files/vips.h"
#include "lane/isa.h"
#include "learner/learner.h"
#include "sfumato/error.h"
#include "sfumato/look.h"
#include "sfumato/version.h"
#include "video/ffmpeg.h"

namespace sfumato {
namespace {

// Writes and reads back a small picture; empty when that works.
std::string try_format(const std::string& format, const std::string& folder) {
  const std::string path = folder + "/sfumato-doctor-" + std::to_string(getpid()) + "." + format;
  std::string problem;
  try {
    VipsImage* image = nullptr;
    if (vips_black(&image, 16, 16, "bands", 3, nullptr)) throw Error(Code::bug, vips_error_text());
    const std::shared_ptr<VipsImage> owned(image, g_object_unref);
    image->Type = VIPS_INTERPRETATION_sRGB;
    save_picture(image, path, {}, path);
    open_picture(path);
  } catch (const Error& e) {
    problem = e.what();
  }
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return problem;
}

std::string learning() {
  try {
    return learner().describe();
  } catch (const Error& e) {
    return e.what();
  }
}

std::string video() {
  const std::string version = ffmpeg_version();
  return version.empty() ? "not available: found no program ffmpeg; install it" : "with ffmpeg " + version;
}

// To a tenth.
double memory_gib() {
  const double bytes = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  return std::round(bytes / (1u << 30) * 10) / 10;
}

int examine(bool json) {
  init_vips();
  nlohmann::json report{{"sfumato", version()},
                        {"libvips", vips_version_string()},
                        {"processors", thread_count(0)},
                        {"memory_gib", memory_gib()},
                        {"instruction_set", name_of(best_isa())},
                        {"looks", look_names().size()},
                        {"learning", learning()},
                        {"video", video()}};
  for (const Isa isa : available_isas()) report["instruction_sets"].push_back(name_of(isa));
  const std::string folder = std::filesystem::temp_directory_path().string();
  int broken = 0;
  for (const char* format : {"jpg", "png", "tif", "webp", "avif", "heic", "jxl"}) {
    const std::string problem = try_format(format, folder);
    report["formats"][format] = problem.empty() ? "reads and writes" : problem;
    // HEIC needs an encoder that distributions leave out for its patents.
    broken += !problem.empty() && std::string(format) != "heic";
  }
  // Inputs only: nothing writes these.
  const bool has_exr = vips_type_find("VipsForeignLoad", "openexrload") != 0;
  report["formats"]["exr"] = has_exr ? "reads" : "not read: libvips was built without OpenEXR";
  report["formats"]["raw"] = "reads, with " + raw_library();
  if (json) {
    fmt::print("{}\n", report.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    for (const auto& [key, value] : report.items())
      if (key != "formats") fmt::print("{:<17} {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
    for (const auto& [format, state] : report["formats"].items())
      fmt::print("{:<17} {}\n", format, state.get<std::string>());
  }
  return broken == 0 ? 0 : 5;
}

const Registered doctor_command({"doctor", "Say what this machine and build can do", "  sfumato doctor",
                                 [](CLI::App& app) {
                                   auto json = std::make_shared<bool>(false);
                                   app.add_flag("--json", *json, "As JSON");
                                   return [json] { return examine(*json); };
                                 }});

}  // namespace
}  // namespace sfumato
