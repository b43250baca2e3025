// harness/report/break_even_sentence.cpp: from which length of a task on two workers are worth it, in a
// sentence.
#include "harness/report/break_even_sentence.h"

#include <cctype>

#include "harness/row/format.h"

namespace harness {
namespace {

/// One of the workers of the way start/break_even/WAY. `version`: of the interpreter that threads are of.
std::string worker_of(const RowId& id, const Traits& traits, const std::string& version) {
  const std::string method = id.value_of("start");
  return (traits.worker.empty() ? id.value_of("") : traits.worker) +
         (method.empty() ? "" : " (" + method + ")") +
         // Threads pay on some interpreters, and on others they do not.
         (traits.shares_gil && !version.empty() ? " of " + version : "");
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
    const std::string worker = worker_of(row.id, row.traits, version);
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

std::string break_even_sentence(const RowId& id, const Traits& traits,
                                const std::vector<std::pair<std::string, double>>& from_ns) {
  std::string pays;
  for (const auto& [label, ns] : from_ns)
    add(pays, format_time(ns * 1e-9) + (pays.empty() ? " a task" : "") + " on " + label);
  return pays.empty() ? "" : capitalised(worker_of(id, traits, "")) + " pays from " + pays + ".";
}

}  // namespace harness
