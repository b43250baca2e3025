// harness/end_to_end/bad_interpreters_test.cpp: every --python that cannot be embedded, made of fakes so that
// it does not matter what this machine has.
#include <elf.h>

#include "harness/end_to_end/test_program.h"
#include "harness/interpreter/fake_python.h"
#include "harness/system/text.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

#ifdef __aarch64__
constexpr unsigned char kOtherMachine = EM_X86_64;
#else
constexpr unsigned char kOtherMachine = EM_AARCH64;
#endif

/// The start of a shared library for a machine that this one is not.
std::string foreign_elf() {
  std::string header(sizeof(Elf64_Ehdr), '\0');
  header.replace(0, SELFMAG, ELFMAG);
  header[EI_CLASS] = ELFCLASS64;
  header[EI_DATA] = ELFDATA2LSB;
  header[EI_VERSION] = EV_CURRENT;
  header[EI_NIDENT] = ET_DYN;
  header[EI_NIDENT + 2] = static_cast<char>(kOtherMachine);
  return header;
}

fs::path executable(const fs::path& file) {
  fs::permissions(file, fs::perms(0755));
  return file;
}

fs::path answering(const TestFolder& folder, std::string_view version,
                   std::map<std::string, std::string> facts = {}) {
  return write_fake_python(folder, "python", fake_answer(version, std::move(facts)));
}

struct BadInterpreter {
  const char* label;
  fs::path (*make)(const TestFolder& folder);  ///< makes it, and says how --python names it
  std::vector<std::string> message;            ///< what it must hold besides --python=SPEC
};

std::ostream& operator<<(std::ostream& out, const BadInterpreter& bad) {
  return out << bad.label;
}

const std::vector<BadInterpreter> kBadInterpreters{
    {"Missing", [](const TestFolder&) -> fs::path { return "no/such/python"; }, {"no such file"}},
    {"UnknownCommand",
     [](const TestFolder&) -> fs::path { return "nosuchpython"; },
     {"no such command on PATH", "--list-pythons"}},
    {"UnknownVersion",
     [](const TestFolder&) -> fs::path { return "3.99"; },
     {"no such CPython", "Found: ", "uv python install 3.99"}},
    {"Folder", [](const TestFolder& folder) { return folder.path(); }, {"it is a folder", "bin/python3"}},
    {"NotExecutable",
     [](const TestFolder& folder) { return folder.write("python", "#!/bin/sh\n"); },
     {"it is not executable", "chmod +x"}},
    {"TextFile",
     [](const TestFolder& folder) { return executable(folder.write("python", "print('no Python')\n")); },
     {"neither a program nor a script", "name a Python executable"}},
    {"AnotherProgram",
     [](const TestFolder&) -> fs::path { return "/bin/true"; },
     {"does not answer as a Python does", "name a Python executable"}},
    {"FailingScript",
     [](const TestFolder& folder) { return folder.write_script("python", "echo no luck >&2; exit 3"); },
     {"exit code 3", "no luck", "name a Python executable"}},
    {"DyingScript",
     [](const TestFolder& folder) { return folder.write_script("python", "kill -SEGV $$"); },
     {"ended by signal 11", "name a Python executable"}},
    {"Python2",
     [](const TestFolder& folder) { return answering(folder, "2.7.18"); },
     {"it is Python 2.7.18", "3.9 or newer"}},
    {"TooOld",
     [](const TestFolder& folder) { return answering(folder, "3.8.18"); },
     {"it is Python 3.8.18", "3.9 or newer"}},
    {"NotCPython",
     [](const TestFolder& folder) {
       return answering(folder, "3.10.14", {{"implementation", "pypy"}});
     },
     {"pypy", "CPython"}},
    {"WithoutALibpython",
     [](const TestFolder& folder) {
       return answering(folder, "3.12.4", {{"base_prefix", "/opt/python"}});
     },
     {"built without a shared libpython", "cannot be a guest", "--enable-shared", "uv python install 3.12"}},
    {"WithoutALibpythonOrAnApi",
     [](const TestFolder& folder) {
       return answering(folder, "3.12.4", {{"executable", "/bin/true"}});
     },
     {"built without a shared libpython", "does not export Python's C API", "--enable-shared"}},
    {"WithoutALibpythonFromPyenv",
     [](const TestFolder& folder) {
       return answering(folder, "3.12.4", {{"base_prefix", "/home/me/.pyenv/versions/3.12.4"}});
     },
     {"PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force 3.12.4"}},
    {"ItsLibpythonIsNotInstalled",
     [](const TestFolder& folder) {
       return answering(folder, "3.12.4", {{"base_prefix", "/usr"}, {"shared", "1"}});
     },
     {"libpython3.12.so.1.0", "is not found", "apt install libpython3.12"}},
    {"ExecutableOfAnotherArchitecture",
     [](const TestFolder& folder) { return executable(folder.write("python", foreign_elf())); },
     {"it is built for 64-bit", "name one of the same architecture"}},
    {"LibpythonOfAnotherArchitecture",
     [](const TestFolder& folder) { return folder.write("libpython3.12.so.1.0", foreign_elf()); },
     {"it is built for 64-bit", "name one of the same architecture"}},
    {"LibpythonMissing",
     [](const TestFolder& folder) { return folder.path() / "libpython3.12.so.1.0"; },
     {"no such file"}},
    {"LibpythonIsText",
     [](const TestFolder& folder) { return folder.write("libpython3.12.so.1.0", "INPUT(-lpython3.12)\n"); },
     {"not an ELF shared library", "name a libpython*.so"}},
    {"LibpythonCutShort",
     [](const TestFolder& folder) {
       const std::string whole = read_text_file(FAKE_LIBPYTHON_GIL).value_or("");
       return folder.write("libpython3.77.so.1.0", whole.substr(0, whole.size() / 2));
     },
     {"not a libpython", "name a libpython3.X.so"}},
    {"LibpythonTooOld",
     [](const TestFolder&) -> fs::path { return FAKE_LIBPYTHON_OLD; },
     {"it is Python 3.8.18", "3.9 or newer"}},
    // It says that it is one, but nothing can be called.
    {"LibpythonWithoutAnythingInIt",
     [](const TestFolder&) -> fs::path { return FAKE_LIBPYTHON_GIL; },
     {"cannot load", "undefined symbol"}},
};

class BadInterpretersTest : public ProgramTest, public testing::WithParamInterface<BadInterpreter> {};

TEST_P(BadInterpretersTest, AreRefused) {
  const std::string spec = GetParam().make(folder());
  const auto result = run({"--filter=countdown", "--python=" + spec});
  expect_refused(result, {"--python"});
  expect_holds(result.standard_error, GetParam().message);
  const bool loaded = result.standard_error.find("cannot load") != std::string::npos;
  if (!loaded) expect_holds(result.standard_error, {"--python=" + spec + ": "});
}

INSTANTIATE_TEST_SUITE_P(All, BadInterpretersTest, testing::ValuesIn(kBadInterpreters),
                         [](const auto& tested) { return tested.param.label; });

}  // namespace
}  // namespace harness
