// harness/report/break_even_sentence.h: from which length of a task on two workers are worth it, in a
// sentence.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// Of the rows start/break_even/WAY of a run: "A subinterpreter pays from 13.6 µs a task, a thread of 3.14.7t
/// from 6.00 µs."; then those that do not pay. "" where there is no such row. `version`: the interpreter's,
/// which threads are named by; "" where that is not known.
std::string break_even_sentence(const std::vector<Row>& rows, const std::string& version);

/// Likewise of the row `id` on several interpreters, by their labels: "A thread pays from 6.00 µs a task on
/// 3.14t, 5.50 µs on 3.15t."; "" where there is none.
std::string break_even_sentence(const RowId& id, const Traits& traits,
                                const std::vector<std::pair<std::string, double>>& from_ns);

}  // namespace harness
