// harness/trace/gzip_test.cpp: what is compressed comes back.
#include "harness/trace/gzip.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "harness/testing/assertions.h"

namespace harness::trace {
namespace {

TEST(Gzip, CarriesDataOfAnySize) {
  for (const std::size_t size : {0u, 1u, 65'536u, 1'000'000u}) {
    std::string data(size, '\0');
    for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<char>(i * i % 251);
    EXPECT_TRUE(gunzip(gzip(data), size) == data) << size;
  }
}

TEST(Gzip, UnpacksNoMoreThanIsAllowed) {
  const std::string file = gzip(std::string(3 << 20, '\0'));
  EXPECT_EQ(gunzip(file, 3 << 20).size(), 3U << 20);
  EXPECT_EQ(error_of<std::runtime_error>([&] { gunzip(file, (3 << 20) - 1); }),
            "it unpacks to more than 2 MiB");
}

}  // namespace
}  // namespace harness::trace
