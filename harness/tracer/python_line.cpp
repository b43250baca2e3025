// harness/tracer/python_line.cpp: _Py_DebugOffsets, of which each version has its own order.
#include "harness/tracer/python_line.h"

#include <cstring>
#include <utility>

#include "harness/system/text.h"

namespace harness::tracer {

/// Where in the table each offset is, in words of 8 bytes.
struct PythonLines::Layout {
  int minor;
  std::size_t interpreters_head, interpreter_next, threads_head;
  std::size_t thread_next, thread_frame, thread_os_id;
  std::size_t frame_previous, frame_code, frame_instruction, frame_copy;
  std::size_t code_file, code_name, code_lines, code_first_line, code_instructions, code_copies;
  std::size_t object_type, type_name;
  std::size_t bytes_size, bytes_data, text_state, text_length, text_header;
};

namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);
constexpr std::string_view kCookie = "xdebugpy";
constexpr std::size_t kTableWords = 128;
constexpr std::size_t kNone = 0;  // in place of an offset that a version has not
constexpr int kMostSteps = 4096;  // along a list of somebody else's memory

template <typename Number>
Number number_at(const std::string& bytes) {
  Number number{};
  if (bytes.size() >= sizeof number) std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

/// A variable-length integer of six bits a byte.
std::uint32_t varint(std::string_view table, std::size_t& at) {
  constexpr unsigned kMore = 0x40;
  std::uint32_t value = 0;
  for (unsigned shift = 0; at < table.size() && shift < 32; shift += 6) {
    const auto byte = static_cast<unsigned char>(table[at++]);
    value |= (byte & 0x3fU) << shift;
    if ((byte & kMore) == 0) break;
  }
  return value;
}

int signed_varint(std::string_view table, std::size_t& at) {
  const std::uint32_t value = varint(table, at);
  return (value & 1) != 0 ? -static_cast<int>(value >> 1) : static_cast<int>(value >> 1);
}

}  // namespace

std::optional<int> line_at(std::string_view table, int first_line, std::size_t instruction) {
  constexpr unsigned kStart = 0x80;
  enum : unsigned { kOneLine = 10, kNoColumns = 13, kLong = 14, kNoLocation = 15 };
  int line = first_line;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < table.size();) {
    const auto head = static_cast<unsigned char>(table[at++]);
    if ((head & kStart) == 0) return std::nullopt;
    const unsigned kind = head >> 3 & 0xf;
    const std::size_t end = begin + (head & 7) + 1;
    if (kind >= kOneLine && kind < kNoColumns) line += static_cast<int>(kind - kOneLine);
    if (kind == kNoColumns || kind == kLong) line += signed_varint(table, at);
    if (instruction < end) return kind == kNoLocation ? std::nullopt : std::optional(line);
    begin = end;
    // What is left of the entry has no start's bit.
    while (at < table.size() && (static_cast<unsigned char>(table[at]) & kStart) == 0) ++at;
  }
  return std::nullopt;
}

PythonLines::PythonLines(std::uintptr_t runtime, Read read) : read_(std::move(read)), runtime_(runtime) {
  // In the order of Layout's members.
  static constexpr Layout kLayouts[] = {
      {13, 5, 8, 9, 21, 23, 25, 29, 30, 31, kNone, 35, 37, 38, 39, 43, kNone, 45, 47, 65, 66, 68, 69, 70},
      {14, 5, 8, 9, 24, 26, 28, 32, 33, 34, 38, 40, 42, 43, 44, 48, 49, 51, 53, 75, 76, 78, 79, 80},
      {15, 5, 8, 9, 24, 26, 31, 40, 41, 42, 46, 48, 50, 51, 52, 56, 57, 59, 61, 87, 88, 90, 91, 92},
  };
  offsets_ = read_(runtime, kTableWords * kWord);
  if (offsets_.size() != kTableWords * kWord || !offsets_.starts_with(kCookie)) return;
  const std::uint64_t version = offset(1);
  free_threaded_ = offset(2) != 0;
  for (const Layout& layout : kLayouts) {
    if (version >> 24 == 3 && (version >> 16 & 0xff) == static_cast<std::uint64_t>(layout.minor)) {
      layout_ = &layout;
    }
  }
}

std::uint64_t PythonLines::offset(std::size_t at) const {
  return number_at<std::uint64_t>(offsets_.substr(at * kWord, kWord));
}

std::uint64_t PythonLines::word(std::uintptr_t address) const {
  return number_at<std::uint64_t>(read_(address, kWord));
}

