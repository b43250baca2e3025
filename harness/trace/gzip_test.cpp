// harness/trace/gzip_test.cpp: what is compressed comes back.
#include "harness/trace/gzip.h"

#include <gtest/gtest.h>

namespace harness::trace {
namespace {

TEST(Gzip, CarriesDataOfAnySize) {
  for (const std::size_t size : {0u, 1u, 65'536u, 1'000'000u}) {
    std::string data(size, '\0');
    for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<char>(i * i % 251);
    EXPECT_TRUE(gunzip(gzip(data)) == data) << size;
  }
}

}  // namespace
}  // namespace harness::trace
