// SPDX-License-Identifier: Apache-2.0
#include "files/metadata.h"

#include <gmock/gmock.h>

#include "files/exif.h"
#include "files/iptc.h"
#include "files/jxl_boxes.h"

namespace sfumato {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string packet =
    "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
    "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
    "xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" xmp:Rating=\"4\" "
    "tiff:Orientation=\"6\"/></rdf:RDF></x:xmpmeta><?xpacket end='w'?>";

const LookRecord record{"velvia", "{\"a\": [1, 2], \"b\": \"<&>\"}\nsecond line", "0123", "0.1.0"};

void expect_record(const std::string& xmp) {
  const auto read = read_look(xmp);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, record.name);
  EXPECT_EQ(read->settings, record.settings);
  EXPECT_EQ(read->key, record.key);
  EXPECT_EQ(read->version, record.version);
}

TEST(Xmp, AnEmptyPacketTakesALook) {
  const std::string xmp = record_look("", record);
  EXPECT_TRUE(is_xmp(xmp));
  expect_record(xmp);
}

TEST(Xmp, ALookJoinsWhatIsThere) {
  const std::string xmp = record_look(packet, record);
  EXPECT_TRUE(is_xmp(xmp));
  EXPECT_THAT(xmp, HasSubstr("xmp:Rating=\"4\""));
  expect_record(xmp);
}

TEST(Xmp, ALaterLookReplacesAnEarlier) {
  const std::string once = record_look(packet, record);
  EXPECT_EQ(record_look(record_look(packet, {"noir", "{}", "1", "0"}), record), once);
}

TEST(Xmp, ALookIsReadAndReplacedAfterOthersRewroteThePacket) {
  const std::string rewritten =
      "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
      "<rdf:Description rdf:about='' xmlns:sfumato='https://sfumato.art/ns/1.0/'>\n <sfumato:key>0123</sfumato:key>\n"
      " <sfumato:look>velvia</sfumato:look><sfumato:settings>{&quot;a&quot;: [1, 2], &quot;b&quot;: "
      "&quot;&lt;&amp;&gt;&quot;}&#xA;second line</sfumato:settings>"
      "<sfumato:version>0.1.0</sfumato:version></rdf:Description></rdf:RDF></x:xmpmeta>";
  expect_record(rewritten);
  const std::string xmp = record_look(rewritten, {"noir", "{}", "1", "0"});
  EXPECT_EQ(read_look(xmp)->name, "noir");
  EXPECT_THAT(xmp, Not(HasSubstr("velvia")));
  EXPECT_TRUE(is_xmp(xmp));
}

TEST(Xmp, OrientationBecomesOne) {
  EXPECT_THAT(make_upright(packet), HasSubstr("tiff:Orientation=\"1\""));
  EXPECT_THAT(make_upright("<tiff:Orientation>8</tiff:Orientation>"), HasSubstr("<tiff:Orientation>1</"));
  EXPECT_EQ(make_upright("no such thing"), "no such thing");
}

TEST(Xmp, WhatIsNotXmpIsReplaced) {
  for (const std::string& bad : {std::string("garbage"), packet.substr(0, 200), std::string(1000, '<'),
                                 packet + "<open>", std::string("\xff\xfe<rdf:RDF></rdf:RDF>")}) {
    EXPECT_FALSE(is_xmp(bad));
    EXPECT_TRUE(is_xmp(record_look(bad, record)));
  }
  EXPECT_FALSE(read_look("garbage"));
}

