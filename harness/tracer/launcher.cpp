// harness/tracer/launcher.cpp: python3, for a libpython that has no executable of its own.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "harness/tracer/launcher.h"

int main(int argc, char** argv) {
  const char* const variable = std::getenv(harness::tracer::kLibpythonVariable);
  const std::string libpython = variable == nullptr ? "" : variable;
  unsetenv(harness::tracer::kLibpythonVariable);
  if (dlopen(libpython.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    std::fprintf(stderr, "harness: cannot load %s: %s\n", libpython.c_str(), dlerror());
    return 2;
  }
  using Watch = void();
  using Main = int(int, char**);
  if (auto* const watch = reinterpret_cast<Watch*>(dlsym(RTLD_DEFAULT, "harness_tracer_watch"))) watch();
  auto* const python_main = reinterpret_cast<Main*>(dlsym(RTLD_DEFAULT, "Py_BytesMain"));
  if (python_main == nullptr) {
    std::fprintf(stderr, "harness: %s has no Py_BytesMain()\n", libpython.c_str());
    return 2;
  }
  return python_main(argc, argv);
}
