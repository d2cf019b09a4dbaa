// SPDX-License-Identifier: Apache-2.0
#include "files/metadata.h"

#include <array>
#include <map>
#include <regex>
#include <vector>

namespace sfumato {
namespace {

constexpr std::string_view our_space = "https://sfumato.art/ns/1.0/";
constexpr std::string_view empty_packet =
    "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
    "</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>";

// Control characters, which XML forbids, and bytes that are not ASCII in IIM without a declared character set stay out.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  static const std::vector<std::pair<std::string_view, char>> entities{
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#10;", '\n'}, {"&amp;", '&'}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool found = false;
    for (const auto& [name, c] : entities)
      if (text.substr(i, name.size()) == name) {
        out += c;
        i += name.size();
        found = true;
        break;
      }
    if (!found) out += text[i++];
  }
  return out;
}

// Puts a description before the closing tag of the RDF; a packet without one is replaced.
std::string insert_description(std::string_view packet, const std::string& description) {
  constexpr std::string_view end = "</rdf:RDF>";
  auto at = packet.rfind(end);
  if (at == std::string_view::npos || packet.find("<rdf:RDF") == std::string_view::npos) {
    packet = empty_packet;
    at = packet.rfind(end);
  }
  return std::string(packet.substr(0, at)) + description + std::string(packet.substr(at));
}

std::string attribute(std::string_view packet, std::string_view name) {
  const std::string start = std::string(name) + "=\"";
  const auto at = packet.find(start);
  if (at == std::string_view::npos) return {};
  const auto first = at + start.size(), last = packet.find('"', first);
  return last == std::string_view::npos ? std::string() : unescaped(packet.substr(first, last - first));
}

// Removes the description that record_look wrote.
std::string without_record(std::string_view packet) {
  const auto space = packet.find(our_space);
  const auto begin = space == std::string_view::npos ? space : packet.rfind("<rdf:Description", space);
  const auto end = space == std::string_view::npos ? space : packet.find("/>", space);
  if (begin == std::string_view::npos || end == std::string_view::npos) return std::string(packet);
  auto after = end + 2;
  if (after < packet.size() && packet[after] == '\n') ++after;
  return std::string(packet.substr(0, begin)) + std::string(packet.substr(after));
}

// IIM record 2: tag 0x1c, record, data set, length of two bytes, text.
std::map<int, std::vector<std::string>> read_iim(std::string_view bytes) {
  std::map<int, std::vector<std::string>> fields;
  // The block may come inside Photoshop's wrapper; the first data set of record 2 is found by its mark.
  for (std::size_t i = 0; i + 5 <= bytes.size();) {
    const auto at = [&](std::size_t k) { return static_cast<unsigned char>(bytes[i + k]); };
    if (at(0) != 0x1c || (at(1) != 1 && at(1) != 2)) {
      ++i;
      continue;
    }
    const std::size_t size = at(3) * 256u + at(4);
    if (size > 0x7fff || i + 5 + size > bytes.size()) break;
    if (at(1) == 2) fields[at(2)].emplace_back(bytes.substr(i + 5, size));
    i += 5 + size;
  }
  return fields;
}

struct IptcProperty {
  int data_set;
  const char* name;
  const char* container;  // "": a plain value; otherwise rdf:Seq, rdf:Bag or rdf:Alt
};

constexpr std::array<IptcProperty, 16> properties{{
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
    {105, "photoshop:Headline", ""},
    {110, "photoshop:Credit", ""},
    {115, "photoshop:Source", ""},
    {116, "dc:rights", "rdf:Alt"},
    {120, "dc:description", "rdf:Alt"},
}};

std::string element(const IptcProperty& p, const std::vector<std::string>& values) {
  const std::string name = p.name, container = p.container;
  if (container.empty()) return "<" + name + ">" + escaped(values[0]) + "</" + name + ">\n";
  std::string items;
  for (const std::string& v : values)
    items += std::string("<rdf:li") + (container == "rdf:Alt" ? " xml:lang=\"x-default\"" : "") + ">" + escaped(v) + "</rdf:li>";
  return "<" + name + "><" + container + ">" + items + "</" + container + "></" + name + ">\n";
}

}  // namespace

std::string record_look(std::string_view packet, const LookRecord& record) {
  const std::string description = "<rdf:Description rdf:about=\"\" xmlns:sfumato=\"" + std::string(our_space) +
                                  "\" sfumato:look=\"" + escaped(record.name) + "\" sfumato:settings=\"" +
                                  escaped(record.settings) + "\" sfumato:key=\"" + escaped(record.key) + "\"/>\n";
  return insert_description(without_record(packet), description);
}

std::optional<LookRecord> read_look(std::string_view packet) {
  if (packet.find(our_space) == std::string_view::npos) return std::nullopt;
  return LookRecord{attribute(packet, "sfumato:look"), attribute(packet, "sfumato:settings"), attribute(packet, "sfumato:key")};
}

std::string add_iptc(std::string_view packet, std::string_view iim) {
  const auto fields = read_iim(iim);
  std::string elements;
  for (const IptcProperty& p : properties) {
    const auto found = fields.find(p.data_set);
    if (found != fields.end() && packet.find(p.name) == std::string_view::npos) elements += element(p, found->second);
  }
  if (elements.empty()) return std::string(packet);
  return insert_description(
      packet, "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
              "xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" "
              "xmlns:Iptc4xmpCore=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\">\n" + elements + "</rdf:Description>\n");
}

std::string make_upright(std::string_view packet) {
  static const std::regex value("(tiff:Orientation(=\"|>))[0-9]+");
  return std::regex_replace(std::string(packet), value, "$011");
}

}  // namespace sfumato