/// A str's characters, in UTF-8. At most so many as a path has.
std::string PythonLines::text(std::uintptr_t object) const {
  constexpr std::uint64_t kLongest = 4096;
  constexpr int kAsciiBits = 4;              // kind:3, compact:1, then ascii:1
  constexpr std::size_t kBeforeOthers = 16;  // of PyCompactUnicodeObject, beyond PyASCIIObject
  const std::uint64_t length = word(object + offset(layout_->text_length));
  const auto state =
      number_at<std::uint32_t>(read_(object + offset(layout_->text_state), sizeof(std::uint32_t)));
  // What tells whether it is interned comes first: a byte where there is no GIL, from 3.14 on, else two bits.
  const std::uint32_t bits = state >> (free_threaded_ && layout_->minor >= 14 ? 8 : 2);
  const std::size_t kind = bits & 7;
  const bool is_ascii = (bits >> kAsciiBits & 1) != 0;
  if (length == 0 || length > kLongest || (kind != 1 && kind != 2 && kind != 4)) return "";
  const std::uintptr_t data = object + offset(layout_->text_header) + (is_ascii ? 0 : kBeforeOthers);
  const std::string units = read_(data, length * kind);
  if (is_ascii) return units;
  std::string utf8;
  for (std::size_t at = 0; at + kind <= units.size(); at += kind) {
    std::uint32_t c = 0;
    std::memcpy(&c, units.data() + at, kind);
    if (c < 0x80) {
      utf8 += static_cast<char>(c);
    } else if (c < 0x800) {
      utf8 += static_cast<char>(0xc0 | c >> 6);
      utf8 += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      utf8 += static_cast<char>(0xe0 | c >> 12);
      utf8 += static_cast<char>(0x80 | (c >> 6 & 0x3f));
      utf8 += static_cast<char>(0x80 | (c & 0x3f));
    } else {
      utf8 += static_cast<char>(0xf0 | c >> 18);
      utf8 += static_cast<char>(0x80 | (c >> 12 & 0x3f));
      utf8 += static_cast<char>(0x80 | (c >> 6 & 0x3f));
      utf8 += static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  return utf8;
}

bool PythonLines::is_code(std::uintptr_t object) const {
  const std::uintptr_t type = object == 0 ? 0 : word(object + offset(layout_->object_type));
  const std::uintptr_t name = type == 0 ? 0 : word(type + offset(layout_->type_name));
  const std::string code("code", sizeof "code");  // with its end
  return name != 0 && read_(name, code.size()) == code;
}

std::uintptr_t PythonLines::frame_of(pid_t thread) const {
  int steps = 0;
  for (std::uintptr_t interpreter = word(runtime_ + offset(layout_->interpreters_head));
       interpreter != 0 && ++steps < kMostSteps;
       interpreter = word(interpreter + offset(layout_->interpreter_next))) {
    for (std::uintptr_t state = word(interpreter + offset(layout_->threads_head));
         state != 0 && ++steps < kMostSteps; state = word(state + offset(layout_->thread_next))) {
      if (word(state + offset(layout_->thread_os_id)) != static_cast<std::uint64_t>(thread)) continue;
      if (const std::uintptr_t frame = word(state + offset(layout_->thread_frame)); frame != 0) return frame;
    }
  }
  return 0;
}

int PythonLines::line_in(std::uintptr_t frame, std::uintptr_t code) const {
  constexpr std::uint64_t kLongest = 1 << 20;
  constexpr std::size_t kCodeUnit = 2;  // bytes
  std::uintptr_t begin = code + offset(layout_->code_instructions);
  // Where there is no GIL, threads have copies of a function's code of their own.
  if (free_threaded_ && layout_->frame_copy != kNone) {
    const auto copy =
        number_at<std::int32_t>(read_(frame + offset(layout_->frame_copy), sizeof(std::int32_t)));
    const std::uintptr_t copies = word(code + offset(layout_->code_copies));
    if (copy > 0 && copies != 0) begin = word(copies + kWord * (1 + static_cast<std::size_t>(copy)));
  }
  const std::uintptr_t instruction = word(frame + offset(layout_->frame_instruction));
  const std::uintptr_t table = word(code + offset(layout_->code_lines));
  const std::uint64_t size = word(table + offset(layout_->bytes_size));
  const auto first =
      number_at<std::int32_t>(read_(code + offset(layout_->code_first_line), sizeof(std::int32_t)));
  if (instruction < begin || size > kLongest) return 0;
  const std::string bytes = read_(table + offset(layout_->bytes_data), size);
  return line_at(bytes, first, (instruction - begin) / kCodeUnit).value_or(0);
}

PythonFrame PythonLines::read_frame(std::uintptr_t frame, std::uintptr_t code) const {
  return {.function = text(word(code + offset(layout_->code_name))),
          .file = text(word(code + offset(layout_->code_file))),
          .line = line_in(frame, code)};
}

std::vector<PythonFrame> PythonLines::frames_of(pid_t thread) const {
  constexpr std::size_t kMost = 16;
  constexpr int kMostFrames = 64;  // with those that are no function's
  std::vector<PythonFrame> frames;
  if (layout_ == nullptr) return frames;
  std::uintptr_t frame = frame_of(thread);
  for (int i = 0; i < kMostFrames && frame != 0 && frames.size() < kMost; ++i) {
    const std::uintptr_t tagged = word(frame + offset(layout_->frame_code));
    const std::uintptr_t code = tagged & ~std::uintptr_t{7};  // references to objects have tags, from 3.14 on
    if (is_code(code)) frames.push_back(read_frame(frame, code));
    frame = word(frame + offset(layout_->frame_previous));
  }
  return frames;
}

std::string in_words(const PythonFrame& frame) {
  const std::string file = frame.file.substr(frame.file.rfind('/') + 1);
  return one_line(
      frame.function + " (" + file + (frame.line > 0 ? ":" + std::to_string(frame.line) : "") + ")", 200);
}

bool is_of_library(const PythonFrame& frame) {
  if (frame.file.starts_with("<frozen ")) return true;
  const std::size_t at = frame.file.find("/lib/python3");
  return at != frame.file.npos && frame.file.find("-packages/", at) == frame.file.npos;
}

}  // namespace harness::tracer
