// SPDX-License-Identifier: Apache-2.0
// The instructions are those of Python's pickletools, protocols 2 to 5.
#include "files/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/text.h"
#include "sfumato/error.h"

namespace sfumato {
namespace {

constexpr std::size_t most_values = 1'000'000;

}  // namespace

Pickle::Pickle(std::string_view bytes, std::size_t& at, std::span<const std::string_view> names,
               const std::string& where)
    : bytes_(bytes), at_(at), names_(names), where_(where) {
  while (step(static_cast<unsigned char>(take(1)[0]))) {
  }
  root_ = pop();
}

void Pickle::fail(const std::string& what) const {
  throw Error(Code::look, what, fmt::format("{}: byte {}", where_, at_));
}

std::string_view Pickle::take(std::uint64_t size) {
  if (size > bytes_.size() - std::min(at_, bytes_.size())) fail("found the end of the file inside its list of tensors");
  const std::string_view taken = bytes_.substr(at_, size);
  at_ += size;
  return taken;
}

std::string_view Pickle::take_line() {
  const std::size_t end = bytes_.find('\n', at_);
  if (end == std::string_view::npos) fail("found the end of the file inside its list of tensors");
  const std::string_view line = take(end - at_);
  take(1);
  return line;
}

template <class Number>
Number Pickle::take_number() {
  Number number;
  std::memcpy(&number, take(sizeof number).data(), sizeof number);
  return number;
}

PickleValue& Pickle::push(Kind kind) {
  if (values_.size() >= most_values)
    fail(fmt::format("found more than {} values; expected the tensors of a network", most_values));
  PickleValue& value = values_.emplace_back();
  value.kind = kind;
  stack_.push_back(&value);
  return value;
}

void Pickle::push_text(std::string_view text) { push(Kind::text).text = text; }

void Pickle::push_name(std::string_view module, std::string_view name) {
  const std::string full = fmt::format("{}.{}", module, name);
  if (std::find(names_.begin(), names_.end(), full) == names_.end())
    fail(fmt::format("found the call {}; expected only tensor builders; save the tensors alone, such as a state_dict",
                     printable(full)));
  push(Kind::name).text = full;
}

// Two's complement, little-endian. Numbers beyond 64 bits stay bytes.
void Pickle::push_long(std::string_view bytes) {
  if (bytes.size() > 8) return push_text(bytes);
  std::uint64_t bits = !bytes.empty() && (bytes.back() & 0x80) ? ~std::uint64_t{0} : 0;
  std::memcpy(&bits, bytes.data(), bytes.size());
  push(Kind::integer).integer = static_cast<std::int64_t>(bits);
}

PickleValue* Pickle::pop() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back()))
    fail("found an instruction without its value; expected a whole PyTorch file");
  PickleValue* value = stack_.back();
  stack_.pop_back();
  return value;
}

std::vector<PickleValue*> Pickle::pop_to_mark() {
  if (marks_.empty()) fail("found an instruction without its mark; expected a whole PyTorch file");
  const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<PickleValue*> values(first, stack_.end());
  stack_.erase(first, stack_.end());
  marks_.pop_back();
  return values;
}

void Pickle::push_items(Kind kind, const std::vector<PickleValue*>& items) {
  push(kind).items.assign(items.begin(), items.end());
}

void Pickle::add_entries(const std::vector<PickleValue*>& flat) {
  PickleValue* target = pop();
  if (flat.size() % 2 || !(target->is(Kind::dictionary) || target->is(Kind::call)))
    fail("found entries outside a dictionary");
  for (std::size_t i = 0; i < flat.size(); i += 2) target->entries.emplace_back(flat[i], flat[i + 1]);
  stack_.push_back(target);
}

void Pickle::add_items(const std::vector<PickleValue*>& items) {
  PickleValue* target = pop();
  if (!target->is(Kind::list)) fail("found items outside a list");
  target->items.insert(target->items.end(), items.begin(), items.end());
  stack_.push_back(target);
}

void Pickle::push_call() {
  PickleValue* arguments = pop();
  PickleValue* function = pop();
  if (!function->is(Kind::name) || !arguments->is(Kind::tuple)) fail("found a call of something that is no name");
  push_items(Kind::call, {function, arguments});
}

