// harness/system/descendants.cpp: the processes that this one has started, and that those have.
#include "harness/system/descendants.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
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

/// Ended, and only waiting to be reaped.
bool is_ended(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(stat, text);
  const std::size_t name_end = text.rfind(") ");  // a name may hold blanks and parentheses
  return name_end == std::string::npos || text[name_end + 2] == 'Z' || text[name_end + 2] == 'X';
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
  // What is stopped starts no more. A process that was killed at once might leave a child that nobody has
  // seen.
  std::set<pid_t> stopped;
  for (bool more = true; more;) {
    more = false;
    for (const pid_t process : descendants()) {
      if (!stopped.insert(process).second) continue;
      kill(process, SIGSTOP);
      more = true;
    }
  }
  for (const pid_t process : stopped) kill(process, SIGKILL);
}

}  // namespace harness
