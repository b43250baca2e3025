// harness/end_to_end/trace_fixture.cpp: what the tests of `harness trace` ask of its reports.
#include "harness/end_to_end/trace_fixture.h"

#include <algorithm>

#include "harness/interpreter/elf_file.h"
#include "harness/system/text.h"

namespace harness {

Json TraceTest::report() const {
  return Json::parse(read_text_file(report_file()).value_or("null"));
}

void expect_as_under_python(const ProcessResult& traced, const ProcessResult& plain) {
  EXPECT_FALSE(traced.timed_out);
  EXPECT_EQ(traced.exit_code, plain.exit_code) << traced.standard_error;
  EXPECT_EQ(traced.signal, plain.signal) << traced.standard_error;
  EXPECT_EQ(traced.standard_output, plain.standard_output);
  const std::size_t own = plain.standard_error.size();
  EXPECT_EQ(traced.standard_error.substr(0, own), plain.standard_error);
  EXPECT_TRUE(traced.standard_error.substr(std::min(own, traced.standard_error.size()))
                  .starts_with("\nharness trace\n"))
      << traced.standard_error;
}

std::vector<Json> with(const Json& list, const std::string& name, const std::string& value) {
  std::vector<Json> found;
  for (const Json& member : list.elements()) {
    if (member.text(name, "") == value) found.push_back(member);
  }
  return found;
}

Json thread_of(const Json& report, double os_id) {
  for (const Json& thread : report.at("threads").elements()) {
    if (thread.number("os_id", 0) == os_id) return thread;
  }
  ADD_FAILURE() << "no thread " << os_id << " in " << report.at("threads");
  return {};
}

Json thread_named(const Json& report, const std::string& name) {
  const auto threads = with(report.at("threads"), "name", name);
  if (!threads.empty()) return threads.front();
  ADD_FAILURE() << "no thread '" << name << "' in " << report.at("threads");
  return {};
}

bool has_symbols(const Interpreter& python) {
  const auto elf = ElfFile::open(code_file(python));
  if (!elf) return false;
  const auto functions = elf->functions();
  return std::ranges::any_of(functions, [](const ElfFunction& function) {
    return function.name.find("thread_lock_acquire") != std::string::npos ||
           function.name.find("lock_PyThread_acquire_lock") != std::string::npos;
  });
}

std::string lock_name(const Interpreter& python) {
  if (has_symbols(python)) return "a threading.Lock";
  // Debian's 3.13 waits in a function that has no name, because the one that has is a part of it there.
  return python.minor < 13 ? "a lock" : "unknown";
}

std::string notes_of(const Json& report) {
  std::string notes;
  for (const Json& note : report.at("notes").elements()) notes += note.text() + "\n";
  return notes;
}

}  // namespace harness
