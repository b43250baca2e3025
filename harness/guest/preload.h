// harness/guest/preload.h: LD_PRELOAD, the way into an executable of somebody else's. It reads the
// environment besides the command line, because that is where the loader looks.
#pragma once

#include <filesystem>

namespace harness {

/// Makes every program that this process starts, or becomes by exec, load `library` before any other, also
/// before those that the user preloads. Throws UserError where it cannot be opened.
void preload_into_children(const std::filesystem::path& library);

/// Undoes that, in the program that was started so: what it starts itself finds the user's LD_PRELOAD.
void end_preloading();

}  // namespace harness
