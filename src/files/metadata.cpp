// SPDX-License-Identifier: Apache-2.0
#include "files/metadata.h"

#include <array>
#include <vector>

#include "base/escape.h"

namespace sfumato {
namespace {

constexpr std::string_view our_space = "https://sfumato.art/ns/1.0/";
constexpr std::string_view empty_packet =
    "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
    "</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>";
constexpr auto npos = std::string_view::npos;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 8> entities{{{"&lt;", '<'},
                                                                       {"&gt;", '>'},
                                                                       {"&quot;", '"'},
                                                                       {"&apos;", '\''},
                                                                       {"&#10;", '\n'},
                                                                       {"&#xA;", '\n'},
                                                                       {"&#39;", '\''},
                                                                       {"&amp;", '&'}}};
  std::string out;
  while (!text.empty()) {
    char c = text[0];
    std::size_t length = 1;
    for (const auto& [name, meaning] : entities)
      if (text.starts_with(name)) c = meaning, length = name.size();
    out += c;
    text.remove_prefix(length);
  }
  return out;
}

// Where a property's value stands in the packet, and the attribute or element around it.
struct Property {
  std::size_t begin, end, value_begin, value_end;
};

// `name="value"`, `name='value'` or `<name>value</name>`, from `from` on.
std::optional<Property> find_property(std::string_view packet, std::string_view name, std::size_t from = 0) {
  for (std::size_t at = packet.find(name, from); at != npos && at > 0; at = packet.find(name, at + 1)) {
    std::size_t i = at + name.size();
    if (packet[at - 1] == '<') {
      while (i < packet.size() && is_blank(packet[i])) ++i;
      if (i >= packet.size() || packet[i] != '>') continue;
      const std::string close = "</" + std::string(name) + ">";
      const auto end = packet.find(close, i);
      if (end == npos) return std::nullopt;
      return Property{at - 1, end + close.size(), i + 1, end};
    } else if (is_blank(packet[at - 1])) {
      while (i < packet.size() && (is_blank(packet[i]) || packet[i] == '=')) ++i;
      if (i >= packet.size() || (packet[i] != '"' && packet[i] != '\'')) continue;
      const auto end = packet.find(packet[i], i + 1);
      if (end == npos) return std::nullopt;
      return Property{at - 1, end + 1, i + 1, end};
    }
  }
  return std::nullopt;
}

constexpr std::array<const char*, 4> our_properties{"sfumato:look", "sfumato:settings", "sfumato:key",
                                                    "sfumato:version"};

// Takes out what record_look wrote, and the description that held it if nothing else is in there.
std::string without_record(std::string packet) {
  for (const char* name : our_properties)
    while (const auto p = find_property(packet, name)) packet.erase(p->begin, p->end - p->begin);
  const auto space = packet.find(our_space);
  if (space == npos) return packet;
  const auto begin = packet.rfind("<rdf:Description", space), close = packet.find('>', space);
  if (begin == npos || close == npos) return packet;
  const std::string_view head = std::string_view(packet).substr(begin, close + 1 - begin);
  if (head.find("=", head.find(our_space)) != npos || head.find("xmlns:sfumato") == npos) return packet;
  std::size_t end = close + 1;
  if (packet[close - 1] != '/') {
    while (end < packet.size() && is_blank(packet[end])) ++end;
    constexpr std::string_view closing = "</rdf:Description>";
    if (packet.compare(end, closing.size(), closing) != 0) return packet;
    end += closing.size();
  }
  while (end < packet.size() && is_blank(packet[end])) ++end;
  return packet.erase(begin, end - begin);
}

// The end of a tag that starts at `at`: '>' outside quotes.
std::size_t tag_end(std::string_view text, std::size_t at) {
  char quote = 0;
  for (; at < text.size(); ++at) {
    if (quote) {
      if (text[at] == quote) quote = 0;
    } else if (text[at] == '"' || text[at] == '\'') {
      quote = text[at];
    } else if (text[at] == '>') {
      return at;
    }
  }
  return npos;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = c < 0x80                ? 1
                               : c >= 0xc2 && c < 0xe0 ? 2
                               : c >= 0xe0 && c < 0xf0 ? 3
                               : c >= 0xf0 && c < 0xf5 ? 4
                                                       : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    i += length;
  }
  return true;
}

bool is_xmp(std::string_view packet) {
  if (packet.find("<rdf:RDF") == npos || !is_utf8(packet)) return false;
  std::vector<std::string_view> open;
  for (std::size_t at = packet.find('<'); at != npos; at = packet.find('<', at)) {
    const auto end = packet.substr(at).starts_with("<!--") ? packet.find("-->", at) + 2 : tag_end(packet, at);
    if (end < at || end >= packet.size()) return false;
    const std::string_view tag = packet.substr(at + 1, end - at - 1);
    at = end;
    if (tag.empty()) return false;
    if (tag[0] == '?' || tag[0] == '!') continue;
    const auto name = tag.substr(tag[0] == '/', tag.find_first_of(" \t\r\n/", 1) - (tag[0] == '/'));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      if (open.size() > 100) return false;
      open.push_back(name);
    }
  }
  return open.empty();
}

std::string insert_description(std::string_view packet, const std::string& description) {
  constexpr std::string_view end = "</rdf:RDF>";
  if (packet.find(end) == npos || !is_xmp(packet)) packet = empty_packet;
  const auto at = packet.rfind(end);
  return std::string(packet.substr(0, at)) + description + std::string(packet.substr(at));
}

std::string record_look(std::string_view packet, const LookRecord& record) {
  std::string description = "<rdf:Description rdf:about=\"\" xmlns:sfumato=\"" + std::string(our_space) + "\"";
  const std::array<const std::string*, 4> values{&record.name, &record.settings, &record.key, &record.version};
  for (std::size_t i = 0; i < values.size(); ++i)
    description += std::string(" ") + our_properties[i] + "=\"" + markup_escaped(*values[i]) + "\"";
  return insert_description(without_record(std::string(packet)), description + "/>\n");
}

std::optional<LookRecord> read_look(std::string_view packet) {
  if (packet.find(our_space) == npos) return std::nullopt;
  std::array<std::string, 4> values;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (const auto p = find_property(packet, our_properties[i]))
      values[i] = unescaped(packet.substr(p->value_begin, p->value_end - p->value_begin));
  return LookRecord{values[0], values[1], values[2], values[3]};
}

std::string make_upright(std::string_view packet) {
  std::string out(packet);
  for (std::size_t from = 0;;) {
    const auto p = find_property(out, "tiff:Orientation", from);
    if (!p) return out;
    out.replace(p->value_begin, p->value_end - p->value_begin, "1");
    from = p->value_begin + 1;
  }
}

}  // namespace sfumato
