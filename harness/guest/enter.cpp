// harness/guest/enter.cpp: the exec.
#include "harness/guest/enter.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/error.h"
#include "harness/guest/preload.h"

namespace harness {

void enter_guest(const Handover& handover, const std::filesystem::path& guest_module) {
  std::vector<std::string> words = to_argv(handover);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  preload_into_children(guest_module);
  execv(handover.interpreter.executable.c_str(), argv.data());
  throw UserError("--python=" + handover.interpreter.executable.string() +
                  ": it cannot be run: " + std::strerror(errno));
}

}  // namespace harness
