// SPDX-License-Identifier: Apache-2.0
#include "files/pth_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>

#include "base/file.h"
#include "base/text.h"
#include "files/pickle.h"
#include "files/stored_number.h"
#include "files/zip_entries.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t largest_file = std::size_t{16} << 30;
constexpr int deepest_nesting = 16;
constexpr std::size_t most_sides = 16;
constexpr std::string_view zip_start = "PK\x03\x04";
// The older container begins with a pickle of this number.
constexpr std::string_view old_magic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

constexpr std::string_view dictionary_name = "collections.OrderedDict";
constexpr std::string_view tensor_name = "torch._utils._rebuild_tensor_v2",
                           old_tensor_name = "torch._utils._rebuild_tensor",
                           parameter_name = "torch._utils._rebuild_parameter";
constexpr std::array<std::pair<std::string_view, StoredNumber>, 10> storages{
    {{"torch.DoubleStorage", StoredNumber::f64},
     {"torch.FloatStorage", StoredNumber::f32},
     {"torch.HalfStorage", StoredNumber::f16},
     {"torch.BFloat16Storage", StoredNumber::bf16},
     {"torch.LongStorage", StoredNumber::i64},
     {"torch.IntStorage", StoredNumber::i32},
     {"torch.ShortStorage", StoredNumber::i16},
     {"torch.CharStorage", StoredNumber::i8},
     {"torch.ByteStorage", StoredNumber::u8},
     {"torch.BoolStorage", StoredNumber::boolean}}};

std::vector<std::string_view> known_names() {
  std::vector<std::string_view> names{dictionary_name, tensor_name, old_tensor_name, parameter_name};
  for (const auto& [name, type] : storages) names.push_back(name);
  return names;
}

// From a place in a storage to row-major order.
void gather(StoredNumber type, const char* from, const std::vector<std::int64_t>& strides, Tensor& tensor) {
  const std::int64_t size = static_cast<std::int64_t>(size_of(type)), sides = static_cast<std::int64_t>(strides.size());
  const bool rows = sides > 0 && strides[sides - 1] == 1;
  const std::int64_t row = rows ? tensor.shape[sides - 1] : 1, free_sides = rows ? sides - 1 : sides;
  std::vector<std::int64_t> index(static_cast<std::size_t>(free_sides));
  for (std::size_t i = 0; i < tensor.values.size(); i += static_cast<std::size_t>(row)) {
    to_floats(type, from, std::span(tensor.values).subspan(i, static_cast<std::size_t>(row)));
    for (std::int64_t d = free_sides - 1; d >= 0; --d) {
      from += strides[d] * size;
      if (++index[d] < tensor.shape[d]) break;
      from -= strides[d] * tensor.shape[d] * size;
      index[d] = 0;
    }
  }
}

// A storage: where a tensor's numbers are.
struct Storage {
  StoredNumber type;
  std::string key;
  std::uint64_t count;
};

class PthReader {
 public:
  explicit PthReader(const std::string& path) : path_(path), bytes_(read_file(path, largest_file)) {}

  TensorFile read() {
    if (bytes_.starts_with(zip_start)) {
      read_zip();
    } else if (const auto magic = std::string_view(bytes_).substr(0, 32).find(old_magic);
               magic != std::string_view::npos) {
      read_old(magic + old_magic.size());
    } else {
      fail("expected a file that torch.save wrote");
    }
    drop_common_prefix("module.");
    if (file_.tensors.empty())
      fail("found no tensor with a name; expected a dictionary of tensors, such as a state_dict");
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw Error(Code::look, what, path_); }

  void read_zip() {
    const auto entries = zip_entries(bytes_, path_);
    const auto list =
        std::find_if(entries.begin(), entries.end(), [](const auto& e) { return e.first.ends_with("/data.pkl"); });
    if (list == entries.end()) fail("found no data.pkl in the archive; expected a file that torch.save wrote");
    const std::string folder = list->first.substr(0, list->first.size() - std::strlen("data.pkl"));
    if (const auto order = entries.find(folder + "byteorder"); order != entries.end() && order->second != "little")
      fail(fmt::format("found the byte order \"{}\"; expected \"little\"", printable(order->second)));
    for (const auto& [name, data] : entries)
      if (name.starts_with(folder + "data/")) data_[name.substr(folder.size() + 5)] = data;
    std::size_t at = 0;
    const Pickle pickle(list->second, at, names_, path_);
    collect_root(pickle.root());
  }

