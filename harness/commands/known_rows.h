// harness/commands/known_rows.h: what the program knows of its own rows, for those that it reads by name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/row/row_id.h"
#include "harness/row/traits.h"

namespace harness {

/// Nothing where the row is none of this program's own.
std::optional<Traits> traits_of_known_row(const RowId& id);

/// Whether the row runs only where a filter takes it, as far as its name says. One of a workload that is not
/// this program's is a user's.
bool is_on_request(const RowId& id);

/// The workloads all of whose rows run only where a filter takes them, and of the others such strategies.
std::vector<std::string> names_on_request();

}  // namespace harness
