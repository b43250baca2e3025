// harness/program.h: the program, whichever process it runs in.
#pragma once

#include <optional>

#include "harness/guest/handover.h"

namespace harness {

/// Does what the command line asks for and returns the exit status. `guest` is what the host handed over
/// where this process is a CPython's own executable; absent in the host.
int run_program(int argc, char** argv, const std::optional<Handover>& guest);

}  // namespace harness
