// SPDX-License-Identifier: Apache-2.0
#include "files/safetensors.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>

#include "base/file.h"
#include "python.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Safetensors : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sfumato_safetensors_XXXXXX";
    ASSERT_TRUE(mkdtemp(name));
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return folder_ + "/" + name; }

  std::string file_of(const std::string& header, const std::string& data, std::uint64_t claimed_size = 0) const {
    const std::uint64_t size = claimed_size ? claimed_size : header.size();
    std::string bytes(reinterpret_cast<const char*>(&size), 8);
    write_file_atomically(at("x.safetensors"), bytes + header + data);
    return at("x.safetensors");
  }
  std::string refusal(const std::string& header, const std::string& data, std::uint64_t claimed_size = 0) const {
    return refusal_of(file_of(header, data, claimed_size));
  }
  static std::string refusal_of(const std::string& path) {
    try {
      read_safetensors(path);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::look) << e.what();
      return e.what();
    }
    return {};
  }

  std::string folder_;
};

// Between two bfloat16 (neighbors of 1 are 2^-7 above and 2^-8 below) the nearer, of two the one with an even last
// digit.
TEST_F(Safetensors, ShortNumbersAreTheNearest) {
  TensorFile file;
  const float up = 1 + 0x1p-7f;
  file.tensors["a"] = {{6}, {1, 1 + 0x1p-8f, 1 + 0x1.8p-7f, 1 + 0x1.1p-8f, -0x1.fffffep0f, 0}};
  write_safetensors(at("short.safetensors"), file, StoredAs::bf16);
  EXPECT_THAT(read_safetensors(at("short.safetensors")).get("a").values, ElementsAre(1, 1, 1 + 0x1p-6f, up, -2, 0));
}

TEST_F(Safetensors, OfEveryTypeReadAsNumpyWroteThem) {
  // numpy knows no bfloat16: the upper half of a float32 is one.
  const std::string script = R"(
import json, struct, sys
import numpy as np
values = np.array([[0, 1, 2], [100, 3, 7]])
kinds = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1"}
blobs = {k: values.astype(t).tobytes() for k, t in kinds.items()}
blobs["BF16"] = (np.array(values, "<f4").view("<u4") >> 16).astype("<u2").tobytes()
blobs["BOOL"] = (values != 0).tobytes()
small = np.array([6e-8, -0.5, 65504, float("inf"), 3e-5, -3.1416], "<f2")
header, data = {"__metadata__": {"from": "numpy \u00e9"}}, b""
for k, b in blobs.items():
    header["as " + k] = {"dtype": k, "shape": [2, 3], "data_offsets": [len(data), len(data) + len(b)]}
    data += b
header["small"] = {"dtype": "F16", "shape": [6], "data_offsets": [len(data), len(data) + 12]}
data += small.tobytes()
header["scalar"] = {"dtype": "F32", "shape": [], "data_offsets": [len(data), len(data) + 4]}
data += struct.pack("<f", 2.5)
header["none"] = {"dtype": "F32", "shape": [0, 4], "data_offsets": [len(data), len(data)]}
h = json.dumps(header).encode()
open(sys.argv[1], "wb").write(struct.pack("<Q", len(h)) + h + data)
open(sys.argv[1] + ".f16", "wb").write(small.astype("<f4").tobytes())
)";
  const std::string path = at("numpy.safetensors");
  if (!python_has("numpy")) GTEST_SKIP() << "python3 with numpy is missing";
  ASSERT_TRUE(run_python(folder_, script, path));
  const TensorFile file = read_safetensors(path);
  EXPECT_EQ(file.metadata.at("from"), "numpy é");
  for (const char* type : {"F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8"}) {
    const Tensor& tensor = file.get(std::string("as ") + type, {2, 3});
    EXPECT_THAT(tensor.values, ElementsAre(0, 1, 2, 100, 3, 7)) << type;
  }
  EXPECT_THAT(file.get("as BOOL").values, ElementsAre(0, 1, 1, 1, 1, 1));
  EXPECT_THAT(file.get("scalar").values, ElementsAre(2.5f));
  EXPECT_TRUE(file.get("scalar").shape.empty());
  EXPECT_TRUE(file.get("none", {0, 4}).values.empty());
  const std::string wide = read_file(path + ".f16", 24);
  EXPECT_EQ(std::memcmp(file.get("small").values.data(), wide.data(), 24), 0);
}

TEST_F(Safetensors, ComeBackAsWrittenAndAlwaysWithTheSameBytes) {
  TensorFile file;
  file.metadata = {{"look", "{\"steps\": []}"}, {"author", "é"}};
  file.tensors["b"] = {{2, 2}, {1, -2, std::numeric_limits<float>::infinity(), 1e-40f}};
  file.tensors["a.weight"] = {{}, {0.1f}};
  file.tensors["empty"] = {{0}, {}};
  write_safetensors(at("one"), file);
  write_safetensors(at("two"), read_safetensors(at("one")));
  EXPECT_EQ(read_file(at("one"), 4096), read_file(at("two"), 4096));
  const TensorFile back = read_safetensors(at("two"));
  EXPECT_EQ(back.metadata, file.metadata);
  EXPECT_EQ(back.get("b", {2, 2}).values, file.tensors["b"].values);
  EXPECT_EQ(back.get("a.weight").values, file.tensors["a.weight"].values);
  EXPECT_EQ(back.tensors.size(), 3u);
  std::uint64_t header = 0;
  std::memcpy(&header, read_file(at("one"), 4096).data(), 8);
  EXPECT_EQ(header % 8, 0u);
}

