// harness/embed/embed_case_code.h: the cases of where a script's code comes from.
#pragma once

#include "harness/embed/embed_case_support.h"

namespace harness::embed {

void unmarshals_code_that_import_would_compile(const Surroundings& around);
void compiles_code_where_it_is_asked_to(const Surroundings& around);
void keeps_code_in_its_own_cache_alone(const Surroundings& around);
void loads_code_that_the_cache_has(const Surroundings& around);
void never_runs_the_code_of_an_older_text(const Surroundings& around);
void replaces_damaged_code(const Surroundings& around);
void does_without_a_cache_that_cannot_be_written(const Surroundings& around);
void writes_no_code_where_the_user_forbids_it(const Surroundings& around);
void shows_the_source_of_unmarshalled_code(const Surroundings& around);
void shows_no_frame_of_import(const Surroundings& around);

}  // namespace harness::embed
