// harness/embed/interpreter_start.cpp: starting CPython and further interpreters, which differs between
// versions.
//
// The limited API of 3.9 has Py_InitializeEx but nothing that may name the executable in every version:
// Py_SetProgramName is there up to 3.14, PyInitConfig (PEP 741) from 3.14 on. Both are looked up by name in
// the libpython that the host has loaded.
#include "harness/embed/interpreter_start.h"

#include <dlfcn.h>

#include <cstdint>
#include <memory>

#include "harness/embed/object.h"
#include "harness/error.h"

namespace harness::embed {
namespace {

struct InitConfig;  // CPython's PyInitConfig, which is opaque

template <typename Function>
Function symbol(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

/// CPython's PyInitConfig API, as of 3.14 (Doc/c-api/init_config.rst).
struct InitConfigApi {
  InitConfig* (*create)() = symbol<InitConfig* (*)()>("PyInitConfig_Create");
  void (*free)(InitConfig*) = symbol<void (*)(InitConfig*)>("PyInitConfig_Free");
  int (*set_int)(InitConfig*, const char*, std::int64_t) =
      symbol<int (*)(InitConfig*, const char*, std::int64_t)>("PyInitConfig_SetInt");
  int (*set_str)(InitConfig*, const char*,
                 const char*) = symbol<int (*)(InitConfig*, const char*, const char*)>("PyInitConfig_SetStr");
  int (*get_error)(InitConfig*,
                   const char**) = symbol<int (*)(InitConfig*, const char**)>("PyInitConfig_GetError");
  int (*initialize)(InitConfig*) = symbol<int (*)(InitConfig*)>("Py_InitializeFromInitConfig");

  bool complete() const {
    return create != nullptr && free != nullptr && set_int != nullptr && set_str != nullptr &&
           get_error != nullptr && initialize != nullptr;
  }
};

void start_by_init_config(const InitConfigApi& api, const std::string& program) {
  const std::unique_ptr<InitConfig, void (*)(InitConfig*)> config(api.create(), api.free);
  // PyInitConfig_Create gives the isolated configuration; these make it the one that `python3` has.
  const bool done = api.set_int(config.get(), "isolated", 0) == 0 &&
                    api.set_int(config.get(), "use_environment", 1) == 0 &&
                    api.set_int(config.get(), "user_site_directory", 1) == 0 &&
                    (program.empty() || api.set_str(config.get(), "program_name", program.c_str()) == 0) &&
                    api.initialize(config.get()) == 0;
  if (done) return;
  const char* why = nullptr;
  api.get_error(config.get(), &why);
  throw UserError("--python: the interpreter does not start: " + std::string(why != nullptr ? why : "?"));
}

/// CPython's PyInterpreterConfig, as of 3.12 (Include/cpython/pylifecycle.h), with the values of an isolated
/// interpreter.
struct InterpreterConfig {
  int use_main_obmalloc = 0;
  int allow_fork = 0;
  int allow_exec = 0;
  int allow_threads = 1;
  int allow_daemon_threads = 0;
  int check_multi_interp_extensions = 1;
  int gil = 2;  // PyInterpreterConfig_OWN_GIL
};

/// CPython's PyStatus (Include/cpython/initconfig.h).
struct Status {
  int type;  // 0: no error
  const char* function;
  const char* message;
  int exit_code;
};

void start_by_program_name(const std::string& program) {
  using SetProgramName = void (*)(const wchar_t*);
  const auto set_program_name = symbol<SetProgramName>("Py_SetProgramName");
  if (set_program_name != nullptr && !program.empty()) {
    // CPython keeps the pointer until it ends, so this lives as long as the process.
    static wchar_t* const name = Py_DecodeLocale(program.c_str(), nullptr);
    if (name != nullptr) set_program_name(name);
  }
  Py_InitializeEx(0);  // exits the process itself, with CPython's own message, where it cannot start
}

}  // namespace

void start_interpreter(const std::string& program) {
  const InitConfigApi api;
  if (api.complete()) {
    start_by_init_config(api, program);
  } else {
    start_by_program_name(program);
  }
}

PyThreadState* start_own_interpreter() {
  using NewInterpreter = Status (*)(PyThreadState**, const InterpreterConfig*);
  const auto new_interpreter = symbol<NewInterpreter>("Py_NewInterpreterFromConfig");
  if (new_interpreter == nullptr) {
    throw NotApplicable("it needs 3.12 (the first CPython whose subinterpreters have a GIL of their own)",
                        "--python=\"$(harness/get_cpython.sh 3.14.7)/bin/python3\"");
  }
  PyThreadState* state = nullptr;
  const InterpreterConfig isolated;
  const Status status = new_interpreter(&state, &isolated);
  if (state != nullptr) return state;
  PyErr_Clear();
  const char* const message = status.message;
  throw ExperimentError("a subinterpreter cannot be started: " +
                        std::string(message == nullptr ? "Python does not say why" : message));
}

}  // namespace harness::embed
