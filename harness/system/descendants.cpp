// harness/system/descendants.cpp: the processes that this one has started, and that those have.
#include "harness/system/descendants.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <system_error>

namespace harness {
namespace {

namespace fs = std::filesystem;

/// Those of one process, each thread's: a list of the kernel's own, where it was built with it.
void add_children(pid_t process, std::vector<pid_t>& all) {
  std::error_code gone;  // a process may end meanwhile
  for (fs::directory_iterator task(fs::path("/proc") / std::to_string(process) / "task", gone);
       !gone && task != fs::directory_iterator(); task.increment(gone)) {
    std::ifstream children(task->path() / "children");
    for (pid_t child = 0; children >> child;) all.push_back(child);
  }
}

/// What /proc/PID/stat has behind the name, which may hold blanks and parentheses; "" where it has ended for
/// good.
std::string state_of(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(stat, text);
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? "" : text.substr(name_end + 2);
}

/// Ended, and only waiting to be reaped.
bool is_ended(pid_t process) {
  const std::string state = state_of(process);
  return state.empty() || state[0] == 'Z' || state[0] == 'X';
}

bool is_resource_tracker(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/cmdline");
  const std::string words{std::istreambuf_iterator<char>(file), {}};
  return words.find("from multiprocessing.resource_tracker import main") != std::string::npos;
}

std::vector<pid_t> members_of(pid_t group) {
  std::vector<pid_t> members;
  std::error_code gone;
  for (fs::directory_iterator process("/proc", gone); !gone && process != fs::directory_iterator();
       process.increment(gone)) {
    const auto pid = static_cast<pid_t>(std::strtol(process->path().filename().c_str(), nullptr, 10));
    if (pid <= 0) continue;
    std::istringstream fields(state_of(pid));
    char state = 0;
    pid_t parent = 0, groups = 0;
    if (fields >> state >> parent >> groups && groups == group && state != 'Z' && state != 'X')
      members.push_back(pid);
  }
  return members;
}

/// What is stopped starts no more. A process that was killed at once might leave a child that nobody has
/// seen.
template <typename Listed>
void kill_all(Listed listed) {
  std::set<pid_t> stopped;
  for (bool more = true; more;) {
    more = false;
    for (const pid_t process : listed()) {
      if (stopped.contains(process) || is_resource_tracker(process)) continue;
      stopped.insert(process);
      kill(process, SIGSTOP);
      more = true;
    }
  }
  for (const pid_t process : stopped) kill(process, SIGKILL);
}

}  // namespace

void adopt_orphans() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::vector<pid_t> descendants() {
  std::vector<pid_t> all;
  add_children(getpid(), all);
  for (std::size_t i = 0; i < all.size(); ++i) add_children(all[i], all);
  std::erase_if(all, is_ended);
  return all;
}

void kill_descendants() {
  kill_all(descendants);
}

void kill_group(pid_t group) {
  kill_all([group] { return members_of(group); });
}

}  // namespace harness
