// SPDX-License-Identifier: Apache-2.0
#include "video/render_video.h"

#include <algorithm>
#include <future>
#include <utility>

#include "base/file.h"
#include "sfumato/error.h"
#include "video/frames.h"

namespace sfumato {
namespace {

// Frames through their looks while the next is decoded and the last is encoded.
class FrameLine {
 public:
  FrameLine(FrameReader& in, FrameWriter& out) : in_(in), out_(out) {}
  ~FrameLine() {
    for (std::future<bool>* f : {&reading_, &writing_})
      if (f->valid()) f->wait();
  }

  // Calls render(number, from, to) for each. False: the writer takes no more.
  template <class Render>
  bool run(const Render& render) {
    read();
    for (;; ++count_) {
      if (!reading_.get()) break;
      std::swap(read_, from_);
      read();
      to_.resize(from_.size());
      render(count_, from_, to_);
      if (writing_.valid() && !writing_.get()) return false;
      std::swap(to_, written_);
      writing_ = std::async(std::launch::async, [this] { return out_.write(written_); });
    }
    return !writing_.valid() || writing_.get();
  }
  long long count() const { return count_; }

 private:
  void read() {
    reading_ = std::async(std::launch::async, [this] { return in_.next(read_); });
  }

  FrameReader& in_;
  FrameWriter& out_;
  RawFrame read_, from_, to_, written_;
  std::future<bool> reading_, writing_;
  long long count_ = 0;
};

// One frame through a plan; pictures in between are kept from frame to frame.
class FrameRenderer {
 public:
  FrameRenderer(const VideoInfo& in, const Encoding& out, int threads)
      : from_(in.matrix(), in.is_full_range()),
        to_(out.matrix, out.range == "pc"),
        threads_(threads),
        before_(in.width, in.height, Sample::f32),
        after_(in.width, in.height, Sample::f32) {}

  void operator()(const Plan& plan, const RawFrame& from, RawFrame& to) {
    from_.to_rgb(from, before_.view(), threads_);
    render(plan, std::as_const(before_).view(), after_.view(), {.threads = threads_});
    to_.from_rgb(std::as_const(after_).view(), to, threads_);
  }

 private:
  const YCbCr from_, to_;
  const int threads_;
  Picture before_, after_;
};

void check_read(FrameReader& in, const VideoJob& job, VideoReport& report) {
  if (const std::string damage = in.damage(); !damage.empty()) {
    if (!job.accepts_damage) throw Error(Code::input, "is damaged: " + damage, job.input);
    report.warnings.push_back("is damaged: " + damage);
  }
  if (report.frames == 0) throw Error(Code::input, "found no frame in it", job.input);
}

}  // namespace

VideoReport render_video(const VideoJob& job) {
  VideoInfo info = read_video_info(job.input);
  const std::shared_ptr<const ProfileMap> pixels = profile_of(info.color, info.warnings);
  const Encoding encoding = encoding_for(info, job.save, job.output);
  VideoReport report{info.width, info.height, 0, 1, {}, info.warnings};
  report.warnings.insert(report.warnings.end(), encoding.warnings.begin(), encoding.warnings.end());

  // Looking at all frames first takes about a fifth of the time.
  const double expected = std::max(1.0, info.duration * info.frames_per_second());
  const bool looks_first = job.look.reads_frames();
  const auto tell = [&](double from, double to, long long frame) {
    return job.progress(from + (to - from) * std::min(1.0, static_cast<double>(frame) / expected));
  };
  constexpr double first = 0.2;
  LookTrack looks(job.look, job.input, info, pixels, job.accepts_damage,
                  [&](long long frame) { return tell(0, first, frame); });
  std::optional<Plan> plan;

  AtomicFile file(job.output);
  FrameReader in(job.input, info);
  FrameWriter out(file.fd(), encoding, job.input, info, job.save.mark);
  FrameRenderer render_frame(info, encoding, job.threads);
  FrameLine line(in, out);
  const bool is_read = line.run([&](long long number, const RawFrame& from, RawFrame& to) {
    if (!tell(looks_first ? first : 0, 1, number)) throw Error(Code::stopped, "stopped", job.input);
    if (!plan || !looks.is_constant()) plan.emplace(looks.at(number), pixels, pixels);
    render_frame(*plan, from, to);
  });
  report.frames = line.count();
  if (is_read) check_read(in, job, report);
  out.finish(job.output);
  file.commit();
  report.shots = looks.shot_count();
  report.confidence = looks.confidence();
  return report;
}

}  // namespace sfumato
