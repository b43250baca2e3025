// harness/interpreter/find.h: every interpreter on the machine, for --list-pythons and --python=all.
#pragma once

#include <chrono>
#include <vector>

#include "harness/interpreter/interpreter.h"
#include "harness/interpreter/probe.h"
#include "harness/interpreter/search_paths.h"

namespace harness {

/// All interpreters that lie in the search paths, sorted by version, GIL builds before free-threaded ones;
/// each libpython and prefix once, however many names it has. Those that harness cannot run are among them
/// and say why. All executables are asked at once, and each costs a start of that Python; one that does not
/// answer holds it up by `timeout`.
std::vector<Interpreter> find_interpreters(const SearchPaths& paths,
                                           std::chrono::milliseconds timeout = kProbeTimeout);

}  // namespace harness
