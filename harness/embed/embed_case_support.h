// harness/embed/embed_case_support.h: what the cases of the embedding are written with.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "harness/embed/python.h"
#include "harness/interpreter/interpreter.h"
#include "harness/system/test_folder.h"

namespace harness::embed {

/// The interpreter of a case, and a folder for its scripts. Made of an Interpreter implicitly, so that a case
/// can take it.
struct Surroundings {
  Surroundings(const Interpreter& python);
  Python start(std::optional<double> switch_interval_s = std::nullopt) const;
  /// The program is this interpreter's own.
  Python start(StartConfig config) const;

  const std::filesystem::path module;
  const std::filesystem::path libpython;
  const std::string executable;
  const TestFolder folder = {};
};

/// A script of this text, loaded on the main thread.
class Loaded {
 public:
  Loaded(const Python& python, const Surroundings& around, const std::string& name, const std::string& text)
      : python_(python), script_(python.attached([&] {
          return python.api().load(around.folder.write(name + ".py", text).string());
        })) {}
  ~Loaded() {
    python_.attached([&] { python_.api().unload(script_); });
  }
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;

  Script* get() const { return script_; }

 private:
  const Python& python_;
  Script* const script_;
};

/// run() once, by an attached thread.
Integer run_once(const Api& api, Script* script, Returns returns, std::span<const Buffer> buffers = {},
                 std::int64_t begin = 0, std::int64_t end = 1);

/// What run() of a script with this body raises; where it raises nothing, that is a failure.
ScriptError error_of_run(const Python& python, const Surroundings& around, const std::string& body,
                         Returns returns);

/// What loading a script of this text raises; where it raises nothing, that is a failure.
ScriptError error_of_load(const Python& python, const Surroundings& around, const std::string& text);

/// Runs `body(thread)` in `count` threads that are known to Python, detached.
void in_threads(const Api& api, int count, const std::function<void(ThreadState*)>& body);

}  // namespace harness::embed
