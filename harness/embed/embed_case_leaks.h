// harness/embed/embed_case_leaks.h: the cases that count objects and references.
#pragma once

#include "harness/embed/embed_case_support.h"

namespace harness::embed {

void leaks_nothing_in_calls(const Surroundings& around);
void leaks_nothing_in_results(const Surroundings& around);
void leaks_nothing_in_errors(const Surroundings& around);
void leaks_nothing_in_benchmarks(const Surroundings& around);

}  // namespace harness::embed
