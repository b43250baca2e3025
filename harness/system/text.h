// harness/system/text.h: the little that is asked of text: that of /proc and /sys, and that of others.
#pragma once

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace harness {

/// The whole of a small file, or nothing when it cannot be read. Works for /proc and /sys, whose files have
/// no size before they are read.
std::optional<std::string> read_text_file(const std::filesystem::path& path);

/// How large a file may be that this program did not just write: a result.json, a journal, a timeline, packed
/// or not. What is made of it in memory is larger, at worst some forty times.
inline constexpr std::size_t kMostFileMebibytes = 128;
inline constexpr std::size_t kMostFileBytes = kMostFileMebibytes << 20;

/// The file is larger than that. what() says so, and does not name it.
struct FileTooLarge : std::runtime_error {
  FileTooLarge() : runtime_error("it is larger than " + std::to_string(kMostFileMebibytes) + " MiB") {}
};

/// The whole of a file that may be anybody's, or nothing when it cannot be read. Throws FileTooLarge, and
/// then has read no more than kMostFileBytes of it.
std::optional<std::string> read_stored_file(const std::filesystem::path& path);

/// `text` without blanks and line ends on either side; a view into `text`.
std::string_view trimmed(std::string_view text);

/// The lines of `text` without their line ends; views into `text`.
std::vector<std::string_view> lines_of(std::string_view text);

/// The words of `text`, which blanks separate; views into `text`.
std::vector<std::string_view> words_of(std::string_view text);

/// `text`, which is anybody's, as UTF-8 that no terminal takes for a command: a byte that is no UTF-8 and a
/// control character other than a line end or a tab are written as "\x1b". What is shown or stored and does
/// not come from this program goes through here.
std::string printable(std::string_view text);

/// The same in one line, cut after `most` bytes and a "…".
std::string one_line(std::string_view text, std::size_t most);

/// `bytes`, such as a path's, as UTF-8 of which bytes_of() makes the same again: a byte that is no UTF-8
/// becomes one of the characters U+EF80 to U+EFFF, which nobody else uses (and each byte of those, where
/// somebody does).
std::string utf8_of(std::string_view bytes);
std::string bytes_of(std::string_view utf8);

/// How deeply arrays and objects lie within one another in JSON that this program reads, at most: what is
/// made of it calls itself once a level. What it writes has six levels.
inline constexpr std::size_t kMostJsonLevels = 64;

/// Whether the JSON `text` has more levels than `most`.
bool has_more_levels(std::string_view text, std::size_t most = kMostJsonLevels);

/// What stands after the first `separator` of the first line that starts with `key`, trimmed; empty when
/// there is no such line. Reads "model name : X" and "NAME=X" alike.
std::string_view value_of(std::string_view text, std::string_view key, char separator);

/// The number that `text` starts with, or nothing.
template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) return std::nullopt;
  return number;
}

}  // namespace harness
