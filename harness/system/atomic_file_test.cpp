// harness/system/atomic_file_test.cpp: whole or not at all, and nothing left beside it.
#include "harness/system/atomic_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <iterator>
#include <system_error>

#include "harness/system/test_folder.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

std::ptrdiff_t files_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

int error_of_writing(const std::filesystem::path& path, std::string_view contents) {
  const auto error = thrown_by<std::system_error>([&] { write_file_atomically(path, contents); });
  if (!error) return 0;
  EXPECT_TRUE(contains(error->what(), path.string()));
  return error->code().value();
}

// No file of this process may grow past `bytes`: the write fails as on a full disk, with another errno.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  sighandler_t handler_;
  rlimit before_{};
};

TEST(AtomicFile, WritesAndReplacesWhole) {
  const TestFolder folder;
  const auto file = folder.path() / "result.json";
  const std::string with_zeros("a\0b\n", 4);
  write_file_atomically(file, with_zeros);
  EXPECT_EQ(read_text_file(file), with_zeros);
  write_file_atomically(file, "");
  EXPECT_EQ(read_text_file(file), "");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicFile, LeavesThePermissionsToTheUmask) {
  const TestFolder folder;
  const auto file = folder.path() / "result.json";
  const mode_t before = ::umask(027);
  write_file_atomically(file, "text");
  ::umask(before);
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0640));
}

TEST(AtomicFile, LeavesTheOldFileAndNoOtherWhenWritingFails) {
  const TestFolder folder;
  const auto file = folder.write("result.json", "old");
  {
    const FileSizeLimit limit(1000);
    EXPECT_EQ(error_of_writing(file, std::string(5000, 'x')), EFBIG);
  }
  EXPECT_EQ(read_text_file(file), "old");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicFile, LeavesNothingWhenTheNameCannotBeTaken) {
  const TestFolder folder;
  const auto taken = folder.path() / "folder";
  std::filesystem::create_directory(taken);
  EXPECT_EQ(error_of_writing(taken, "text"), EISDIR);
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicFile, SaysWhyTheFolderDoesNotDo) {
  const TestFolder folder;
  EXPECT_EQ(error_of_writing(folder.path() / "missing" / "result.json", "text"), ENOENT);
  EXPECT_EQ(error_of_writing(folder.write("file", "") / "result.json", "text"), ENOTDIR);
}

TEST(AtomicFile, PassesOverANameThatAKilledRunLeftBehind) {
  const TestFolder folder;
  const auto file = folder.path() / "result.json";
  for (int i = 0; i < 100; ++i) {
    folder.write("result.json.tmp-" + std::to_string(::getpid()) + "-" + std::to_string(i), "stale");
  }
  write_file_atomically(file, "text");
  EXPECT_EQ(read_text_file(file), "text");
  EXPECT_EQ(files_in(folder.path()), 101);
}

}  // namespace
}  // namespace harness
