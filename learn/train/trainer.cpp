// SPDX-License-Identifier: Apache-2.0
#include "train/trainer.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/fnv.h"
#include "files/pth_file.h"
#include "look/net_adapter.h"
#include "losses/cdf.h"
#include "net/nets.h"
#include "net/style_net.h"
#include "sfumato/error.h"
#include "tensor/device.h"
#include "train/checkpoint.h"

namespace sfumato {
namespace {

constexpr int crop_edge = 48;  // of the square that the perceptual loss sees
constexpr std::uint64_t held_out_seed = 0x5eed;
constexpr SoftBins tone_bins{32, 0.03};  // of the loss

NetSpec encoder_of(const TrainOptions& o) {
  if (o.encoder == "compact") return thumbnail_encoder();
  if (o.encoder == "resnet18") return resnet18();
  throw Error(Code::usage, fmt::format("found '{}'; expected compact or resnet18", o.encoder), "--encoder");
}

// Fresh; the encoder from the user's file; the last layer silent, so that untrained it changes no photo.
TensorNet first_net(const TrainOptions& o, const std::vector<HeadOutput>& outputs) {
  TensorNet net(style_net(encoder_of(o), static_cast<int>(outputs.size())), o.seed);
  if (!o.encoder_weights.empty()) net.set(TensorNet(encoder_of(o), read_weights(o.encoder_weights)).parameters());
  for (const char* name : {"raw.weight", "raw.bias"}) net.set({{name, torch::zeros_like(net.parameters().at(name))}});
  return net;
}

// Where training begins: at the presets, and off a neutral that has no slope.
torch::Tensor first_bias(const std::vector<HeadOutput>& outputs) {
  std::vector<float> start;
  for (const HeadOutput& h : outputs) start.push_back(raw_of(h, h.start));
  return torch::tensor(start);
}

std::vector<HeadOutput> outputs_of(const Look& look) {
  auto outputs = head_of(look);
  if (outputs.empty())
    throw Error(Code::usage, "found no range in the look; write knobs to learn as [low, preset, high]", look.id);
  return outputs;
}

NamedTensors cloned(const NamedTensors& all) {
  NamedTensors copy;
  for (const auto& [name, t] : all) copy[name] = t.detach().clone();
  return copy;
}

}  // namespace

Trainer::Trainer(const Look& look, const std::vector<Pair>& pairs, const TrainOptions& options)
    : options_(options),
      ranks_(Ranks::from_environment()),
      device_(device_of(options.device)),
      look_(look),
      outputs_(outputs_of(look)),
      net_(first_net(options, outputs_)),
      adam_({}, {}),
      perceptual_(options.perceptual_weights),
      best_loss_(std::numeric_limits<double>::infinity()) {
  prepare_cpu(options.threads);
  net_.to(device_);
  perceptual_.to(device_);
  adam_ = Adam(net_.parameters(), {.rate = options.rate, .decay = options.decay});
  for (const Pair& pair : pairs) items_.emplace_back(pair);
  if (items_.empty()) throw Error(Code::usage, "found no pairs to train on");

  const int count = static_cast<int>(items_.size());
  const int kept = count < 4 ? 0 : std::clamp(static_cast<int>(std::lround(options.held_out * count)), 1, count - 1);
  const std::vector<int> order = items_of_batch(0, count, count, options.seed ^ held_out_seed);
  for (int i = 0; i < count; ++i) (i < kept ? held_out_ : training_).push_back(&items_[order[i]]);
  best_ = cloned(net_.parameters());
  if (options.resume) load_checkpoint();
}

torch::Tensor Trainer::values(const Items& items) const {
  auto inputs = net_inputs(items);
  for (auto& [name, t] : inputs) t = t.to(device_);
  const torch::Tensor raw = net_(inputs, options_.bf16 ? torch::kBFloat16 : torch::kFloat).at("raw").flatten(1);

  std::vector<float> below, neutral, above;
  std::vector<std::int64_t> places;
  std::vector<std::int64_t> first{0};
  for (const LookStep& step : look_.look().steps)
    first.push_back(first.back() + static_cast<std::int64_t>(step.values.size()));
  for (const HeadOutput& o : outputs_) {
    below.push_back(o.neutral - o.low), neutral.push_back(o.neutral), above.push_back(o.high - o.neutral);
    places.push_back(first[o.step] + o.value);
  }
  const auto numbers = [&](const std::vector<float>& v) { return torch::tensor(v).to(device_); };
  const torch::Tensor down = numbers(below), up = numbers(above);
  torch::Tensor v = squash(Ten(raw), Ten(down), Ten(numbers(neutral)), Ten(up)).t;
  // Where a range ends at neutral, raw numbers beyond it have no slope: a small one leads back without changing the
  // value.
  const torch::Tensor is_beyond = torch::where(raw < 0, down, up) == 0;
  v = v + torch::where(is_beyond, 0.1 * (down + up) * (raw - raw.detach()), torch::zeros_like(raw));
  const torch::Tensor presets = look_.presets().to(device_).expand({raw.size(0), -1});
  return presets.index_copy(1, torch::tensor(places).to(device_), v);
}

torch::Tensor Trainer::pixel_loss(const Items& items, const torch::Tensor& values, const Draw& draw) const {
  PixelBatch batch = draw_pixels(items, draw);
  auto move = [&](Ten& t) {
    if (!t.is_constant()) t.t = t.t.to(device_);
  };
  for (Ten* t : {&batch.pixels.site.x, &batch.pixels.site.y, &batch.pixels.site.half_width,
                 &batch.pixels.site.half_height, &batch.pixels.site.pixel})
    move(*t);
  batch.pixels.rgb = batch.pixels.rgb.to(device_);
  const torch::Tensor out = look_(batch.pixels, values), target = batch.target.to(device_);
  const auto scattered = [&](const torch::Tensor& t) { return t.narrow(2, 0, draw.scattered); };
  torch::Tensor sum = options_.l1_weight * (scattered(out) - scattered(target)).abs().mean();
  if (options_.cdf_weight > 0) sum = sum + options_.cdf_weight * cdf_loss(scattered(out), scattered(target), tone_bins);
  if (draw.crop > 0) {
    const auto square = [&](const torch::Tensor& t) {
      return t.narrow(2, draw.scattered, draw.crop * draw.crop).reshape({t.size(0), 3, draw.crop, draw.crop});
    };
    sum = sum + options_.perceptual_weight * perceptual_(square(out), square(target));
  }
  return sum;
}

torch::Tensor Trainer::picture_loss(const Items& items, const torch::Tensor& values) const {
  constexpr float room = 1.5f;
  torch::Tensor sum;
  for (std::size_t b = 0; b < items.size(); ++b) {
    const torch::Tensor in = items[b]->small(items[b]->before).to(device_),
                        target = items[b]->small(items[b]->after).to(device_);
    const torch::Tensor out = look_(TensorPixels::whole(in), values.narrow(0, static_cast<std::int64_t>(b), 1), room);
    torch::Tensor part = options_.l1_weight * (out - target).abs().mean();
    if (options_.cdf_weight > 0) part = part + options_.cdf_weight * cdf_loss(out, target, tone_bins);
    if (options_.perceptual_weight > 0) part = part + options_.perceptual_weight * perceptual_(out, target);
    sum = b == 0 ? part : sum + part;
  }
  return sum / static_cast<double>(items.size());
}

torch::Tensor Trainer::loss(const Items& items, const Draw& draw) const {
  const torch::Tensor v = values(items);
  return look_.is_point() ? pixel_loss(items, v, draw) : picture_loss(items, v);
}

double Trainer::train_step() {
  const int whole = options_.batch * ranks_.count();
  const std::vector<int> chosen = items_of_batch(step_, whole, static_cast<int>(training_.size()), options_.seed);
  Items items;
  const int first = options_.batch * ranks_.rank();
  for (int i = 0; i < options_.batch; ++i) items.push_back(training_[chosen[first + i]]);
  const Draw draw{options_.pixels, options_.perceptual_weight > 0 ? crop_edge : 0,
                  fnv1a(&step_, sizeof step_, options_.seed), first};
  const torch::Tensor sum = loss(items, draw);
  sum.backward();

  std::vector<torch::Tensor> shared;
  for (const auto& [name, t] : net_.parameters())
    if (t.grad().defined()) shared.push_back(t.grad());
  shared.push_back(sum.detach());
  ranks_.average(shared);
  // A short rise, then half a cosine.
  const double share = static_cast<double>(step_) / options_.steps,
               rise = std::min(1.0, (static_cast<double>(step_) + 1.0) / 20.0);
  adam_.step(rise * (0.02 + 0.98 * 0.5 * (1.0 + std::cos(3.14159265358979 * share))));
  ++step_;
  return shared.back().item<double>();
}

double Trainer::look_at_held_out() const {
  torch::NoGradGuard no_grad;
  double sum = 0;
  for (const TrainItem* item : held_out_)
    sum += loss({item}, {4096, options_.perceptual_weight > 0 ? crop_edge : 0, held_out_seed, 0}).item<double>();
  return sum / static_cast<double>(held_out_.size());
}

Trained Trainer::run(const TrainProgress& progress) {
  int worse = 0;
  if (step_ == 0 && options_.steps > 0) net_.set({{"raw.bias", first_bias(outputs_).to(device_)}});
  while (step_ < options_.steps) {
    TrainPoint point{static_cast<int>(step_) + 1, train_step(), std::numeric_limits<double>::quiet_NaN()};
    if (!std::isfinite(point.loss))
      throw Error(Code::resource, fmt::format("the loss became {} at step {}; lower --rate", point.loss, point.step));
    const bool looks = step_ % options_.look_every == 0 || step_ == options_.steps;
    if (looks) {
      const double seen = held_out_.empty() ? point.loss : look_at_held_out();
      if (!held_out_.empty()) point.held_out = seen;
      if (held_out_.empty() || seen < best_loss_) {
        best_loss_ = seen, best_step_ = step_, best_ = cloned(net_.parameters());
      }
      worse = static_cast<int>((step_ - best_step_) / options_.look_every);
    }
    history_.push_back(point);
    const bool stops = ranks_.is_first() && progress && !progress(point, options_.steps);
    if ((looks || stops) && ranks_.is_first() && !options_.checkpoint.empty()) save_checkpoint();
    if (stops)
      throw Error(Code::stopped, fmt::format("stopped at step {} of {}; --resume goes on", step_, options_.steps));
    if (options_.patience > 0 && worse >= options_.patience) break;
  }
  net_.set(best_);
  Trained result{look_.look(), history_, static_cast<int>(best_step_), {}, device_.str()};
  result.look.adapter = std::make_shared<NetAdapter>(net_.spec(), net_.file());
  for (const TrainItem* item : held_out_) result.held_out.push_back(item->name);
  return result;
}

std::string Trainer::fingerprint() const {
  const TrainOptions& o = options_;
  std::string all = fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {} ", print_look(look_.look()), o.steps,
                                o.batch * ranks_.count(), o.pixels, o.rate, o.decay, o.seed, o.bf16, o.held_out,
                                o.look_every, o.encoder, o.l1_weight, o.cdf_weight, o.perceptual_weight);
  std::uint64_t h = fnv1a(all.data(), all.size());
  for (const TrainItem& item : items_)
    for (const torch::Tensor& t : {item.before, item.after})
      h = fnv1a(t.data_ptr<float>(), t.numel() * sizeof(float), h);
  return fmt::format("{:016x}", h);
}

