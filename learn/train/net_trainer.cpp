// SPDX-License-Identifier: Apache-2.0
#include "train/net_trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <random>

#include "base/fnv.h"
#include "files/pth_file.h"
#include "losses/patch_distance.h"
#include "losses/similarity.h"
#include "sfumato/error.h"
#include "tensor/device.h"
#include "tensor/planes.h"
#include "train/checkpoint.h"

namespace sfumato {
namespace {

constexpr double of_bytes = 255 * 255;

torch::Tensor bytes_of(const Planes& planes) {
  return (tensor_of(planes)[0] * 255).round().clamp(0, 255).to(torch::kByte).contiguous();
}

torch::Tensor mean_square(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).square().mean(); }

}  // namespace

NetTrainer::NetTrainer(const NetTrainInputs& in, const NetTrainOptions& o)
    : options_(o),
      device_(device_of(o.device)),
      compute_(fastest_type(device_)),
      net_(johnson(o.net), o.seed),
      // Beside a critic what was right long ago counts less [Isola2017].
      adam_((net_.to(device_), net_.parameters()),
            {o.rate, o.weights.empty() ? 0.5 : 0.9, o.weights.empty() ? 0.9 : 0.999, 1e-8, 0}) {
  prepare_cpu(o.threads);
  for (const Planes& p : in.photos) photos_.push_back(bytes_of(p));
  for (const Planes& p : in.targets) targets_.push_back(bytes_of(p));
  if (o.weights.empty())
    critic_ = std::make_unique<Critic>(o.rate, o.seed, device_, compute_);
  else
    take_features(in);
  if (o.resume) load_checkpoint();
}

Features NetTrainer::seen(const torch::Tensor& pictures) const {
  return (*features_)({{"image", pictures.contiguous(torch::MemoryFormat::ChannelsLast)}}, compute_);
}

// Layers and magnitudes of [Johnson2016]; photographic nets keep what three layers see.
void NetTrainer::take_features(const NetTrainInputs& in) {
  const std::vector<std::string> layers{"relu1_2", "relu2_2", "relu3_3", "relu4_3"};
  const TensorFile file = read_weights(options_.weights);
  const VggFile found = vgg_of(file, layers, options_.weights);
  if (!found.missing.empty())
    notes_.push_back(
        fmt::format("{} has no {}: style is compared without", options_.weights, fmt::join(found.missing, ", ")));
  features_ = std::make_unique<TensorNet>(found.net, file);
  features_->to(device_);
  features_->freeze(compute_);
  if (found.pixels == PixelInput::torchvision) magnitude_ = caffe_magnitude;
  const std::vector<std::string>& has = found.net.outputs;
  for (const std::string& layer : has)
    if (layer != "relu4_3") content_layers_.push_back(layer);
  if (!options_.photographic) content_layers_ = {content_layers_.back()};
  torch::NoGradGuard no_grad;
  const Features style = seen(tensor_of(in.style, device_));
  for (const std::string& layer : has)
    styles_.emplace_back(layer, gram_distance({{(style.at(layer) * magnitude_)[0].flatten(1), 1.0}}, false));
}

// The same crops for the same seed and step, whatever came before.
NetTrainer::Batch NetTrainer::draw(std::int64_t step) const {
  std::mt19937_64 random(options_.seed * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(step));
  std::vector<torch::Tensor> photos, targets;
  for (int b = 0; b < options_.batch; ++b) {
    const std::size_t i = random() % photos_.size();
    const std::int64_t side = options_.crop;
    const auto at = [&](std::int64_t length) { return static_cast<std::int64_t>(random() % (length - side + 1)); };
    const std::int64_t y = at(photos_[i].size(1)), x = at(photos_[i].size(2));
    const bool turns = random() % 2;
    const auto cut = [&](const torch::Tensor& t) {
      const torch::Tensor c = t.slice(1, y, y + side).slice(2, x, x + side);
      return (turns && targets_.empty() ? c.flip(2) : c).to(torch::kFloat) / 255;
    };
    photos.push_back(cut(photos_[i]));
    if (!targets_.empty()) targets.push_back(cut(targets_[i]));
  }
  Batch batch{torch::stack(photos).to(device_), {}, {}};
  const torch::Tensor& all = batch.photos;
  auto noise = at::detail::createCPUGenerator(options_.seed ^ static_cast<std::uint64_t>(step) << 20);
  batch.grainy = all;
  if (options_.grain > 0)
    batch.grainy =
        all + ((torch::rand({all.size(0), 1, all.size(2), all.size(3)}, noise) * 2 - 1) * options_.grain).to(device_);
  if (!targets.empty()) batch.targets = torch::stack(targets).to(device_);
  return batch;
}