TEST(Xmp, LargeAndHostilePacketsAreQuick) {
  std::string deep = "<rdf:RDF>";
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  EXPECT_FALSE(is_xmp(deep));
  make_upright("tiff:Orientation=\"" + std::string(1 << 20, '6') + "\"");
  std::string many;
  for (int i = 0; i < 50'000; ++i) many += " tiff:Orientation='";
  make_upright(many);
}

std::string iim_field(int set, const std::string& text) {
  return std::string("\x1c\x02") + static_cast<char>(set) + static_cast<char>(text.size() >> 8) +
         static_cast<char>(text.size()) + text;
}

TEST(Iptc, IsFoundInPhotoshopsBlockAndAlone) {
  const std::string iim = iim_field(90, "Wien");
  EXPECT_EQ(iim_of(iim), iim);
  EXPECT_EQ(iim_of(photoshop_block(iim)), iim);
  const std::string other(
      "Photoshop 3.0\0"
      "8BIM\x03\xed\0\0\0\0\0\x03xyz\0",
      14 + 16);
  EXPECT_EQ(iim_of(other + photoshop_block(iim).substr(14)), iim);
  EXPECT_EQ(iim_of("nothing"), "");
  EXPECT_EQ(iim_of(photoshop_block(iim).substr(0, 20)), "");
}

TEST(Iptc, GoesIntoXmpWhereThatLacksIt) {
  const std::string iim = iim_field(25, "k1") + iim_field(25, "k<2>") + iim_field(90, "K\xf6ln") +
                          iim_field(55, "20240506") + iim_field(120, "text");
  const std::string xmp = add_iptc(packet, iim);
  EXPECT_TRUE(is_xmp(xmp));
  EXPECT_THAT(xmp,
              HasSubstr("<dc:subject><rdf:Bag><rdf:li>k1</rdf:li><rdf:li>k&lt;2&gt;</rdf:li></rdf:Bag></dc:subject>"));
  EXPECT_THAT(xmp, HasSubstr("<photoshop:City>K\xc3\xb6ln</photoshop:City>"));
  EXPECT_THAT(xmp, HasSubstr("<photoshop:DateCreated>2024-05-06</photoshop:DateCreated>"));
  EXPECT_EQ(add_iptc(xmp, iim), xmp);
  EXPECT_EQ(add_iptc(packet, ""), packet);
}

Exif some_exif() {
  Exif exif;
  exif.main.push_back({0x010f, 2, 5, std::string("Acme", 5)});
  set_field(exif.photo, 0x8827, 3, 200);
  exif.photo.push_back({0x829d, 5, 1, std::string("\x1c\0\0\0\x0a\0\0\0", 8)});
  exif.gps.push_back({1, 2, 2, std::string("N", 2)});
  return exif;
}

bool same(const ExifDirectory& a, const ExifDirectory& b) {
  auto in_b = [&](const ExifField& f) {
    for (const ExifField& g : b)
      if (f.tag == g.tag) return f.type == g.type && f.count == g.count && f.bytes == g.bytes;
    return false;
  };
  for (const ExifField& f : a)
    if (!in_b(f)) return false;
  return a.size() == b.size();
}

TEST(ExifBlock, ReadsBackAsItWasWritten) {
  const std::string block = exif_block(some_exif());
  for (const std::string& form : {block, std::string("Exif\0\0", 6) + block}) {
    const Exif read = read_exif(ByteSource(form));
    EXPECT_TRUE(same(read.main, some_exif().main));
    EXPECT_TRUE(same(read.photo, some_exif().photo));
    EXPECT_TRUE(same(read.gps, some_exif().gps));
  }
  EXPECT_EQ(read_tiff_field(ByteSource(block), 0x0112).bytes, std::string("\x01\0", 2));
}

TEST(ExifBlock, LosesMakersNotesRatherThanAll) {
  Exif exif = some_exif();
  exif.photo.push_back({0x927c, 7, 100'000, std::string(100'000, 'm')});
  EXPECT_LT(exif_block(exif).size(), 1000u);
  EXPECT_TRUE(same(read_exif(ByteSource(exif_block(exif))).photo, some_exif().photo));
}

TEST(ExifBlock, DamageAndLoopsAreSurvived) {
  const std::string block = exif_block(some_exif());
  for (std::size_t n = 0; n <= block.size(); ++n) read_exif(ByteSource(std::string_view(block).substr(0, n)));
  for (std::size_t i = 0; i < block.size(); ++i)
    for (const char value : {'\0', '\x01', '\x08', '\x7f', '\xff'}) {
      std::string bytes = block;
      bytes[i] = value;
      exif_block(read_exif(ByteSource(bytes)));
    }
}

TEST(JxlBoxes, DamageIsSurvived) {
  std::string file(
      "\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14"
      "ftypjxl \0\0\0\0jxl \0\0\0\x12"
      "Exif\0\0\0\0II*\0\0\0\0\0\0\0\0\x0cxml <a/>\0\0\0\0jxlc",
      12 + 20 + 20 + 12 + 8);
  for (std::size_t i = 0; i < file.size(); ++i)
    for (const char value : {'\0', '\x01', '\xff'}) {
      std::string bytes = file;
      bytes[i] = value;
      read_jxl_boxes(ByteSource(bytes));
      read_jxl_boxes(ByteSource(std::string_view(file).substr(0, i)));
    }
}

}  // namespace
}  // namespace sfumato
