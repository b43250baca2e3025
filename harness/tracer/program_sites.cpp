// harness/tracer/program_sites.cpp: the other process's functions, named as this one's are.
#include "harness/tracer/program_sites.h"

namespace harness::tracer {

std::vector<std::string> ProgramSites::names_of(const std::vector<std::uintptr_t>& addresses) {
  const std::string own = file();
  std::vector<std::string> names;
  for (const std::uintptr_t address : addresses) {
    const ProcessImage::Place place = image_.place_of(address);
    const bool is_own = !own.empty() && place.file == own;
    if (is_own || place.file.empty()) {
      names.push_back(place.function);
    } else {
      names.push_back(place.function.empty() ? place.library()
                                             : place.function + " (" + place.library() + ")");
    }
  }
  return names;
}

const lock_trace::Site& ProgramSites::of(StackNumber stack) {
  const auto known = sites_.find(stack);
  if (known != sites_.end()) return known->second;
  return sites_.emplace(stack, lock_trace::site_of(names_of(memory_.stacks.addresses_of(stack))))
      .first->second;
}

}  // namespace harness::tracer
