// harness/row/traits.cpp: what a row's name tells of it.
#include "harness/row/traits.h"

namespace harness {

Traits traits_of_name(std::string_view strategy) {
  return {.baseline = strategy == "python", .baseline_on_threads = strategy == "python_threads"};
}

}  // namespace harness
