// harness/system/text_test.cpp: reading the kernel's small files.
#include "harness/system/text.h"

#include <gtest/gtest.h>

#include "harness/system/test_folder.h"

namespace harness {
namespace {

using Views = std::vector<std::string_view>;

TEST(Text, ReadsWholeFilesAlsoThoseWithoutASize) {
  const TestFolder folder;
  const std::string long_text(100'000, 'x');
  EXPECT_EQ(read_text_file(folder.write("long", long_text)), long_text);
  EXPECT_EQ(read_text_file(folder.write("empty", "")), "");
  EXPECT_FALSE(read_text_file("/proc/self/status").value_or("").empty());
}

TEST(Text, HasNothingForWhatCannotBeRead) {
  const TestFolder folder;
  EXPECT_EQ(read_text_file(folder.path() / "missing"), std::nullopt);
  EXPECT_EQ(read_text_file(folder.path()), std::nullopt);
}

TEST(Text, OfAFileOfSomebodysIsReadUpToALimit) {
  const TestFolder folder;
  EXPECT_EQ(read_stored_file(folder.write("small", "text")), "text");
  EXPECT_EQ(read_stored_file(folder.path() / "missing"), std::nullopt);
  const std::filesystem::path large = folder.write("large", "");
  std::filesystem::resize_file(large, kMostFileBytes + 1);
  EXPECT_THROW(read_stored_file(large), FileTooLarge);
  EXPECT_THROW(read_stored_file("/dev/zero"), FileTooLarge);  // whose size nobody knows before
}

TEST(Text, SplitsAndTrims) {
  EXPECT_EQ(trimmed(" \t a b \n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(lines_of("one\n\ntwo"), (Views{"one", "two"}));
  EXPECT_EQ(words_of("  a\tb \n c"), (Views{"a", "b", "c"}));
  EXPECT_TRUE(words_of("").empty());
}

TEST(Text, IsPrintableAsItIsWhereItIsUtf8) {
  for (const std::string text :
       {"", "a b\n\tc", "ä€😀", "\xC2\xA0", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Text, IsMadePrintableWhereATerminalWouldObeyIt) {
  EXPECT_EQ(printable("\x1b[31mred\x07\r"), "\\x1b[31mred\\x07\\x0d");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\xc2\\x9b31m");  // U+009B, which is ESC [
}

TEST(Text, IsMadeUtf8WhereItIsNot) {
  EXPECT_EQ(printable("caf\xE9 x"), "caf\\xe9 x");          // Latin-1
  EXPECT_EQ(printable("\xC3"), "\\xc3");                    // cut off
  EXPECT_EQ(printable("\xC0\xAF"), "\\xc0\\xaf");           // longer than need be
  EXPECT_EQ(printable("\xE0\x9F\xBF"), "\\xe0\\x9f\\xbf");  // likewise
  EXPECT_EQ(printable("\xF0\x8F\xBF\xBF"), "\\xf0\\x8f\\xbf\\xbf");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");           // half of a UTF-16 pair
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond the last character
}

TEST(Text, IsUtf8OfAnyBytesAndTheSameBytesAgain) {
  EXPECT_EQ(utf8_of("/tmp/ä 漢字"), "/tmp/ä 漢字");
  EXPECT_EQ(utf8_of("py\xFF\x80/\xC3"), "py\uEFFF\uEF80/\uEFC3");
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  for (const std::string& bytes :
       {every, every + "ä" + every, std::string("\uEF80\uEFBF\uEFC0\uEFFF\uEF7F\uF000")}) {
    EXPECT_EQ(bytes_of(utf8_of(bytes)), bytes);
    EXPECT_EQ(printable(utf8_of(bytes)).find("\\xff"), std::string::npos) << "no UTF-8";
  }
}

TEST(Text, IsCutToOneLine) {
  EXPECT_EQ(one_line("ValueError: a\nb\tc\x1b\n", 100), "ValueError: a b c\\x1b");
  EXPECT_EQ(one_line("12345", 5), "12345");
  EXPECT_EQ(one_line("123456", 5), "12345…");
}

TEST(Text, HasLevelsWhereItIsJson) {
  EXPECT_FALSE(has_more_levels(R"({"a": [[1], {"b": []}]})", 4));
  EXPECT_TRUE(has_more_levels(R"({"a": [[1], {"b": []}]})", 3));
  EXPECT_FALSE(has_more_levels(R"(["[[[\"[[", "\\"])", 1));
  EXPECT_FALSE(has_more_levels("]]][", 1));
  EXPECT_FALSE(has_more_levels("[" + std::string(kMostJsonLevels - 1, '[')));
  EXPECT_TRUE(has_more_levels("[" + std::string(kMostJsonLevels, '[')));
}

TEST(Text, FindsTheValueOfAKey) {
  constexpr std::string_view kText = "other : 1\nmodel name\t: AMD EPYC: 2\nNAME=\"x\"\nshort";
  EXPECT_EQ(value_of(kText, "model name", ':'), "AMD EPYC: 2");
  EXPECT_EQ(value_of(kText, "NAME", '='), "\"x\"");
  EXPECT_EQ(value_of(kText, "short", ':'), "");
  EXPECT_EQ(value_of(kText, "missing", ':'), "");
}

TEST(Text, ReadsTheNumberThatATextStartsWith) {
  EXPECT_EQ(number_in<int>("42 kB"), 42);
  EXPECT_EQ(number_in<int>("-1\n"), -1);
  EXPECT_EQ(number_in<double>("0.25 1"), 0.25);
  EXPECT_EQ(number_in<int>("max"), std::nullopt);
  EXPECT_EQ(number_in<unsigned char>("256"), std::nullopt);
}

}  // namespace
}  // namespace harness
