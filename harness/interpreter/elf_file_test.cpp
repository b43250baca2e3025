// harness/interpreter/elf_file_test.cpp: real libraries, other architectures, and files cut short anywhere.
#include "harness/interpreter/elf_file.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/system/test_folder.h"
#include "harness/system/text.h"

namespace harness {
namespace {

ElfFile open_elf(const std::filesystem::path& path) {
  auto file = ElfFile::open(path);
  EXPECT_TRUE(file) << path;
  return std::move(*file);
}

std::filesystem::path c_library() {
  Dl_info info{};
  // Not a function that sanitizers replace by their own.
  EXPECT_NE(::dladdr(reinterpret_cast<const void*>(&::gnu_get_libc_version), &info), 0);
  return info.dli_fname;
}

std::string fake_library() {
  return read_text_file(FAKE_LIBPYTHON_GIL).value_or("");
}

TEST(ElfFile, KnowsALibraryByItsNameAndSymbols) {
  const ElfFile library = open_elf(c_library());
  EXPECT_EQ(library.architecture(), own_architecture());
  EXPECT_TRUE(library.exports("gnu_get_libc_version"));
  EXPECT_FALSE(library.exports("Py_GetVersion"));
  EXPECT_EQ(library.soname(), "libc.so.6");
}

TEST(ElfFile, TellsLibrariesFromPrograms) {
  EXPECT_TRUE(open_elf(FAKE_LIBPYTHON_GIL).is_shared_library());
  EXPECT_FALSE(open_elf("/proc/self/exe").is_shared_library());
}

// What a library needs from others stands in the same table as what it offers.
TEST(ElfFile, DoesNotTakeAnUndefinedSymbolForAnExport) {
  EXPECT_FALSE(open_elf("/proc/self/exe").exports("dladdr"));
}

TEST(ElfFile, KnowsWhatAProgramAsksFor) {
  const ElfFile program = open_elf("/proc/self/exe");
  EXPECT_TRUE(program.imports("dladdr"));  // which no sanitizer has one of its own of
  EXPECT_FALSE(program.imports("Py_GetVersion"));
  EXPECT_FALSE(open_elf(FAKE_LIBPYTHON_GIL).imports("Py_GetVersion")) << "it has that itself";
  EXPECT_NE(program.loader().filename().string().find("ld-linux"), std::string::npos) << program.loader();
  EXPECT_EQ(open_elf(FAKE_LIBPYTHON_GIL).loader(), "");
}

TEST(ElfFile, ReadsConstants) {
  EXPECT_NE(open_elf(FAKE_LIBPYTHON_GIL).read_only_data().find("3.77.5"), std::string::npos);
}

TEST(ElfFile, IsNotEveryFile) {
  const TestFolder folder;
  EXPECT_FALSE(ElfFile::open(folder.path()));
  EXPECT_FALSE(ElfFile::open(folder.path() / "missing"));
  EXPECT_FALSE(ElfFile::open(folder.write("empty", "")));
  EXPECT_FALSE(ElfFile::open(folder.write("text",
                                          "\x7f"
                                          "EL, but no more than that of ELF")));
}

TEST(ElfFile, NamesOtherArchitecturesAndReadsNoMoreOfThem) {
  const TestFolder folder;
  std::string bytes = fake_library();
  bytes[EI_CLASS] = ELFCLASS32;
  bytes[EI_DATA] = ELFDATA2LSB;
  bytes[EI_NIDENT + 2] = EM_386;
  bytes[EI_NIDENT + 3] = 0;
  const ElfFile x86 = open_elf(folder.write("x86", bytes));
  EXPECT_EQ(describe(x86.architecture()), "32-bit x86");
  EXPECT_FALSE(x86.is_shared_library());
  EXPECT_FALSE(x86.exports("Py_GetVersion"));
  EXPECT_EQ(x86.soname(), "");
  EXPECT_EQ(x86.read_only_data(), "");
  bytes[EI_CLASS] = ELFCLASS64;
  bytes[EI_DATA] = ELFDATA2MSB;
  bytes[EI_NIDENT + 2] = 0;
  bytes[EI_NIDENT + 3] = EM_S390;
  EXPECT_EQ(describe(open_elf(folder.write("s390", bytes)).architecture()), "64-bit s390");
  bytes[EI_NIDENT + 2] = 1;
  bytes[EI_NIDENT + 3] = 0;
  EXPECT_EQ(describe(open_elf(folder.write("unknown", bytes)).architecture()), "64-bit machine 256");
}

TEST(ElfFile, SurvivesBeingCutShortAnywhere) {
  const TestFolder folder;
  const std::string bytes = fake_library();
  ASSERT_GT(bytes.size(), 1000U);
  for (std::size_t size = 20; size < bytes.size(); size += 197) {
    const ElfFile cut = open_elf(folder.write("cut", std::string_view(bytes).substr(0, size)));
    cut.is_shared_library();
    cut.read_only_data();
    // The table of sections stands at the end, so without it nothing is known by name.
    EXPECT_FALSE(cut.exports("Py_GetVersion"));
    EXPECT_EQ(cut.soname(), "");
  }
}

TEST(ElfFile, SurvivesWrongNumbersAnywhere) {
  const TestFolder folder;
  const std::string bytes = fake_library();
  const auto overwrite = [&](std::size_t at) {
    std::string damaged = bytes;
    damaged.replace(at, std::min<std::size_t>(8, damaged.size() - at), 8, '\xff');
    const ElfFile file = open_elf(folder.write("damaged", damaged));
    file.is_shared_library();
    file.exports("Py_GetVersion");
    EXPECT_LE(file.soname().size(), damaged.size());
    EXPECT_LE(file.read_only_data().size(), damaged.size());
  };
  for (std::size_t at = EI_NIDENT + 4; at < sizeof(ElfHeader); ++at) overwrite(at);
  for (std::size_t at = sizeof(ElfHeader); at < bytes.size(); at += 127) overwrite(at);
}

}  // namespace
}  // namespace harness