  // After the magic number: pickles of the version, the system, the tensors and the keys of storages; then for each key
  // the count and the numbers.
  void read_old(std::size_t at) {
    check_version(Pickle(bytes_, at, names_, path_).root());
    check_system(Pickle(bytes_, at, names_, path_).root());
    const Pickle tensors(bytes_, at, names_, path_);
    find_storages(tensors);
    const Pickle keys(bytes_, at, names_, path_);
    for (const PickleValue* key : keys.root().items) {
      const auto known = types_.find(key->text);
      if (known == types_.end()) fail(fmt::format("found a storage \"{}\" that no tensor uses", printable(key->text)));
      std::uint64_t count = 0;
      if (bytes_.size() - at < 8) fail("found the end of the file before its numbers");
      std::memcpy(&count, bytes_.data() + at, 8);
      at += 8;
      const std::size_t size = size_of(known->second);
      if (count > (bytes_.size() - at) / size)
        fail(fmt::format("storage \"{}\": found the end of the file inside its numbers", printable(key->text)));
      data_[key->text] = std::string_view(bytes_).substr(at, count * size);
      at += count * size;
    }
    collect_root(tensors.root());
  }

  void check_version(const PickleValue& version) const {
    if (!version.is(Kind::integer) || version.integer != 1001)
      fail(fmt::format("found version {} of the older container; expected 1001", version.integer));
  }
  void check_system(const PickleValue& system) const {
    for (const auto& [key, value] : system.entries)
      if (key->text == "little_endian" && !value->integer)
        fail("found numbers with the highest byte first; expected the lowest");
  }

  // The element type of each storage is said where tensors refer to it.
  void find_storages(const Pickle& pickle) {
    pickle.for_each([&](const PickleValue& value) {
      if (!value.is(Kind::reference)) return;
      const Storage storage = storage_of(value);
      types_.emplace(storage.key, storage.type);
    });
  }

  void collect_root(const PickleValue& root) {
    for (const char* wrapper : {"state_dict", "model"})
      for (const auto& [key, value] : root.entries)
        if (key->text == wrapper && is_dictionary(*value)) return collect(*value, "", 0);
    collect(root, "", 0);
  }

  static bool is_dictionary(const PickleValue& value) {
    return value.is(Kind::dictionary) || value.calls(dictionary_name);
  }

  void collect(const PickleValue& value, const std::string& name, int depth) {
    if (depth > deepest_nesting || ++visits_ > most_visits)
      fail("found dictionaries nested too deeply; expected a state_dict");
    if (value.calls(tensor_name) || value.calls(old_tensor_name) || value.calls(parameter_name)) {
      if (name.empty()) fail("found a tensor without a name; expected a dictionary of tensors");
      if (!file_.tensors.emplace(name, tensor_of(value, name)).second)
        fail(fmt::format("found the tensor \"{}\" twice", printable(name)));
      return;
    }
    const std::string prefix = name.empty() ? "" : name + ".";
    for (const auto& [key, item] : value.entries) collect(*item, prefix + name_of(*key), depth + 1);
    if (value.is(Kind::list) || value.is(Kind::tuple))
      for (std::size_t i = 0; i < value.items.size(); ++i)
        collect(*value.items[i], prefix + std::to_string(i), depth + 1);
    // Python 2 gave an ordered dictionary as a list of pairs.
    if (value.calls(dictionary_name) && !value.items[1]->items.empty())
      for (const PickleValue* pair : value.items[1]->items[0]->items) {
        if (pair->items.size() != 2) fail("found an entry of a dictionary that is no pair");
        collect(*pair->items[1], prefix + name_of(*pair->items[0]), depth + 1);
      }
  }

  std::string name_of(const PickleValue& key) const {
    return key.is(Kind::integer) ? std::to_string(key.integer) : key.text;
  }

  Storage storage_of(const PickleValue& reference) const {
    const std::vector<const PickleValue*>& id = reference.items[0]->items;
    if (!reference.is(Kind::reference) || id.size() < 5 || id[0]->text != "storage" || !id[1]->is(Kind::name) ||
        !id[2]->is(Kind::text) || !id[4]->is(Kind::integer) || id[4]->integer < 0)
      fail("found a tensor without a storage; expected (\"storage\", type, key, device, count)");
    if (id.size() > 5 && !id[5]->is(Kind::none))
      fail("found a view of a storage, as PyTorch before 0.4 wrote; save the file again");
    const auto type =
        std::find_if(storages.begin(), storages.end(), [&](const auto& s) { return s.first == id[1]->text; });
    if (type == storages.end())
      fail(fmt::format("found a storage of type {}; expected numbers", printable(id[1]->text)));
    return {type->second, id[2]->text, static_cast<std::uint64_t>(id[4]->integer)};
  }

