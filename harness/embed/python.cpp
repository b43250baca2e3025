// harness/embed/python.cpp: the program's side of the embedding: loads a libpython and the module.
#include "harness/embed/python.h"

#include <dlfcn.h>

namespace harness::embed {
namespace {

void* load(const std::filesystem::path& path, int flags) {
  void* const handle = dlopen(path.c_str(), flags);
  if (handle == nullptr) throw UserError("--python: cannot load " + path.string() + ": " + dlerror());
  return handle;  // never closed: CPython does not survive being unloaded
}

}  // namespace

Python::Python(const std::filesystem::path& libpython, const std::filesystem::path& module,
               const StartConfig& config) {
  if (!libpython.empty()) load(libpython, RTLD_NOW | RTLD_GLOBAL);
  const auto get_api = reinterpret_cast<GetApi>(dlsym(load(module, RTLD_NOW | RTLD_LOCAL), kGetApiSymbol));
  if (get_api == nullptr) throw UserError(module.string() + " is not this program's embedding module");
  api_ = get_api();
  api_->start(config);
}

Python::~Python() {
  api_->finish();
}

}  // namespace harness::embed