bool Pickle::push_scalar(unsigned char instruction) {
  switch (instruction) {
    case 'N':
      push(Kind::none);
      return true;
    case 0x88:
      push(Kind::boolean).integer = 1;
      return true;
    case 0x89:
      push(Kind::boolean);
      return true;
    case 'K':
      push(Kind::integer).integer = take_number<std::uint8_t>();
      return true;
    case 'M':
      push(Kind::integer).integer = take_number<std::uint16_t>();
      return true;
    case 'J':
      push(Kind::integer).integer = take_number<std::int32_t>();
      return true;
    case 0x8a:
      push_long(take(take_number<std::uint8_t>()));
      return true;
    case 'G': {  // the one number stored with its highest byte first
      std::uint64_t bits = take_number<std::uint64_t>();
      push(Kind::real).real = std::bit_cast<double>(__builtin_bswap64(bits));
      return true;
    }
    case 'U':
    case 0x8c:
      push_text(take(take_number<std::uint8_t>()));
      return true;
    case 'T':
    case 'X':
      push_text(take(take_number<std::uint32_t>()));
      return true;
    case 0x8d:
      push_text(take(take_number<std::uint64_t>()));
      return true;
    default:
      return false;
  }
}

bool Pickle::build(unsigned char instruction) {
  switch (instruction) {
    case ']':
      push(Kind::list);
      return true;
    case ')':
      push(Kind::tuple);
      return true;
    case '}':
      push(Kind::dictionary);
      return true;
    case 'l':
      push_items(Kind::list, pop_to_mark());
      return true;
    case 't':
      push_items(Kind::tuple, pop_to_mark());
      return true;
    case 0x85:
    case 0x86:
    case 0x87: {
      std::vector<PickleValue*> items(instruction - 0x84);
      for (auto item = items.rbegin(); item != items.rend(); ++item) *item = pop();
      push_items(Kind::tuple, items);
      return true;
    }
    case 'a':
      add_items({pop()});
      return true;
    case 'e':
      add_items(pop_to_mark());
      return true;
    case 's': {
      PickleValue* value = pop();
      PickleValue* key = pop();
      add_entries({key, value});
      return true;
    }
    case 'u':
      add_entries(pop_to_mark());
      return true;
    case 'R':
      push_call();
      return true;
    case 'b':
      pop();
      return true;  // attributes of an object, such as the versions beside a state_dict
    case 'Q':
      push_items(Kind::reference, {pop()});
      return true;
    default:
      return false;
  }
}

bool Pickle::remember(unsigned char instruction) {
  const auto put = [&](std::uint64_t place) {
    memo_[place] = pop();
    stack_.push_back(memo_[place]);
  };
  const auto get = [&](std::uint64_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) fail("found a reference to nothing; expected a whole PyTorch file");
    stack_.push_back(found->second);
  };
  switch (instruction) {
    case 'q':
      put(take_number<std::uint8_t>());
      return true;
    case 'r':
      put(take_number<std::uint32_t>());
      return true;
    case 0x94:
      put(memo_.size());
      return true;
    case 'h':
      get(take_number<std::uint8_t>());
      return true;
    case 'j':
      get(take_number<std::uint32_t>());
      return true;
    default:
      return false;
  }
}

bool Pickle::step(unsigned char instruction) {
  switch (instruction) {
    case '.':
      return false;
    case 0x80:
      take(1);
      return true;
    case 0x95:
      take(8);
      return true;
    case '(':
      marks_.push_back(stack_.size());
      return true;
    case '0':
      pop();
      return true;
    case 'c': {
      const std::string_view module = take_line();
      push_name(module, take_line());
      return true;
    }
    case 0x93: {
      const PickleValue* name = pop();
      const PickleValue* module = pop();
      if (!name->is(Kind::text) || !module->is(Kind::text)) fail("found a name that is no text");
      push_name(module->text, name->text);
      return true;
    }
    default:
      if (push_scalar(instruction) || build(instruction) || remember(instruction)) return true;
      fail(fmt::format("found the pickle instruction 0x{:02x}; expected only those that tensors need", instruction));
  }
}

}  // namespace sfumato