  std::vector<std::int64_t> integers(const PickleValue& tuple, const std::string& name) const {
    std::vector<std::int64_t> numbers;
    if (!tuple.is(Kind::tuple) || tuple.items.size() > most_sides)
      fail(fmt::format("tensor \"{}\": found no shape", printable(name)));
    for (const PickleValue* item : tuple.items) {
      if (!item->is(Kind::integer) || item->integer < 0)
        fail(fmt::format("tensor \"{}\": found a shape or stride that is no positive integer", printable(name)));
      numbers.push_back(item->integer);
    }
    return numbers;
  }

  Tensor tensor_of(const PickleValue& call, const std::string& name);
  void drop_common_prefix(const std::string& prefix);

  std::string path_, bytes_;
  std::vector<std::string_view> names_ = known_names();
  std::map<std::string, std::string_view> data_;  // of each storage, by key
  std::map<std::string, StoredNumber> types_;
  static constexpr int most_visits = 1'000'000;
  int visits_ = 0;
  std::uint64_t values_ = 0;
  TensorFile file_;
};

// (storage, offset, shape, strides, ...), or for a parameter (tensor, ...).
Tensor PthReader::tensor_of(const PickleValue& call, const std::string& name) {
  const std::vector<const PickleValue*>& arguments = call.items[1]->items;
  const std::string shown = printable(name);
  if (call.calls(parameter_name)) {
    if (arguments.empty() || !(arguments[0]->calls(tensor_name) || arguments[0]->calls(old_tensor_name)))
      fail(fmt::format("parameter \"{}\": found no tensor in it", shown));
    return tensor_of(*arguments[0], name);
  }
  if (arguments.size() < 4 || !arguments[0]->is(Kind::reference) || !arguments[1]->is(Kind::integer) ||
      arguments[1]->integer < 0)
    fail(fmt::format("tensor \"{}\": expected storage, offset, shape and strides", shown));
  const Storage storage = storage_of(*arguments[0]);
  const auto found = data_.find(storage.key);
  if (found == data_.end())
    fail(fmt::format("tensor \"{}\": found no data for storage \"{}\"", shown, printable(storage.key)));
  const std::size_t size = size_of(storage.type);
  const std::uint64_t available = found->second.size() / size;
  Tensor tensor{integers(*arguments[2], name), {}};
  const std::vector<std::int64_t> strides = integers(*arguments[3], name);
  const auto count = count_of(tensor.shape);
  if (strides.size() != tensor.shape.size() || !count)
    fail(fmt::format("tensor \"{}\": found a shape and strides that do not fit", shown));
  // Twice the same numbers would let a small file fill the memory.
  values_ += *count;
  if (*count > available || values_ > 16 * bytes_.size())
    fail(fmt::format("tensor \"{}\": found {} values in a storage of {}; expected each at its own place", shown, *count,
                     available));
  std::int64_t first = arguments[1]->integer, last = first;
  for (std::size_t i = 0; i < strides.size() && *count; ++i) {
    std::int64_t reach;
    if (__builtin_mul_overflow(tensor.shape[i] - 1, strides[i], &reach) || __builtin_add_overflow(last, reach, &last))
      fail(fmt::format("tensor \"{}\": found strides too large", shown));
  }
  if (*count && static_cast<std::uint64_t>(last) >= available)
    fail(fmt::format("tensor \"{}\": found value {} of its storage; expected at most {}", shown, last, available));
  tensor.values.resize(*count);
  gather(storage.type, found->second.data() + (*count ? first : 0) * static_cast<std::int64_t>(size), strides, tensor);
  return tensor;
}

void PthReader::drop_common_prefix(const std::string& prefix) {
  const auto& tensors = file_.tensors;
  if (!std::all_of(tensors.begin(), tensors.end(), [&](const auto& t) { return t.first.starts_with(prefix); })) return;
  std::map<std::string, Tensor> shorter;
  for (auto& [name, tensor] : file_.tensors) shorter.emplace(name.substr(prefix.size()), std::move(tensor));
  file_.tensors = std::move(shorter);
}

}  // namespace

TensorFile read_pth(const std::string& path) { return PthReader(path).read(); }

TensorFile read_weights(const std::string& path) {
  const std::string start = read_start(path, 16);
  if (start.size() > 8 && start[8] == '{' && !start.starts_with(zip_start)) return read_safetensors(path);
  return read_pth(path);
}

}  // namespace sfumato
