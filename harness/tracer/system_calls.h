// harness/tracer/system_calls.h: names of those that a thread may be blocked in.
#pragma once

#include <string>

namespace harness::tracer {

/// "nanosleep"; "system call 123" of one that is not in the table.
std::string name_of_system_call(int number);

}  // namespace harness::tracer
