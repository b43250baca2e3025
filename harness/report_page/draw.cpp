// harness/report_page/draw.cpp: has results/report.py draw a page, by a Python that has what it needs.
#include "harness/report_page/draw.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <sstream>
#include <system_error>

#include "harness/error.h"
#include "harness/system/atomic_file.h"
#include "harness/system/subprocess.h"
#include "harness/system/text.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kDrawingPatience{10};
constexpr const char* kPackages =
    "; a page is drawn by Python with matplotlib and Jinja2: apt-get install python3-matplotlib "
    "python3-jinja2, or in a virtual environment: pip install matplotlib Jinja2";

/// What the page is made of, as a file that is there as long as this.
class DataFile {
 public:
  explicit DataFile(const std::string& text) try
      : path_(fs::temp_directory_path() / ("harness-report-" + std::to_string(getpid()) + ".json")) {
    write_file_atomically(path_, text);
  } catch (const std::system_error& error) {
    throw UserError(std::string("report: there is no place for a temporary file (TMPDIR): ") +
                    error.code().message());
  }
  ~DataFile() {
    std::error_code kept;
    fs::remove(path_, kept);
  }
  DataFile(const DataFile&) = delete;
  DataFile& operator=(const DataFile&) = delete;
  const fs::path& path() const { return path_; }

 private:
  const fs::path path_;
};

/// The last line that has anything: of a traceback the error.
std::string last_line(const std::string& text) {
  std::string last;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) last = line;
  }
  return printable(last);
}

/// Why a Python has not drawn.
enum class Cause {
  absent,  ///< it is not there, or cannot be run
  lacks,   ///< it has not all packages; the words say how to get them
  failed,
};

struct NotDrawn {
  Cause cause = Cause::absent;
  std::string why;  ///< for people
};

NotDrawn cause_of(const DrawingPython& python, const ProcessResult& result) {
  constexpr int kLacksPackages = 2, kCannotRun = 126, kNotFound = 127;
  const std::string name = printable(python.name), said = last_line(result.standard_error);
  if (result.timed_out) return {Cause::failed, "the page was not drawn within ten minutes"};
  if (result.exit_code == kNotFound) return {Cause::absent, "there is no " + name};
  if (result.exit_code == kCannotRun) return {Cause::absent, name + " cannot be run"};
  if (result.exit_code == kLacksPackages && said.starts_with("it needs "))
    return {Cause::lacks, name + ": " + said};
  if (!said.empty()) return {Cause::failed, said};
  return {Cause::failed, name + " ended " +
                             (result.signal != 0 ? "by signal " + std::to_string(result.signal)
                                                 : "with status " + std::to_string(result.exit_code))};
}

/// What is another one where the file was written in between; empty where there is none.
std::string stamp_of(const fs::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return "";
  std::ostringstream stamp;
  stamp << facts.st_dev << ' ' << facts.st_ino << ' ' << facts.st_size << ' ' << facts.st_ctim.tv_sec << ' '
        << facts.st_ctim.tv_nsec;
  return stamp.str();
}

/// Nothing where it has drawn.
std::optional<NotDrawn> draw_by(const DrawingPython& python, const fs::path& script, const fs::path& data,
                                const fs::path& page) {
  Command command{.argv = python.argv};
  command.argv.insert(command.argv.end(), {script.string(), data.string(), page.string()});
  const std::string before = stamp_of(page);
  try {
    const ProcessResult result = run_subprocess(command, kDrawingPatience);
    if (!result.succeeded()) return cause_of(python, result);
    if (stamp_of(page) != before) return std::nullopt;
    // An older page that is left there would be taken for this one.
    return NotDrawn{Cause::failed, printable(python.name) + " ended without an error and has not written " +
                                       printable(page.string()) +
                                       "; is it a Python (HARNESS_REPORT_PYTHON)?"};
  } catch (const std::system_error& error) {
    const std::string name = printable(python.name);
    if (error.code() == std::errc::no_such_file_or_directory)
      return NotDrawn{Cause::absent, "there is no " + name};
    const bool is_its_own =
        error.code() == std::errc::permission_denied || error.code() == std::errc::executable_format_error;
    return NotDrawn{is_its_own ? Cause::absent : Cause::failed,
                    name + " cannot be run: " + error.code().message()};
  }
}

/// The reasons, each once.
std::string reasons_of(const std::vector<NotDrawn>& all) {
  std::vector<std::string> once;
  for (const NotDrawn& one : all) {
    if (std::ranges::find(once, one.why) == once.end()) once.push_back(one.why);
  }
  std::string text;
  for (const std::string& why : once) text += (text.empty() ? "" : "; ") + why;
  return text;
}

}  // namespace

std::vector<DrawingPython> drawing_pythons(const std::string& asked) {
  if (asked.find('/') != asked.npos) return {{.name = asked, .argv = {asked}}};
  if (!asked.empty()) return {{.name = asked + " on PATH", .argv = {"/usr/bin/env", asked}}};
  return {{.name = "python3 on PATH", .argv = {"/usr/bin/env", "python3"}},
          {.name = "/usr/bin/python3", .argv = {"/usr/bin/python3"}}};
}

void draw_page(const fs::path& script, const std::string& json, const fs::path& page,
               std::span<const DrawingPython> pythons) {
  const DataFile file(json);
  std::vector<NotDrawn> not_there, failed;
  for (const DrawingPython& python : pythons) {
    const auto not_drawn = draw_by(python, script, file.path(), page);
    if (!not_drawn) return;
    (not_drawn->cause == Cause::failed ? failed : not_there).push_back(*not_drawn);
  }
  if (!failed.empty()) throw UserError("report: " + reasons_of(failed));
  const bool packages_are_named =
      std::ranges::find(not_there, Cause::lacks, &NotDrawn::cause) != not_there.end();
  throw UserError("report: " + reasons_of(not_there) + (packages_are_named ? "" : kPackages));
}

}  // namespace harness
