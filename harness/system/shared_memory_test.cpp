// harness/system/shared_memory_test.cpp: memory that another process does not see, or that outlives its
// users.
#include "harness/system/shared_memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "harness/system/private_memory.h"

namespace harness {
namespace {

TEST(SharedMemory, IsSeenByAProcessThatWasForkedBeforeItHadALength) {
  SharedMemory memory;
  int go[2];
  ASSERT_EQ(pipe(go), 0);
  const pid_t child = fork();
  if (child == 0) {
    char byte = 0;
    if (read(go[0], &byte, 1) != 1) _exit(1);
    auto* const bytes = static_cast<std::uint8_t*>(
        mmap(nullptr, 3, PROT_READ | PROT_WRITE, MAP_SHARED, memory.descriptor(), 0));
    if (bytes == MAP_FAILED) _exit(2);
    bytes[1] = static_cast<std::uint8_t>(bytes[0] + 1);
    _exit(0);
  }
  memory.allocate(3);
  EXPECT_TRUE(std::ranges::all_of(memory.bytes(), [](std::uint8_t byte) { return byte == 0; }));
  memory.bytes()[0] = 41;
  ASSERT_EQ(write(go[1], "", 1), 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(memory.bytes()[1], 42);
  for (const int end : go) close(end);
}

TEST(SharedMemory, MayHaveNoBytes) {
  SharedMemory memory;
  memory.allocate(0);
  EXPECT_TRUE(memory.bytes().empty());
}

TEST(PrivateMemory, GrowsWithWhatAProcessTouches) {
  const auto before = private_bytes(getpid());
  if (!before) GTEST_SKIP() << "Linux has no /proc/PID/smaps_rollup here";
  constexpr std::size_t kBytes = std::size_t{32} << 20;
  void* const memory = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  std::fill_n(static_cast<volatile std::uint8_t*>(memory), kBytes, std::uint8_t{1});
  EXPECT_GE(private_bytes(getpid()).value(), *before + static_cast<std::int64_t>(kBytes));
  munmap(memory, kBytes);
}

TEST(PrivateMemory, IsWhatAProcessHasWrittenAndNotWhatItHasReadOfFiles) {
  std::istringstream smaps_rollup(
      "55d0c0a00000-7ffd3a5f9000 ---p 00000000 00:00 0                          [rollup]\n"
      "Rss:               20000 kB\n"
      "Shared_Clean:       4000 kB\n"
      "Shared_Dirty:        500 kB\n"
      "Private_Clean:      8000 kB\n"
      "Private_Dirty:      3000 kB\n"
      "Shared_Hugetlb:        0 kB\n"
      "Private_Hugetlb:    2048 kB\n"
      "Locked:                0 kB\n");
  EXPECT_EQ(private_bytes_in(smaps_rollup), (3000 + 2048) * 1024);
}

TEST(PrivateMemory, IsUnknownOfWhatIsNoProcess) {
  EXPECT_FALSE(private_bytes(-1).has_value());
}

}  // namespace
}  // namespace harness
