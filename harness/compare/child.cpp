// harness/compare/child.cpp: one process of a comparison: an ordinary run of this program.
#include "harness/compare/child.h"

#include <string.h>

#include <csignal>

#include "harness/compare/stored_run.h"
#include "harness/error.h"
#include "harness/row/format.h"
#include "harness/system/text.h"

namespace harness {
namespace {

constexpr int kUserError = 2;
constexpr const char* kResult = "result.json";
constexpr const char* kComplete = "complete";  // in the context where it is false

std::string name_of_signal(int signal) {
  const char* const name = sigabbrev_np(signal);
  return name == nullptr ? "signal " + std::to_string(signal) : "SIG" + std::string(name);
}

std::string last_line(const std::string& text) {
  const auto lines = lines_of(trimmed(text));
  return lines.empty() ? "" : std::string(trimmed(lines.back()));
}

/// Whether the file, where there is one, is of a run that came to its end. A damaged one is told of later.
bool is_complete(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return true;
  try {
    return !read_stored_run(file).context.contains(kComplete);
  } catch (const UserError&) {
    return true;
  }
}

/// What this program says of a mistake, without the name that it begins with.
std::string message_of(const std::string& standard_error) {
  constexpr std::string_view kName = "harness: ";
  const std::string line = printable(last_line(standard_error));
  return line.starts_with(kName) ? line.substr(kName.size()) : line;
}

}  // namespace

ChildEnd end_of_child(const ProcessResult& result, const std::filesystem::path& folder,
                      std::chrono::milliseconds timeout) {
  if (result.timed_out) {
    const double seconds = std::chrono::duration<double>(timeout).count();
    return {.failure = "hung: killed after " + format_time(seconds) + " (--timeout)", .user_error = {}};
  }
  if (result.signal == SIGKILL) {
    return {.failure = "killed (SIGKILL, as the kernel does where memory runs out)", .user_error = {}};
  }
  if (result.signal != 0) {
    return {.failure = "crashed (" + name_of_signal(result.signal) + ")", .user_error = {}};
  }
  if (result.exit_code == kUserError) return {.failure = {}, .user_error = message_of(result.standard_error)};
  if (result.exit_code == 0 && !is_complete(folder / kResult)) {
    return {.failure = "ended before its last row, with status 0 (a script may have replaced the process)",
            .user_error = {}};
  }
  // 1: an experiment failed, which its row says.
  if (result.exit_code <= 1 && std::filesystem::exists(folder / kResult)) return {};
  const std::string said = message_of(result.standard_error);
  return {.failure = "ended with status " + std::to_string(result.exit_code) + " and no result" +
                     (said.empty() ? "" : ": " + said),
          .user_error = {}};
}

ChildResult read_child_result(const std::filesystem::path& folder) {
  StoredRun run = read_stored_run(folder / kResult);
  if (run.processes.size() != 1) {
    throw UserError((folder / kResult).string() + ": it is not the result of one process");
  }
  return {.rows = std::move(run.processes.front()), .context = std::move(run.context)};
}

}  // namespace harness
