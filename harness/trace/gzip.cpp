// harness/trace/gzip.cpp: zlib, which writes and reads the gzip format when asked for 16 more window
// bits.
#include "harness/trace/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <stdexcept>

namespace harness::trace {
namespace {

constexpr int kGzipWindowBits = 15 + 16;

// zlib counts input in unsigned int: long data goes in by pieces.
void feed(z_stream& stream, std::string_view& data) {
  if (stream.avail_in != 0 || data.empty()) return;
  const std::size_t size = std::min<std::size_t>(data.size(), std::numeric_limits<uInt>::max());
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));  // zlib does not write to it
  stream.avail_in = static_cast<uInt>(size);
  data.remove_prefix(size);
}

// Calls `step` until it has nothing more to give, fails, or has given more than `most_bytes`; its last
// status. Appends what it gives.
template <typename Step>
int run(z_stream& stream, std::string_view data, std::string& out, std::size_t most_bytes, Step step) {
  std::array<char, 1 << 16> piece{};
  int status = Z_OK;
  while (status == Z_OK && out.size() <= most_bytes) {
    feed(stream, data);
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = step(data.empty() ? Z_FINISH : Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
    // With Z_FINISH, Z_BUF_ERROR only says that the piece was too small, unless nothing came.
    if (status == Z_BUF_ERROR && stream.avail_out == 0) status = Z_OK;
  }
  return status;
}

}  // namespace

std::string gzip(std::string_view data) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
  std::string file;
  run(stream, data, file, std::numeric_limits<std::size_t>::max(),
      [&](int flush) { return deflate(&stream, flush); });
  deflateEnd(&stream);
  return file;
}

bool is_gzip(std::string_view file) {
  return file.starts_with("\x1f\x8b");
}

std::string gunzip(std::string_view file, std::size_t most_bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindowBits) != Z_OK) throw std::bad_alloc();
  std::string data;
  const int status = run(stream, file, data, most_bytes, [&](int flush) { return inflate(&stream, flush); });
  inflateEnd(&stream);
  if (data.size() > most_bytes) {
    throw std::runtime_error("it unpacks to more than " + std::to_string(most_bytes >> 20) + " MiB");
  }
  if (status == Z_BUF_ERROR) throw std::runtime_error("its compressed data ends too early");
  if (status != Z_STREAM_END) throw std::runtime_error("its compressed data is damaged");
  return data;
}

}  // namespace harness::trace