TEST_F(Safetensors, AreReadByNumpyAsWritten) {
  TensorFile file;
  file.metadata["k"] = "v";
  file.tensors["w"] = {{2, 3}, {1, 2, 3, 4, 5, 6.5f}};
  write_safetensors(at("ours"), file);
  if (!python_has("numpy")) GTEST_SKIP() << "python3 with numpy is missing";
  EXPECT_TRUE(run_python(folder_, R"(
import json, struct, sys
import numpy as np
b = open(sys.argv[1], "rb").read()
n = struct.unpack("<Q", b[:8])[0]
h = json.loads(b[8:8 + n])
assert h["__metadata__"] == {"k": "v"}
t = h["w"]; s, e = t["data_offsets"]
a = np.frombuffer(b[8 + n + s:8 + n + e], "<f4").reshape(t["shape"])
assert a.tolist() == [[1, 2, 3], [4, 5, 6.5]] and t["dtype"] == "F32"
)",
                         at("ours")));
}

TEST_F(Safetensors, WithHostileHeadersAreRefused) {
  const std::string data(16, '\0');
  const auto tensor = [](const char* rest) { return std::string("{\"t\":{") + rest + "}}"; };
  EXPECT_EQ(refusal(tensor(R"("dtype":"F32","shape":[2,2],"data_offsets":[0,16])"), data), "");
  EXPECT_THAT(refusal("{}", "", 1ull << 62), HasSubstr("header of 4611686018427387904 bytes"));
  EXPECT_THAT(refusal("{}", "", ~0ull), HasSubstr("header of"));
  EXPECT_THAT(refusal("[]", ""), HasSubstr("no JSON object"));
  EXPECT_THAT(refusal("{\"t\":", ""), HasSubstr("no JSON"));
  EXPECT_THAT(refusal(std::string("{\"a\":") + std::string(100000, '['), ""), HasSubstr("nested"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"F32","shape":[2,2],"data_offsets":[0,20])"), data),
              HasSubstr("inside the 16 bytes"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"F32","shape":[2,2],"data_offsets":[16,0])"), data), HasSubstr("inside"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"F32","shape":[2,2],"data_offsets":[-1,15])"), data), HasSubstr("positive"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"F32","shape":[2,3],"data_offsets":[0,16])"), data), HasSubstr("[2, 3]"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0])"), ""),
              HasSubstr("to fill"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,0])"), ""),
              HasSubstr("to fill"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"F32","shape":[2.5],"data_offsets":[0,16])"), data), HasSubstr("2.5"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"F8_E4M3","shape":[16],"data_offsets":[0,16])"), data), HasSubstr("F8_E4M3"));
  EXPECT_THAT(refusal(tensor(R"("dtype":4,"shape":[16],"data_offsets":[0,16])"), data), HasSubstr("dtype 4"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"U8","dtype":"U8","shape":[16],"data_offsets":[0,16])"), data),
              HasSubstr("twice"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"U8","shape":[16])"), data), HasSubstr("data_offsets"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"U8","shape":[15],"data_offsets":[0,15])"), data), HasSubstr("after the last"));
  EXPECT_THAT(refusal(tensor(R"("dtype":"U8","shape":[15],"data_offsets":[1,16])"), data), HasSubstr("gaps"));
  EXPECT_THAT(refusal(R"({"__metadata__":{"a":1}})", ""), HasSubstr("no text"));
  const std::string u8 = R"({"dtype":"U8","shape":[8],"data_offsets":)";
  EXPECT_THAT(refusal("{\"a\":" + u8 + "[0,8]},\"a\":" + u8 + "[8,16]}}", data), HasSubstr("\"a\" twice"));
  EXPECT_THAT(refusal("{\"a\":" + u8 + "[0,8]},\"b\":" + u8 + "[4,12]}}", data), HasSubstr("overlap"));
}

TEST_F(Safetensors, CutAnywhereAreRefused) {
  TensorFile file;
  file.tensors["w"] = {{5}, {1, 2, 3, 4, 5}};
  write_safetensors(at("whole"), file);
  const std::string whole = read_file(at("whole"), 4096);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file_atomically(at("cut"), whole.substr(0, size));
    EXPECT_NE(refusal_of(at("cut")), "") << size;
  }
}

TEST_F(Safetensors, NameTheTensorThatIsMissingOrOfAnotherShape) {
  TensorFile file;
  file.tensors["head.weight"] = {{2, 1}, {1, 2}};
  EXPECT_EQ(&file.get("head.weight", {2, -1}), &file.tensors["head.weight"]);
  const auto refusal = [&](const std::string& name, const std::vector<std::int64_t>& shape) -> std::string {
    try {
      file.get(name, shape);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::look);
      return e.what();
    }
    return {};
  };
  EXPECT_THAT(refusal("head.weigth", {2, 1}),
              HasSubstr("no tensor \"head.weigth\" (but \"head.weight\"); expected one of [2, 1]"));
  EXPECT_THAT(refusal("head.weight", {3, 1}), HasSubstr("of [2, 1]; expected [3, 1]"));
  EXPECT_THAT(refusal("head.weight", {2}), HasSubstr("expected [2]"));
}

TEST_F(Safetensors, OfRealNetworksRead) {
  const char* data = std::getenv("SFUMATO_DATA");
  if (!data) GTEST_SKIP() << "SFUMATO_DATA names no folder of real weights";
  int count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(data) / "weights")) {
    if (entry.path().extension() != ".safetensors") continue;
    ++count;
    for (const auto& [name, tensor] : read_safetensors(entry.path()).tensors)
      for (const float value : tensor.values) ASSERT_TRUE(std::isfinite(value)) << entry.path() << " " << name;
  }
  EXPECT_GE(count, 5);
}

}  // namespace
}  // namespace sfumato
