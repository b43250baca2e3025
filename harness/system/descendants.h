// harness/system/descendants.h: the processes that this one has started, and that those have.
#pragma once

#include <sys/types.h>

#include <vector>

namespace harness {

/// From now on this process is the parent of what its descendants leave behind when they end, instead of init
/// (PR_SET_CHILD_SUBREAPER, prctl(2)). Its children do not inherit that.
void adopt_orphans();

/// Children first, then theirs, as far as /proc tells. An orphan belongs to nobody here unless it was
/// adopted.
std::vector<pid_t> descendants();

/// Kills all of them but for resource trackers of Python's multiprocessing: such a process removes the
/// semaphores and the shared memory that the others have left in /dev/shm, and ends when they have. They are
/// left to be reaped.
void kill_descendants();

/// Likewise, all processes of the group.
void kill_group(pid_t group);

}  // namespace harness
