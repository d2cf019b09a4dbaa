// SPDX-License-Identifier: Apache-2.0
// The module's only door: everything that LibTorch throws becomes an Error here.
#include <fmt/format.h>

#include "optimise/neural_painter.h"
#include "sfumato/error.h"
#include "train/exemplar_trainer.h"
#include "train/local_trainer.h"
#include "train/net_trainer.h"
#include "train/trainer.h"
#include "train/upscale_trainer.h"

namespace sfumato {
namespace {

template <class Work>
auto guarded(const Work& work) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& e) {
    const std::string text = e.what_without_backtrace();
    const bool is_memory = text.find("memory") != std::string::npos;
    throw Error(is_memory ? Code::resource : Code::bug, "LibTorch: " + text);
  }
}

class TorchLearner : public Learner {
 public:
  Trained train(const Look& look, const std::vector<Pair>& pairs, const TrainOptions& options,
                const TrainProgress& progress) override {
    return guarded([&] { return Trainer(look, pairs, options).run(progress); });
  }
  LocalTrained train_local(const std::vector<const LocalSample*>& samples, int side, const LocalTrainOptions& options,
                           const std::function<bool(double)>& progress) override {
    return guarded([&] { return sfumato::train_local(samples, side, options, progress); });
  }
  ExemplarTrained train_exemplar(const std::vector<const ExemplarSample*>& samples, const ContextNet& context,
                                 const ExemplarTrainOptions& options,
                                 const std::function<bool(double)>& progress) override {
    return guarded([&] { return sfumato::train_exemplar(samples, context, options, progress); });
  }
  Planes paint(const NeuralInputs& in, const NeuralOptions& options, const NeuralWatch& watch) override {
    return guarded([&] { return paint_neurally(in, options, watch); });
  }
  NetTrained train_net(const NetTrainInputs& in, const NetTrainOptions& options,
                       const NetTrainProgress& progress) override {
    return guarded([&] { return NetTrainer(in, options).run(progress); });
  }
  NetTrained train_upscaler(const std::vector<Planes>& photos, const UpscaleTrainOptions& options,
                            const NetTrainProgress& progress) override {
    return guarded([&] { return sfumato::train_upscaler(photos, options, progress); });
  }
  std::string describe() override {
    return fmt::format(
        "LibTorch {}, {}", TORCH_VERSION,
        torch::cuda::is_available() ? fmt::format("{} CUDA devices", torch::cuda::device_count()) : "no CUDA device");
  }
};

}  // namespace
}  // namespace sfumato

extern "C" sfumato::Learner* sfumato_open_learner() {
  static sfumato::TorchLearner learner;
  return &learner;
}
