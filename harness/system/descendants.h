// harness/system/descendants.h: the processes that this one has started, and that those have.
#pragma once

#include <sys/types.h>

#include <vector>

namespace harness {

/// Children first, then theirs, as far as /proc tells: an orphan belongs to nobody here.
std::vector<pid_t> descendants();

/// Kills all of them. They are left to be reaped.
void kill_descendants();

}  // namespace harness