void Trainer::save_checkpoint() const {
  TensorFile file;
  add_group(file, "net.", net_.parameters());
  add_group(file, "best.", best_);
  add_group(file, "adam.", adam_.state());
  Tensor& past = file.tensors["history"];
  past.shape = {static_cast<std::int64_t>(history_.size()), 3};
  for (const TrainPoint& p : history_)
    for (double v : {static_cast<double>(p.step), p.loss, p.held_out}) past.values.push_back(static_cast<float>(v));
  file.metadata = {{"best_step", std::to_string(best_step_)}, {"best_loss", fmt::format("{:.17g}", best_loss_)}};
  write_checkpoint(options_.checkpoint, std::move(file), fingerprint());
}

void Trainer::load_checkpoint() {
  const std::optional<TensorFile> found = read_checkpoint(options_.checkpoint, fingerprint());
  if (!found) return;
  const TensorFile& file = *found;
  net_.set(group(file, "net.", device_));
  adam_.set_state(group(file, "adam.", device_));
  best_ = group(file, "best.", device_);
  best_step_ = std::stoll(file.metadata.at("best_step"));
  best_loss_ = std::stod(file.metadata.at("best_loss"));
  const Tensor& past = file.get("history", {-1, 3});
  for (std::int64_t i = 0; i < past.shape[0]; ++i)
    history_.push_back({static_cast<int>(past.values[i * 3]), past.values[i * 3 + 1], past.values[i * 3 + 2]});
  step_ = past.shape[0];
}

}  // namespace sfumato
