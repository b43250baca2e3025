// harness/cython/build_extension.cpp: from a .pyx to an extension module of one interpreter, built on demand.
#include "harness/cython/build_extension.h"

#include <chrono>
#include <system_error>

#include "harness/cython/build_script.h"
#include "harness/error.h"
#include "harness/system/subprocess.h"

namespace harness {
namespace {

constexpr std::chrono::minutes kPatience{5};  // many times what a busy machine takes

/// The last line that is not empty; a compiler's summary comes before it as often as not, so it is a hint
/// only.
std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::size_t before = text.rfind('\n');
  return before == std::string::npos ? text : text.substr(before + 1);
}

}  // namespace

std::filesystem::path build_extension(const std::filesystem::path& source, const ExtensionBuild& build) {
  const std::string what = source.filename().string();
  if (build.python.empty()) {
    throw NotApplicable("it needs the interpreter's executable (which builds " + what + ")",
                        "--python=\"$(command -v python3)\"");
  }
  if (build.cache.empty()) {
    throw NotApplicable("it needs a cache folder (for what " + what + " is built to)",
                        "export XDG_CACHE_HOME=/var/tmp");
  }
  ProcessResult result;
  try {
    result = run_subprocess(
        {.argv = {build.python.string(), "-c", kBuildScript, std::filesystem::absolute(source).string(),
                  build.cache.string(), build.flags}},
        kPatience);
  } catch (const std::system_error& error) {
    throw ExperimentError("cannot build " + what + ": " + error.what());
  }
  if (result.exit_code == kBuildNotPossible)
    throw NotApplicable("it needs " + last_line(result.standard_output));
  if (!result.succeeded()) {
    throw ExperimentError("cannot build " + what + ": " +
                          (result.timed_out ? "it took over 5 minutes" : last_line(result.standard_error)));
  }
  return last_line(result.standard_output);
}

}  // namespace harness
