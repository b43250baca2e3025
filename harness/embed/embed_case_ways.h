// harness/embed/embed_case_ways.h: the cases of interpreters of their own, and of Python's own workers.
#pragma once

#include "harness/embed/embed_case_support.h"

namespace harness::embed {

void gives_a_thread_an_interpreter_of_its_own(const Surroundings& around);
void stops_an_endless_loop_in_an_interpreter_of_its_own(const Surroundings& around);
void says_that_workers_hang(const Surroundings& around);
void ends_workers_that_hang(const Surroundings& around);

}  // namespace harness::embed
