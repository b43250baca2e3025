// harness/interpreter/fake_python.h: for the tests, interpreters made of a shell script and a fake libpython.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "harness/interpreter/probe_script.h"
#include "harness/interpreter/version.h"
#include "harness/system/test_folder.h"

namespace harness {

/// What kProbeScript prints, as it comes from an interpreter of `version` that knows nothing else but
/// `facts`.
inline std::string fake_answer(std::string_view version, std::map<std::string, std::string> facts = {}) {
  const Version parsed = parse_version(version).value_or(Version{});
  facts.insert({{"version", std::string(version)},
                {"major", std::to_string(parsed.major)},
                {"minor", std::to_string(parsed.minor.value_or(0))},
                {"implementation", "cpython"},
                {"multiarch", "some-linux-gnu"}});
  for (const char* const key :
       {"executable", "free_threaded", "debug", "prefix", "exec_prefix", "base_prefix", "platform", "machine",
        "config_args", "compiler", "cflags", "shared", "soname", "library", "library_folder"}) {
    facts.try_emplace(key, "");
  }
  std::string json = R"("sys_path": ["/some/folder"], "mapped_libpythons": [])";
  for (const auto& [key, value] : facts) json += ", \"" + key + "\": \"" + value + "\"";
  return std::string(kProbeBegin) + "{" + json + "}" + std::string(kProbeEnd);
}

/// A script at folder/name that answers so.
inline std::filesystem::path write_fake_python(const TestFolder& folder, const std::filesystem::path& name,
                                               const std::string& answer) {
  return folder.write_script(name, "cat <<'END'\n" + answer + "\nEND");
}

/// An interpreter in folder/name as pyenv and uv lay it out: bin/python3 and lib/<library's name>, the latter
/// a copy of `library`. Returns its prefix.
inline std::filesystem::path write_fake_installation(const TestFolder& folder,
                                                     const std::filesystem::path& name,
                                                     std::string_view version,
                                                     const std::filesystem::path& library,
                                                     std::map<std::string, std::string> facts = {}) {
  const auto prefix = folder.path() / name;
  std::filesystem::create_directories(prefix / "lib");
  std::filesystem::copy_file(library, prefix / "lib" / library.filename());
  facts.insert({{"prefix", prefix.string()},
                {"base_prefix", prefix.string()},
                {"executable", (prefix / "bin/python3").string()}});
  write_fake_python(folder, name / "bin/python3", fake_answer(version, facts));
  return prefix;
}

}  // namespace harness
