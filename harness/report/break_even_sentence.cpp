// harness/report/break_even_sentence.cpp: from which length of a task on two workers are worth it, in a
// sentence.
#include "harness/report/break_even_sentence.h"

#include <cctype>
#include <functional>
#include <map>

#include "harness/row/format.h"

namespace harness {
namespace {

/// The way of start/break_even/WAY as one of its workers. `version`: of the interpreter that threads are of.
std::string worker_of(const RowId& id, const std::string& version) {
  static const std::map<std::string, std::string, std::less<>> kWorkers{
      {"python_threads", "a thread"},
      {"subinterpreters", "a subinterpreter"},
      {"processes", "a process"},
      {"thread_pool", "a thread pool"},
      {"interpreter_pool", "an interpreter pool"},
      {"process_pool", "a process pool"}};
  const std::string way = id.value_of("");
  const auto found = kWorkers.find(way);
  const std::string method = id.value_of("start");
  // Threads pay on some interpreters, and on others they do not.
  const bool is_thread = way == "python_threads" || way == "thread_pool";
  return (found == kWorkers.end() ? way : found->second) + (method.empty() ? "" : " (" + method + ")") +
         (is_thread && !version.empty() ? " of " + version : "");
}

void add(std::string& text, const std::string& more) {
  text += (text.empty() ? "" : ", ") + more;
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace

std::string break_even_sentence(const std::vector<Row>& rows, const std::string& version) {
  std::string pays, never;
  double longest_ns = 0;
  for (const Row& row : rows) {
    if (!row.ok()) continue;
    const std::string worker = worker_of(row.id, version);
    const auto from_ns = row.counter("break_even_ns");
    if (from_ns)
      add(pays, worker + (pays.empty() ? " pays" : "") + " from " + format_time(*from_ns * 1e-9) +
                    (pays.empty() ? " a task" : ""));
    const auto none_ns = row.counter("no_break_even_ns");
    if (!from_ns && none_ns) {
      add(never, worker);
      longest_ns = *none_ns;
    }
  }
  std::string text = pays.empty() ? "" : pays + ".";
  if (!never.empty()) {
    text += (text.empty() ? "" : " ") + ("Two workers do not pay up to " + format_time(longest_ns * 1e-9)) +
            " a task: " + never + ".";
  }
  return capitalised(text);
}

std::string break_even_sentence(const RowId& way,
                                const std::vector<std::pair<std::string, double>>& from_ns) {
  std::string pays;
  for (const auto& [label, ns] : from_ns)
    add(pays, format_time(ns * 1e-9) + (pays.empty() ? " a task" : "") + " on " + label);
  return pays.empty() ? "" : capitalised(worker_of(way, "")) + " pays from " + pays + ".";
}

}  // namespace harness
