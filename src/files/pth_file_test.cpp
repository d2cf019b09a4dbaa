// SPDX-License-Identifier: Apache-2.0
#include "files/pth_file.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <random>

#include "base/file.h"
#include "python.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PthFiles : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sfumato_pth_XXXXXX";
    ASSERT_TRUE(mkdtemp(name));
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return folder_ + "/" + name; }

  static std::string refusal(const std::string& path) {
    try {
      read_weights(path);
    } catch (const Error& e) {
      EXPECT_TRUE(e.code() == Code::look) << e.what();
      return e.what();
    }
    return {};
  }

  // Neither a cut nor a changed byte may do more than throw Error.
  void damage(const std::string& path, std::size_t step) {
    const std::string whole = read_file(path, 1 << 24);
    for (std::size_t size = 0; size < whole.size(); size += step) {
      write_file_atomically(at("cut"), whole.substr(0, size));
      EXPECT_NE(refusal(at("cut")), "") << path << " cut to " << size;
    }
    std::minstd_rand random(7);
    for (int i = 0; i < 200; ++i) {
      std::string changed = whole;
      changed[random() % std::min<std::size_t>(whole.size(), 4096)] = static_cast<char>(random());
      changed[whole.size() - 1 - random() % std::min<std::size_t>(whole.size(), 1024)] = static_cast<char>(random());
      write_file_atomically(at("changed"), changed);
      refusal(at("changed"));
    }
  }

  std::string folder_;
};

TEST_F(PthFiles, OfBothContainersReadAsTorchWroteThem) {
  if (!python_has("numpy torch")) GTEST_SKIP() << "python3 with torch is missing";
  ASSERT_TRUE(run_python(folder_, R"(
import collections, json, struct
import numpy as np, torch
torch.manual_seed(1)
base = torch.randn(4, 6)
state = collections.OrderedDict()
for t in [torch.float64, torch.float32, torch.float16, torch.bfloat16]:
    state["kind." + str(t)] = torch.randn(2, 3).to(t)
for t in [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]:
    state["kind." + str(t)] = torch.tensor([[0, 1, 2], [3, 100, 0]]).to(t)
state["transposed"] = base.t()
state["part of the same"] = base[1:3, 2:5]
state["every second"] = base[:, ::2]
state["scalar"] = torch.tensor(2.5)
state["empty"] = torch.zeros(0, 3)
state["parameter"] = torch.nn.Parameter(torch.randn(3))
model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4)).state_dict()
state["inner"] = {"deep": {"w": base}, 3: [base, torch.ones(2)], "epoch": 4, "lr": 0.5, "note": "x", "none": None}
def flat(d, prefix, out):
    for k, v in (d.items() if isinstance(d, dict) else enumerate(d)):
        name = prefix + str(k)
        if isinstance(v, torch.Tensor): out[name] = v.detach()
        elif isinstance(v, (dict, list)): flat(v, name + ".", out)
    return out
def safe(tensors, path):
    header, data = {}, b""
    for k, v in tensors.items():
        b = v.to(torch.float32).contiguous().numpy().astype("<f4").tobytes()
        header[k] = {"dtype": "F32", "shape": list(v.shape), "data_offsets": [len(data), len(data) + len(b)]}
        data += b
    h = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(h)) + h + data)
for new in [False, True]:
    for protocol in [2, 4]:
        name = ("zip" if new else "old") + str(protocol)
        save = lambda what, to: torch.save(what, to, _use_new_zipfile_serialization=new, pickle_protocol=protocol)
        save(state, name + ".pth")
        save(model, name + "_model.pth")
        save({"epoch": 3, "state_dict": {"module." + k: v for k, v in model.items()}, "optimizer": {"state": {0: base}}}, name + "_wrapped.pth")
safe(flat(state, "", {}), "state.safetensors")
safe(model, "model.safetensors")
)"));
  const auto expect_same = [&](const std::string& found, const std::string& wanted) {
    const TensorFile pth = read_weights(at(found)), safe = read_weights(at(wanted));
    EXPECT_EQ(pth.tensors.size(), safe.tensors.size()) << found;
    for (const auto& [name, tensor] : safe.tensors) {
      ASSERT_TRUE(pth.tensors.count(name)) << found << " " << name;
      EXPECT_EQ(pth.tensors.at(name).shape, tensor.shape) << found << " " << name;
      EXPECT_EQ(pth.tensors.at(name).values, tensor.values) << found << " " << name;
    }
  };
  for (const std::string name : {"old2", "old4", "zip2", "zip4"}) {
    expect_same(name + ".pth", "state.safetensors");
    expect_same(name + "_model.pth", "model.safetensors");
    expect_same(name + "_wrapped.pth", "model.safetensors");
  }
  damage(at("old2_model.pth"), 97);
  damage(at("zip4_model.pth"), 97);
}

