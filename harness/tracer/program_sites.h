// harness/tracer/program_sites.h: what the stacks of a traced program mean.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/lock_trace/sites.h"
#include "harness/tracer/process_image.h"
#include "harness/tracer/trace_memory.h"

namespace harness::tracer {

/// As lock_trace::Sites has it for this program's own. By one thread at a time.
class ProgramSites {
 public:
  ProgramSites(const TraceMemory& memory, ProcessImage& image) : memory_(memory), image_(image) {}

  const lock_trace::Site& of(StackNumber stack);

  /// The functions at those addresses, from the innermost outwards, CPython's own by their names alone and
  /// others with their file's: "get (_queue.so)".
  std::vector<std::string> names_of(const std::vector<std::uintptr_t>& addresses);

  /// The file that has CPython's code; "" where it was not seen.
  std::string file() { return image_.place_of(memory_.code_begin + 1).file; }
  /// Its name without its folder.
  std::string library() { return image_.place_of(memory_.code_begin + 1).library(); }

 private:
  const TraceMemory& memory_;
  ProcessImage& image_;
  std::map<StackNumber, lock_trace::Site> sites_;
};

}  // namespace harness::tracer
