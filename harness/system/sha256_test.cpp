// harness/system/sha256_test.cpp: the published test vectors and files that cannot be read.
#include "harness/system/sha256.h"

#include <gtest/gtest.h>

#include <system_error>

#include "harness/system/test_folder.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

// FIPS 180-2, appendix B.1 to B.3; the empty message is from NIST's SHA256ShortMsg.rsp.
TEST(Sha256, MatchesThePublishedVectors) {
  const TestFolder folder;
  EXPECT_EQ(sha256_of_file(folder.write("empty", "")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of_file(folder.write("abc", "abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      sha256_of_file(folder.write("two_blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  // More than one read's worth, so it takes the loop.
  EXPECT_EQ(sha256_of_file(folder.write("million", std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, NamesTheFileThatCannotBeRead) {
  const TestFolder folder;
  for (const auto& path : {folder.path() / "missing", folder.path()}) {
    EXPECT_TRUE(contains(error_of<std::system_error>([&] { sha256_of_file(path); }), path.string()));
  }
}

}  // namespace
}  // namespace harness