NetTrainer::Parts NetTrainer::perceptual(const torch::Tensor& made, const Batch& batch) const {
  Features wanted;
  {
    torch::NoGradGuard no_grad;
    wanted = seen(batch.photos);
  }
  const Features found = seen(made);
  const torch::Tensor none = torch::zeros({}, device_);
  Parts parts{none, none, none,
              roughness(made) * (of_bytes * static_cast<double>(made[0].numel()) * options_.smoothness), none};
  for (const std::string& layer : content_layers_)
    parts.content = parts.content + mean_square(found.at(layer), wanted.at(layer)) * magnitude_ * magnitude_;
  for (const auto& [layer, distance] : styles_)
    for (std::int64_t b = 0; b < made.size(0); ++b)
      parts.style =
          parts.style + distance((found.at(layer)[b] * magnitude_).flatten(1)) / static_cast<double>(made.size(0));
  if (options_.similarity == Similarity::luma)
    parts.similarity = luma_difference(made, batch.photos);
  else if (options_.similarity == Similarity::self)
    parts.similarity = picture_self_similarity(made, batch.photos);
  return parts;
}

// Where strokes lie nobody can tell from the photo: pixel by pixel they would become their mean. So colors are compared
// without them, and strokes by patches and by the critic, wherever they lie.
NetTrainer::Parts NetTrainer::distilled(const torch::Tensor& made, const Batch& batch, std::int64_t step,
                                        double rate_share) {
  auto random = at::detail::createCPUGenerator(options_.seed + static_cast<std::uint64_t>(step));
  constexpr int stroke = 8;             // pixels
  constexpr double out_of_range = 2.5;  // times what it would count as a color
  const auto colors = [](const torch::Tensor& t) { return torch::avg_pool2d(t, stroke); };
  const torch::Tensor beyond = (made - made.clamp(0, 1)).abs().mean() * out_of_range;
  const torch::Tensor none = torch::zeros({}, device_);
  Parts parts{(colors(made) - colors(batch.targets)).abs().mean() + beyond, patch_distance(made, batch.targets, random),
              none, none, none};
  parts.critic_loss = critic_->learn(made, batch.targets, rate_share).item<double>();
  parts.critic = critic_->judge(made);
  return parts;
}

NetTrainPoint NetTrainer::train_step() {
  const Batch batch = draw(step_);
  constexpr double last = 0.02;  // share of the rate at the end of half a cosine
  const double done = static_cast<double>(step_) / options_.steps;
  const double rate_share = last + (1 - last) * 0.5 * (1 + std::cos(M_PI * done));
  const torch::Tensor made = net_({{"image", batch.grainy}}, compute_).begin()->second;
  const Parts parts = features_ ? perceptual(made, batch) : distilled(made, batch, step_, rate_share);
  const torch::Tensor loss = options_.content_weight * parts.content + options_.style_weight * parts.style +
                             options_.similarity_weight * parts.similarity + parts.smoothness +
                             options_.critic_weight * parts.critic;
  loss.backward();
  adam_.step(rate_share);
  ++step_;
  return {static_cast<int>(step_),         loss.item<double>(),
          parts.content.item<double>(),    parts.style.item<double>(),
          parts.similarity.item<double>(), parts.critic_loss};
}

NetTrained NetTrainer::run(const NetTrainProgress& progress) {
  while (step_ < options_.steps) {
    const NetTrainPoint point = train_step();
    if (!std::isfinite(point.loss))
      throw Error(Code::resource,
                  fmt::format("the loss is no number any more at step {}; try a smaller --rate", point.step));
    history_.push_back(point);
    const bool stops = progress && !progress(point, options_.steps);
    if (!options_.checkpoint.empty() && (stops || step_ % options_.look_every == 0)) save_checkpoint();
    if (stops)
      throw Error(Code::stopped, fmt::format("stopped at step {} of {}; --resume goes on", step_, options_.steps));
  }
  return {net_.spec(), net_.file(), history_, notes_};
}

std::string NetTrainer::fingerprint() const {
  const NetTrainOptions& o = options_;
  std::string all =
      fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {}", net_to_json(net_.spec()), o.photographic, o.batch,
                  o.crop, o.rate, o.content_weight, o.style_weight, o.smoothness, static_cast<int>(o.similarity),
                  o.similarity_weight, o.style_size, o.seed, o.critic_weight, o.grain);
  std::uint64_t h = fnv1a(all.data(), all.size());
  for (const auto* pictures : {&photos_, &targets_})
    for (const torch::Tensor& t : *pictures) h = fnv1a(t.data_ptr<std::uint8_t>(), t.numel(), h);
  return fmt::format("{:016x}", h);
}

void NetTrainer::save_checkpoint() const {
  TensorFile file;
  add_group(file, "net.", net_.parameters());
  add_group(file, "adam.", adam_.state());
  if (critic_) {
    add_group(file, "critic.", critic_->parameters());
    add_group(file, "critic_adam.", critic_->state());
  }
  file.metadata = {{"step", std::to_string(step_)}};
  write_checkpoint(options_.checkpoint, std::move(file), fingerprint());
}

void NetTrainer::load_checkpoint() {
  const std::optional<TensorFile> file = read_checkpoint(options_.checkpoint, fingerprint());
  if (!file) return;
  net_.set(group(*file, "net.", device_));
  adam_.set_state(group(*file, "adam."));
  if (critic_) critic_->set(group(*file, "critic.", device_), group(*file, "critic_adam."));
  step_ = std::stoll(file->metadata.at("step"));
}

}  // namespace sfumato
