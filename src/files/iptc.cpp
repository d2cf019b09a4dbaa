// SPDX-License-Identifier: Apache-2.0
#include "files/iptc.h"

#include <array>
#include <map>
#include <vector>

#include "base/escape.h"
#include "files/metadata.h"

namespace sfumato {
namespace {

constexpr std::string_view photoshop_mark("Photoshop 3.0\0", 14);
constexpr unsigned iim_resource = 0x0404;

unsigned big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  unsigned n = 0;
  for (std::size_t i = 0; i < size; ++i)
    n = n << 8 | static_cast<unsigned char>(at + i < bytes.size() ? bytes[at + i] : 0);
  return n;
}

// Record 2. Each data set: tag 0x1c, record, data set, length of two bytes, text.
std::map<int, std::vector<std::string>> read_iim(std::string_view bytes) {
  std::map<int, std::vector<std::string>> fields;
  for (std::size_t i = 0; i + 5 <= bytes.size() && bytes[i] == 0x1c;) {
    const unsigned record = big_endian(bytes, i + 1, 1), set = big_endian(bytes, i + 2, 1),
                   size = big_endian(bytes, i + 3, 2);
    if (size > 0x7fff || i + 5 + size > bytes.size()) break;
    if (record == 2) fields[static_cast<int>(set)].emplace_back(bytes.substr(i + 5, size));
    i += 5 + size;
  }
  return fields;
}

std::string from_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return out;
}

// IIM dates have no dashes.
std::string as_date(const std::string& text) {
  return text.size() == 8 ? text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6) : text;
}

struct IptcProperty {
  int data_set;
  const char* name;
  const char* container;  // "": a plain value; otherwise rdf:Seq, rdf:Bag or rdf:Alt
};

constexpr std::array<IptcProperty, 18> properties{{
    {5, "dc:title", "rdf:Alt"},
    {25, "dc:subject", "rdf:Bag"},
    {40, "photoshop:Instructions", ""},
    {55, "photoshop:DateCreated", ""},
    {80, "dc:creator", "rdf:Seq"},
    {85, "photoshop:AuthorsPosition", ""},
    {90, "photoshop:City", ""},
    {92, "Iptc4xmpCore:Location", ""},
    {95, "photoshop:State", ""},
    {100, "Iptc4xmpCore:CountryCode", ""},
    {101, "photoshop:Country", ""},
    {103, "photoshop:TransmissionReference", ""},
    {105, "photoshop:Headline", ""},
    {110, "photoshop:Credit", ""},
    {115, "photoshop:Source", ""},
    {116, "dc:rights", "rdf:Alt"},
    {120, "dc:description", "rdf:Alt"},
    {122, "photoshop:CaptionWriter", ""},
}};

std::string element(const IptcProperty& p, const std::vector<std::string>& values) {
  const std::string name = p.name, container = p.container;
  if (container.empty()) return "<" + name + ">" + markup_escaped(values[0]) + "</" + name + ">\n";
  std::string items;
  for (const std::string& v : values) {
    items += std::string("<rdf:li") + (container == "rdf:Alt" ? " xml:lang=\"x-default\"" : "") + ">" +
             markup_escaped(v) + "</rdf:li>";
    if (container == "rdf:Alt") break;
  }
  return "<" + name + "><" + container + ">" + items + "</" + container + "></" + name + ">\n";
}

}  // namespace

std::string iim_of(std::string_view block) {
  if (block.starts_with('\x1c')) return std::string(block);
  if (!block.starts_with(photoshop_mark)) return {};
  // Resources: "8BIM", number, a name of one length byte padded to even, size, data padded to even.
  for (std::size_t at = photoshop_mark.size(); at + 12 <= block.size() && block.substr(at, 4) == "8BIM";) {
    const unsigned number = big_endian(block, at + 4, 2);
    const std::size_t name = (big_endian(block, at + 6, 1) + 2) & ~std::size_t{1};
    const std::size_t size = big_endian(block, at + 6 + name, 4), data = at + 10 + name;
    if (data > block.size() || size > block.size() - data) return {};
    if (number == iim_resource) return std::string(block.substr(data, size));
    at = data + ((size + 1) & ~std::size_t{1});
  }
  return {};
}

std::string photoshop_block(std::string_view iim) {
  std::string out(photoshop_mark);
  out += std::string_view("8BIM\x04\x04\0\0", 8);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(iim.size() >> shift);
  out += iim;
  if (iim.size() % 2) out += '\0';
  return out;
}

std::string add_iptc(std::string_view packet, std::string_view iim) {
  const auto fields = read_iim(iim);
  std::string elements;
  for (const IptcProperty& p : properties) {
    const auto found = fields.find(p.data_set);
    if (found == fields.end() || packet.find(p.name) != std::string_view::npos) continue;
    std::vector<std::string> values = found->second;
    for (std::string& v : values) {
      // Few writers declare their character set; what is no UTF-8 is taken for Latin-1.
      if (!is_utf8(v)) v = from_latin1(v);
      if (p.data_set == 55) v = as_date(v);
    }
    elements += element(p, values);
  }
  if (elements.empty()) return std::string(packet);
  return insert_description(packet,
                            "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                            "xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" "
                            "xmlns:Iptc4xmpCore=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\">\n" +
                                elements + "</rdf:Description>\n");
}

}  // namespace sfumato