TEST_F(PthFiles, ThatCallAnythingElseAreRefusedByItsName) {
  if (!python_has("numpy torch")) GTEST_SKIP() << "python3 with torch is missing";
  ASSERT_TRUE(run_python(folder_, R"(
import collections, datetime, os, pickle, torch
class Evil:
    def __reduce__(self): return (os.system, ("touch owned",))
for new in [False, True]:
    torch.save({"w": torch.ones(2), "x": Evil()}, "evil%d.pth" % new, _use_new_zipfile_serialization=new)
    torch.save(torch.nn.Linear(2, 2), "module%d.pth" % new, _use_new_zipfile_serialization=new)
    torch.save({"when": datetime.date(2020, 1, 1)}, "date%d.pth" % new, _use_new_zipfile_serialization=new)
    torch.save({"a": 1}, "none%d.pth" % new, _use_new_zipfile_serialization=new)
    torch.save({"e": torch.ones(1).expand(1 << 40)}, "large%d.pth" % new, _use_new_zipfile_serialization=new)
    loop = {"w": torch.ones(2)}
    loop["self"] = loop
    torch.save(loop, "loop%d.pth" % new, _use_new_zipfile_serialization=new)
    laughs = {"w": 1}
    for i in range(15): laughs = {str(k): laughs for k in range(10)}
    torch.save(laughs, "laughs%d.pth" % new, _use_new_zipfile_serialization=new)
open("plain.pkl", "wb").write(pickle.dumps({"a": 1}))
open("text", "w").write("hello, this is no weight file")
)"));
  for (const std::string container : {"0", "1"}) {
    EXPECT_THAT(refusal(at("evil" + container + ".pth")),
                HasSubstr("found the call posix.system; expected only tensor builders"));
    EXPECT_THAT(refusal(at("module" + container + ".pth")), HasSubstr("found the call torch.nn.modules.linear.Linear"));
    EXPECT_THAT(refusal(at("date" + container + ".pth")), HasSubstr("datetime.date"));
    EXPECT_THAT(refusal(at("none" + container + ".pth")), HasSubstr("no tensor"));
    EXPECT_THAT(refusal(at("large" + container + ".pth")), HasSubstr("1099511627776 values in a storage of 1"));
    EXPECT_THAT(refusal(at("loop" + container + ".pth")), HasSubstr("nested too deeply"));
    EXPECT_THAT(refusal(at("laughs" + container + ".pth")), HasSubstr("nested too deeply"));
  }
  EXPECT_FALSE(fs::exists(at("owned")));
  EXPECT_THAT(refusal(at("plain.pkl")), HasSubstr("torch.save"));
  EXPECT_THAT(refusal(at("text")), HasSubstr("torch.save"));
}

TEST_F(PthFiles, OfRealNetworksRead) {
  const char* data = std::getenv("SFUMATO_DATA");
  if (!data) GTEST_SKIP() << "SFUMATO_DATA names no folder of real weights";
  const fs::path weights = fs::path(data) / "weights";
  const TensorFile lpips = read_weights(weights / "lpips_v01_lin" / "vgg.pth");
  // The heads of LPIPS weigh the channels of VGG-16's five blocks, each with a weight of at least 0.
  const int channels[] = {64, 128, 256, 512, 512};
  for (int i = 0; i < 5; ++i)
    for (const float w : lpips.get("lin" + std::to_string(i) + ".model.1.weight", {1, channels[i], 1, 1}).values)
      EXPECT_GE(w, 0.0f);
  const TensorFile encoder = read_weights(weights / "microast" / "content_encoder_iter_160000.pth.tar");
  EXPECT_EQ(encoder.get("enc1.0.conv_layer.weight").shape, (std::vector<std::int64_t>{16, 3, 9, 9}));
  for (const auto& [name, tensor] : encoder.tensors)
    for (const float w : tensor.values) ASSERT_TRUE(std::isfinite(w)) << name;
  damage(weights / "lpips_v01_lin" / "alex.pth", 97);
}

}  // namespace
}  // namespace sfumato
