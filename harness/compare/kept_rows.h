// harness/compare/kept_rows.h: of a process's result what a comparison asks for, in a file of its own.
//
// A result.json is many times as large: every counter of every repetition, aggregates. A merge of many
// machines would spend its time reading what it throws away.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/compare/finished_process.h"

namespace harness {

/// Beside the result.json of each process of a part.
inline constexpr const char* kKeptRows = "rows.json";

/// The process's rows, each with its times, its counters and its item's unit; and the context. The process
/// has not failed.
std::string kept_rows_text(const FinishedProcess& finished);

/// What kept_rows_text() has made, without the round. Nothing where `text` is none of it.
std::optional<FinishedProcess> finished_of_kept_rows(const std::string& text);

}  // namespace harness
