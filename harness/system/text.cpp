// harness/system/text.cpp: small files, lines and words.
#include "harness/system/text.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <system_error>

namespace harness {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (text.empty()) return parts;
    parts.push_back(text.substr(0, text.find_first_of(separators)));
    text.remove_prefix(parts.back().size());
  }
}

/// How many bytes the UTF-8 character has that `text` begins with; 0 where it begins with none (RFC 3629).
std::size_t length_of_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  }
  // Longer than need be, a half of a UTF-16 pair, beyond the last character.
  const unsigned second = byte(1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0)) return 0;
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90)) return 0;
  return length;
}

// What U+EF80 to U+EFFF begin with; the next byte is 0xBE or 0xBF.
constexpr char kOfByte = '\xEE';

/// Whether the character stands for a byte (utf8_of).
bool is_of_byte(std::string_view character) {
  return character.size() == 3 && character[0] == kOfByte &&
         (character[1] == '\xBE' || character[1] == '\xBF');
}

/// Of one character: below a blank, DEL, and U+0080 to U+009F.
bool is_control(std::string_view character) {
  if (character.size() == 2) return character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
  const char byte = character.size() == 1 ? character[0] : ' ';
  return (static_cast<unsigned char>(byte) < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F;
}

/// Throws FileTooLarge.
std::optional<std::string> read_up_to(const std::filesystem::path& path, std::size_t most_bytes) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 4096> piece{};
  while (file) {
    file.read(piece.data(), piece.size());
    const auto got = static_cast<std::size_t>(file.gcount());
    if (got > most_bytes - text.size()) throw FileTooLarge();
    text.append(piece.data(), got);
  }
  if (file.bad()) return std::nullopt;
  return text;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t most) {
  std::string line = printable(trimmed(text.substr(0, most)));
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line + (text.size() > most ? "…" : "");
}

std::string utf8_of(std::string_view bytes) {
  std::string result;
  while (!bytes.empty()) {
    const std::size_t length = length_of_character(bytes);
    const bool stands_for_byte = is_of_byte(bytes.substr(0, length));
    const std::string_view character = bytes.substr(0, length == 0 || stands_for_byte ? 1 : length);
    bytes.remove_prefix(character.size());
    // All bytes of what is no character of one byte are from 0x80 on.
    const auto byte = static_cast<unsigned char>(character.front());
    if (length > 0 && !stands_for_byte) {
      result += character;
    } else {
      result +=
          {kOfByte, static_cast<char>(byte < 0xC0 ? 0xBE : 0xBF), static_cast<char>(0x80 | (byte & 0x3F))};
    }
  }
  return result;
}

std::string bytes_of(std::string_view utf8) {
  std::string result;
  while (!utf8.empty()) {
    const std::string_view character = utf8.substr(0, std::max<std::size_t>(length_of_character(utf8), 1));
    utf8.remove_prefix(character.size());
    if (is_of_byte(character)) {
      const unsigned high = character[1] == '\xBE' ? 0x80 : 0xC0;
      result += static_cast<char>(high | (static_cast<unsigned char>(character[2]) & 0x3FU));
    } else {
      result += character;
    }
  }
  return result;
}

std::string printable(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string result;
  while (!text.empty()) {
    const std::size_t length = length_of_character(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(character.size());
    if (length > 0 && !is_control(character)) {
      result += character;
      continue;
    }
    for (const char one : character) {
      const auto byte = static_cast<unsigned char>(one);
      result += {'\\', 'x', kHex[byte / 16], kHex[byte % 16]};
    }
  }
  return result;
}

bool has_more_levels(std::string_view text, std::size_t most) {
  std::size_t levels = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '[' || c == '{')) {
      if (++levels > most) return true;
    } else if (!in_string && (c == ']' || c == '}')) {
      levels -= std::min<std::size_t>(levels, 1);
    }
  }
  return false;
}

std::optional<std::string> read_text_file(const std::filesystem::path& path) {
  return read_up_to(path, std::numeric_limits<std::size_t>::max());
}

std::optional<std::string> read_stored_file(const std::filesystem::path& path) {
  std::error_code none;  // a pipe has no size before it is read
  const std::uintmax_t size = std::filesystem::file_size(path, none);
  if (!none && size > kMostFileBytes) throw FileTooLarge();
  return read_up_to(path, kMostFileBytes);
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  return split(text, "\n");
}

std::vector<std::string_view> words_of(std::string_view text) {
  return split(text, kBlanks);
}

std::string_view value_of(std::string_view text, std::string_view key, char separator) {
  for (const std::string_view line : lines_of(text)) {
    if (!line.starts_with(key)) continue;
    const auto at = line.find(separator, key.size());
    if (at != std::string_view::npos) return trimmed(line.substr(at + 1));
  }
  return {};
}

}  // namespace harness
