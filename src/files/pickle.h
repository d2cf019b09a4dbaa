// SPDX-License-Identifier: Apache-2.0
// Reads Python pickles as plain data. Nothing is executed: a call comes back as the name of its function and its
// arguments, and every name must be among those that the reader of the file expects.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sfumato {

struct PickleValue {
  enum class Kind { none, boolean, integer, real, text, list, tuple, dictionary, name, call, reference };
  Kind kind = Kind::none;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;                       // of a text; of a name: "module.name"
  std::vector<const PickleValue*> items;  // of a list or tuple; of a call: its name and the tuple of its arguments;
                                          // of a reference (a "persistent id"): the one value that says to what
  std::vector<std::pair<const PickleValue*, const PickleValue*>> entries;  // of a dictionary, or of what a call made

  bool is(Kind k) const { return kind == k; }
  bool calls(std::string_view name) const { return is(Kind::call) && items[0]->text == name; }
};

class Pickle {
 public:
  // Reads the pickle that starts at `at` and moves `at` behind it. `where` is for errors, which are Code::look: a name
  // that is not among `names`, an instruction that data does not need, an end too soon, more than a million values.
  Pickle(std::string_view bytes, std::size_t& at, std::span<const std::string_view> names, const std::string& where);
  Pickle(const Pickle&) = delete;
  Pickle& operator=(const Pickle&) = delete;

  const PickleValue& root() const { return *root_; }
  template <class Action>
  void for_each(const Action& action) const {
    for (const PickleValue& value : values_) action(value);
  }

 private:
  using Kind = PickleValue::Kind;
  [[noreturn]] void fail(const std::string& what) const;
  std::string_view take(std::uint64_t size);
  std::string_view take_line();
  template <class Number>
  Number take_number();

  bool step(unsigned char instruction);  // false at the end
  bool push_scalar(unsigned char instruction);
  bool build(unsigned char instruction);
  bool remember(unsigned char instruction);
  PickleValue& push(Kind);
  void push_text(std::string_view);
  void push_name(std::string_view module, std::string_view name);
  void push_long(std::string_view bytes);
  PickleValue* pop();
  std::vector<PickleValue*> pop_to_mark();
  void push_items(Kind, const std::vector<PickleValue*>&);
  void add_entries(const std::vector<PickleValue*>&);
  void add_items(const std::vector<PickleValue*>&);
  void push_call();

  std::string_view bytes_;
  std::size_t& at_;
  std::span<const std::string_view> names_;
  const std::string& where_;
  std::deque<PickleValue> values_;  // owns all: values may refer to each other in circles
  std::vector<PickleValue*> stack_;
  std::vector<std::size_t> marks_;
  std::map<std::uint64_t, PickleValue*> memo_;
  const PickleValue* root_ = nullptr;
};

}  // namespace sfumato
