// harness/system/standard_streams_test.cpp: what is printed must not end in a file that got a closed stream's
// number, nor the process with the reader of what it prints.
#include "harness/system/standard_streams.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <iostream>

#include "harness/system/test_folder.h"
#include "harness/system/text.h"

namespace harness {
namespace {

TEST(StandardStreamsDeathTest, KeepTheirNumbersWhenTheyAreClosed) {
  const auto opened_next = [] {
    for (const int stream : {0, 1, 2}) close(stream);
    protect_standard_streams();
    _exit(open("/dev/null", O_RDONLY) > 2 ? 0 : 1);
  };
  EXPECT_EXIT(opened_next(), testing::ExitedWithCode(0), "");
}

TEST(StandardStreamsDeathTest, FailToBeWrittenWhenTheyWereClosed) {
  const auto written = [] {
    close(1);
    protect_standard_streams();
    _exit(write(1, "x", 1) < 0 ? 0 : 1);
  };
  EXPECT_EXIT(written(), testing::ExitedWithCode(0), "");
}

TEST(StandardStreamsDeathTest, FailToBeWrittenWhenTheirReaderHasLeft) {
  const auto written = [] {
    protect_standard_streams();
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) _exit(2);
    close(ends[0]);
    _exit(write(ends[1], "x", 1) < 0 && errno == EPIPE ? 0 : 1);
  };
  EXPECT_EXIT(written(), testing::ExitedWithCode(0), "");
}

TEST(StandardStreamsDeathTest, LeaveStandardOutputToTheProgramAlone) {
  const TestFolder folder;
  const auto path = folder.path() / "output";
  const auto written = [&] {
    dup2(open(path.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    std::cout << "before ";
    std::cout.flush();
    {
      const OwnOutput own;
      std::cout << "report ";
      static_cast<void>(write(STDOUT_FILENO, "stray", 5));
      static_cast<void>(std::system("printf ' child'"));
      std::cout << std::string(10'000, 'x') << " ";
    }
    std::cout << "after" << std::flush;
    _exit(std::cout ? 0 : 1);
  };
  EXPECT_EXIT(written(), testing::ExitedWithCode(0), "^stray child$");
  EXPECT_EQ(read_text_file(path), "before report " + std::string(10'000, 'x') + " after");
}

TEST(StandardStreamsDeathTest, FailWhereTheProgramsOwnOutputCannotBeWritten) {
  const auto written = [] {
    dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
    const OwnOutput own;
    std::cout << "lost" << std::flush;
    _exit(std::cout ? 1 : 0);
  };
  EXPECT_EXIT(written(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace harness
