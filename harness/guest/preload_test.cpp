// harness/guest/preload_test.cpp: children of the guest that find another LD_PRELOAD than the user's, and
// libraries whose names LD_PRELOAD cannot hold.
#include "harness/guest/preload.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/error.h"
#include "harness/system/test_folder.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

// GoogleTest runs each in a process of its own under CTest; by hand they follow one another, all from unset.
class Preload : public testing::Test {
 protected:
  ~Preload() override { unsetenv("LD_PRELOAD"); }

  static std::string value() {
    const char* const value = getenv("LD_PRELOAD");
    return value == nullptr ? "(unset)" : value;
  }

  const TestFolder folder_;
};

TEST_F(Preload, LeavesNothingBehind) {
  const auto library = folder_.write("guest.so", "");
  preload_into_children(library);
  EXPECT_EQ(value(), library);
  end_preloading();
  EXPECT_EQ(value(), "(unset)");
}

TEST_F(Preload, ComesBeforeTheUsersAndLeavesThose) {
  const auto library = folder_.write("guest.so", "");
  for (const std::string users : {"libm.so.6", "liba.so:libb.so", "liba.so libb.so", ""}) {
    setenv("LD_PRELOAD", users.c_str(), 1);
    preload_into_children(library);
    EXPECT_EQ(value(), library.string() + ":" + users);
    end_preloading();
    EXPECT_EQ(value(), users);
  }
}

TEST_F(Preload, NamesAnyFileInAWayThatTheLoaderReads) {
  for (const char* const name : {"with a space/guest.so", "with:colon/guest.so", "$LIB/guest.so"}) {
    const auto library = folder_.write(name, "");
    preload_into_children(library);
    EXPECT_EQ(value().find_first_of(" :$"), std::string::npos) << value();
    EXPECT_TRUE(std::filesystem::equivalent(value(), library)) << value();
    const std::string descriptor = value();
    end_preloading();
    EXPECT_FALSE(std::filesystem::exists(descriptor)) << "left open: " << descriptor;
    EXPECT_EQ(value(), "(unset)");
  }
}

TEST_F(Preload, SaysWhatIsMissing) {
  EXPECT_TRUE(
      contains(error_of([] { preload_into_children("/nonexistent/guest.so"); }), "/nonexistent/guest.so"));
  EXPECT_EQ(value(), "(unset)");
}

}  // namespace
}  // namespace harness
