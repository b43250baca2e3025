// harness/guest/enter.h: the host becomes a CPython's executable with this program as a guest in it.
#pragma once

#include <filesystem>

#include "harness/guest/handover.h"

namespace harness {

/// Replaces this process's program by the interpreter's executable, with `guest_module` preloaded, which
/// takes over there and never lets CPython's own main() run. Returns only by throwing UserError. The process
/// stays the same: its id, its streams, its blocked and pending signals, and the exit status that its parent
/// waits for.
[[noreturn]] void enter_guest(const Handover& handover, const std::filesystem::path& guest_module);

}  // namespace harness
