#include "codec/xml.h"

#include <gtest/gtest.h>

namespace hyd::codec {
namespace {

std::string nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += "<a>";
  for (int i = 0; i < depth; ++i) text += "</a>";
  return text;
}

TEST(Xml, ReadsWhatClientsSend) {
  const auto root = parse_xml(
      "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!-- made by hand -->\n"
      "<s3:Delete xmlns:s3=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n"
      "  <s3:Object><s3:Key>a &amp; b&#x20;\xc3\xa9<![CDATA[<c>]]></s3:Key></s3:Object>\n"
      "  <Object xsi:type='Group'><Key/></Object>\n"
      "  <Quiet>true</Quiet>\n"
      "</s3:Delete>\n");
  ASSERT_TRUE(root) << root.error().what;
  EXPECT_EQ(root->name, "Delete");
  EXPECT_EQ(root->text, "");
  ASSERT_EQ(root->children.size(), 3u);
  EXPECT_EQ(root->children[0].text_of("Key"), "a & b \xc3\xa9<c>");
  EXPECT_EQ(root->children[1].attributes[0],
            (std::pair<std::string, std::string>("type", "Group")));
  EXPECT_EQ(root->children[1].find("Key")->text, "");
  EXPECT_EQ(root->text_of("Quiet"), "true");
  EXPECT_EQ(root->find("Missing"), nullptr);
}

TEST(Xml, KeepsAKeyOfWhiteSpace) {
  const auto root = parse_xml("<Key>  </Key>");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->text, "  ");
}

TEST(Xml, RefusesDocumentTypesAndEntities) {
  for (const std::string_view text :
       {"<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a>&x;</a>",
        "<a b=\"&x;\"/>", "<a><!ELEMENT b></a>", "<a>&#xg;</a>", "<a>&#;</a>", "<a>& b</a>",
        "<a>&amp</a>"}) {
    const auto got = parse_xml(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code, base::Code::invalid);
  }
}

TEST(Xml, RefusesWhatIsNotOneWellFormedDocument) {
  for (const std::string_view text :
       {"", "   ", "text", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a/>x", "x<a/>", "<a", "<a b=c/>",
        "<a b='/>", "<a><b</a>", "<!-- <a/>", "<a>\xff</a>", "<![CDATA[x]]><a/>", "<a b=\"<\"",
        "{\"a\":1}"}) {
    EXPECT_FALSE(parse_xml(text)) << text;
  }
  EXPECT_FALSE(parse_xml(std::string_view("<a>\0</a>", 8)));
}

TEST(Xml, NestsAsDeepAsTheLimitAndNoDeeper) {
  EXPECT_TRUE(parse_xml(nested(32)));
  EXPECT_FALSE(parse_xml(nested(33)));
  EXPECT_FALSE(parse_xml(nested(1'000'000)));
  EXPECT_TRUE(parse_xml("<a><b/><b/></a>", {.elements_max = 3}));
  EXPECT_FALSE(parse_xml("<a><b/><b/></a>", {.elements_max = 2}));
}

TEST(Xml, WritesWithEscapes) {
  std::string out;
  XmlWriter xml(out);
  xml.declaration();
  xml.open("Error", {{"xmlns", "http://x/?a&b"}});
  xml.element("Key", "a<b>&\"c\"\x01\r\n");
  xml.element("Empty", "");
  xml.flag("IsTruncated", false);
  xml.open("Outer");
  xml.text("plain");
  xml.close();
  xml.close();
  EXPECT_EQ(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Error xmlns=\"http://x/?a&amp;b\"><Key>a&lt;b&gt;&amp;&quot;c&quot;&#x1;&#xd;\n</Key>"
            "<Empty/><IsTruncated>false</IsTruncated><Outer>plain</Outer></Error>");
}

TEST(Xml, WhatIsWrittenIsReadBack) {
  const std::string text = "  <&>\"'\r\n\t \xed\x95\x9c ";
  std::string out;
  XmlWriter xml(out);
  xml.element("Key", text);
  const auto root = parse_xml(out);
  ASSERT_TRUE(root) << root.error().what;
  EXPECT_EQ(root->text, text);
}

}  // namespace
}  // namespace hyd::codec
