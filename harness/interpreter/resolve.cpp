// harness/interpreter/resolve.cpp: tells the kinds of SPEC apart and looks each up where it belongs.
#include "harness/interpreter/resolve.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/interpreter/elf_file.h"
#include "harness/interpreter/find.h"
#include "harness/interpreter/guest.h"
#include "harness/interpreter/libpython.h"
#include "harness/interpreter/probe.h"
#include "harness/interpreter/version.h"

namespace harness {
namespace {

constexpr std::string_view kGuest = "guest:";

[[noreturn]] void refuse(const std::string& spec, const std::string& reason) {
  throw UserError("--python=" + spec + ": " + reason);
}

std::string reason_with_file(const Interpreter& interpreter) {
  const auto& file = interpreter.executable.empty() ? interpreter.libpython : interpreter.executable;
  return file.string() + ": " + interpreter.unusable;
}

Interpreter from_libpython(const std::filesystem::path& file, Facts facts) {
  if (facts == Facts::kAll) return probe_libpython(file);
  Interpreter identified = identify_libpython(file);
  if (identified.usable()) identified.executable = executable_beside(identified);
  return identified;
}

// A libpython may be of another architecture or damaged, so its name counts, too, for the sake of the
// message.
bool is_meant_as_libpython(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  if (name.starts_with("libpython") && name.find(".so") != std::string::npos) return true;
  const auto elf = ElfFile::open(file);
  return elf && elf->is_shared_library();
}

std::filesystem::path with_home(const std::string& spec, const SearchPaths& paths) {
  // Shells expand a ~ at the start of a word only, and in --python=~/x it is not there.
  return spec.starts_with("~/") ? paths.home / spec.substr(2) : std::filesystem::path(spec);
}

// Those that may be what is asked for, the newest first, and last those whose names promise nothing.
std::vector<Candidate> plausible(const Version& asked, std::vector<Candidate> candidates) {
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return candidate.version && !may_be(asked, *candidate.version);
  });
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.version > b.version; });
  return candidates;
}

std::vector<Candidate> plausible_on_path(const Version& asked, const SearchPaths& paths) {
  std::vector<Candidate> candidates = plausible(asked, path_candidates(paths));
  // "3" is python3 before it is python3.13, as it is in a shell.
  std::stable_partition(candidates.begin(), candidates.end(),
                        [&](const Candidate& candidate) { return candidate.version == asked; });
  return candidates;
}

std::vector<Candidate> plausible_in(const std::filesystem::path& versions, std::string_view before_version,
                                    const Version& asked) {
  std::vector<Candidate> candidates = version_folder_candidates(versions, before_version);
  // A folder without a version in its name is somebody's virtual environment, not meant by a mere number.
  std::erase_if(candidates, [](const Candidate& candidate) { return !candidate.version; });
  return plausible(asked, std::move(candidates));
}

std::string all_versions(const SearchPaths& paths) {
  std::string list;
  std::set<std::string> listed;
  for (const Interpreter& interpreter : find_interpreters(paths)) {
    const std::string name = version_name(interpreter);
    if (interpreter.usable() && listed.insert(name).second) list += (list.empty() ? "" : ", ") + name;
  }
  return list.empty() ? "none" : list;
}

Interpreter from_version(const std::string& spec, const Version& asked, const SearchPaths& paths,
                         Facts facts) {
  std::optional<Interpreter> unusable;
  // Keeps the first that is what is asked for and cannot be run: its reason is worth more than "not found".
  const auto is_asked_for = [&](const Interpreter& interpreter) {
    if (interpreter.implementation != "cpython" || !may_be(asked, version_of(interpreter))) return false;
    if (!interpreter.usable() && !unusable) unusable = interpreter;
    return interpreter.usable();
  };
  for (const auto& candidates :
       {plausible_on_path(asked, paths), plausible_in(paths.pyenv_versions, "", asked),
        plausible_in(paths.uv_pythons, "cpython-", asked)}) {
    for (const Candidate& candidate : candidates) {
      Interpreter interpreter = probe_executable(candidate.file);
      if (is_asked_for(interpreter)) return interpreter;
      // Its name promises what is asked for, but it gave no answer, or none in time: that is no "not found".
      if (candidate.version && interpreter.version.empty() && !unusable) unusable = interpreter;
    }
  }
  for (const Candidate& candidate : plausible(asked, libpython_candidates(paths))) {
    Interpreter interpreter = from_libpython(candidate.file, facts);
    if (is_asked_for(interpreter)) return interpreter;
  }
  if (unusable) refuse(spec, reason_with_file(*unusable));
  refuse(spec,
         "no such CPython on PATH, in pyenv's or uv's folders or among the system's libpythons. Found: " +
             all_versions(paths) + ". Name one of these or a path, or install it (uv python install " + spec +
             ")");
}

Interpreter from_default(const SearchPaths& paths, Facts facts) {
  if (paths.default_libpython.empty())
    throw UserError("there is no default interpreter: name one by --python=SPEC");
  Interpreter interpreter = from_libpython(paths.default_libpython, facts);
  if (!interpreter.usable()) {
    throw UserError("the default interpreter " + paths.default_libpython.string() + ": " +
                    interpreter.unusable + ", or choose another by --python=SPEC");
  }
  return interpreter;
}

// Facts::kAll, because the executable that by place and name belongs to a libpython may be another's.
Interpreter guest_in(const std::string& spec, const SearchPaths& paths) {
  Interpreter interpreter = resolve_interpreter(spec.substr(kGuest.size()), paths, Facts::kAll);
  if (interpreter.executable.empty()) refuse(spec, "no executable of it is known: name that");
  interpreter = as_guest(std::move(interpreter));
  if (!interpreter.usable()) {
    refuse(spec, "harness cannot be a guest in it: " + interpreter.unusable + ": leave out " +
                     std::string(kGuest) + " to load its libpython");
  }
  return interpreter;
}

}  // namespace

Interpreter resolve_interpreter(const std::string& spec, const SearchPaths& paths, Facts facts) {
  if (spec.starts_with(kGuest)) return guest_in(spec, paths);
  if (spec.empty()) return from_default(paths, facts);
  if (const auto asked = parse_version(spec)) return from_version(spec, *asked, paths, facts);
  std::filesystem::path file = with_home(spec, paths);
  std::error_code error;
  if (spec.find('/') == std::string::npos && !std::filesystem::is_regular_file(file, error)) {
    const auto command = command_on_path(spec, paths);
    if (!command) {
      refuse(spec,
             "no such command on PATH and no such file: name an executable, a libpython*.so, or a version "
             "such as 3.13 or 3.13t; --list-pythons shows what there is");
    }
    file = *command;
  }
  Interpreter interpreter =
      is_meant_as_libpython(file) ? from_libpython(file, facts) : probe_executable(file);
  if (!interpreter.usable()) refuse(spec, interpreter.unusable);
  return interpreter;
}

}  // namespace harness
