// harness/tracer/launcher.h: how the launcher is told which libpython to run.
#pragma once

namespace harness::tracer {

/// A file's path. The launcher takes it out of the environment again.
inline constexpr const char* kLibpythonVariable = "HARNESS_TRACE_LIBPYTHON";

}  // namespace harness::tracer
