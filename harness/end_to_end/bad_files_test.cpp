// harness/end_to_end/bad_files_test.cpp: a stored file that takes all memory.
#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"

namespace harness::bad_files_test {
namespace {

using BadFiles = ProgramTest;

TEST_F(BadFiles, AreRefusedWhereTheyAreTooLarge) {
  const std::string large = folder().write("large.json", "").string();
  std::filesystem::resize_file(large, kMostFileBytes + 1);  // all hole
  Command comparison = command({});
  comparison.argv = {comparison.argv.front(), "compare", large, large};
  expect_refused(run_subprocess(comparison, kPatience), {large, "larger than 128 MiB"});
  const std::filesystem::path journal = folder().write("begun/journal.jsonl", "{}\n");
  std::filesystem::resize_file(journal, kMostFileBytes + 1);
  Command resumption = command({});
  resumption.argv = {resumption.argv.front(), "--resume=begun"};
  expect_refused(run_subprocess(resumption, kPatience), {"journal.jsonl", "larger than 128 MiB"});
  EXPECT_EQ(std::filesystem::file_size(journal), kMostFileBytes + 1);  // it is nobody's to be cut
}

TEST_F(BadFiles, AreToldFromOthersByTheHelp) {
  const std::string limit = std::to_string(kMostFileMebibytes) + " MiB";
  for (const std::string command : {"compare", "gil-report"}) {
    expect_holds(run_subprocess({.argv = {HARNESS_PROGRAM, command, "--help"}}, kPatience).standard_output,
                 {limit});
  }
}

}  // namespace
}  // namespace harness::bad_files_test
