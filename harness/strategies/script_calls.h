// harness/strategies/script_calls.h: what strategies share that call a script's run().
#pragma once

#include <cstdint>

#include "harness/embed/api.h"
#include "harness/strategies/job.h"

namespace harness {

/// How many of the job's items a script in Python does, where it does the `part`th part of what others do: in
/// whole rows, where it is an image.
std::int64_t script_items(const Job& job, std::int64_t part);

/// CPython 3.11 specialises a function's code at its eighth call, however long its loops have run by then
/// (_PyCode_Warmup, which a while loop's backward jump does not reach): the first rows would be timed
/// without. So this calls it some times on empty slices, which any split of `items` may have; what they
/// raise, the verified run raises again. By an attached thread.
void warm_up_script(const embed::Api& api, embed::Script* script, const Job& job, std::int64_t items);

/// Throws NotApplicable where the script's error is that of a library which does not load in a
/// subinterpreter: it says so itself, as CPython words it for every library
/// (_PyImport_CheckSubinterpIncompatibleExtensionAllowed).
void require_for_subinterpreters(const embed::ScriptError& error);

}  // namespace harness
