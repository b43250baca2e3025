// harness/system/atomic_file.cpp: temporary file in the same folder, fsync, rename.
#include "harness/system/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include "harness/system/file_descriptor.h"

namespace harness {
namespace {

// A new file beside `target`, removed again unless it has taken the target's place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target) : target_(target) {
    // Not mkstemp(), which makes the file readable to its owner only: here the umask decides, as it would for
    // a file written directly. A name left behind by a killed process with the same id is passed over.
    static std::atomic<unsigned> counter = 0;
    do {
      name_ = target.string() + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
      file_ = FileDescriptor(::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    } while (!file_.is_open() && errno == EEXIST);
    if (!file_.is_open()) fail();
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!placed_) ::unlink(name_.c_str());
  }

  void write_all(std::string_view contents) {
    while (!contents.empty()) {
      const ssize_t written = ::write(file_.get(), contents.data(), contents.size());
      if (written < 0 && errno != EINTR) fail();
      if (written > 0) contents.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  // Before it has its name: a crash of the machine could leave a whole name on half a file.
  void reach_the_disk() {
    if (::fsync(file_.get()) != 0) fail();
  }

  void move_into_place() {
    if (std::rename(name_.c_str(), target_.c_str()) != 0) fail();
    placed_ = true;
  }

 private:
  [[noreturn]] void fail() const {
    throw std::system_error(errno, std::generic_category(), "cannot write " + target_.string());
  }

  std::filesystem::path target_;
  std::string name_;
  FileDescriptor file_;
  bool placed_ = false;
};

}  // namespace

void write_file_atomically(const std::filesystem::path& path, std::string_view contents) {
  TemporaryFile temporary(path);
  temporary.write_all(contents);
  temporary.reach_the_disk();
  temporary.move_into_place();
}

void write_file_soon(const std::filesystem::path& path, std::string_view contents) {
  TemporaryFile temporary(path);
  temporary.write_all(contents);
  temporary.move_into_place();
}

}  // namespace harness
