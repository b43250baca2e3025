// harness/testing/pythons.h: the interpreters that tests run on.
#pragma once

#include <filesystem>
#include <vector>

#include "harness/interpreter/interpreter.h"
#include "harness/interpreter/search_paths.h"

namespace harness {

/// Those that the environment variable HARNESS_TEST_PYTHONS names, separated by ':': each a SPEC as --python
/// takes it, or the prefix of an installation. Each has an executable, which has been asked. Throws UserError
/// where harness cannot run one.
std::vector<Interpreter> named_pythons();

/// The default one, known by its libpython alone, and those of named_pythons() that have a libpython. Throws
/// as named_pythons() does.
std::vector<Interpreter> hosted_pythons();

/// This process's search paths, without the default libpython, and before $PATH the folders of
/// named_pythons(): of two that have the same minor version and kind of build the first is found. Throws as
/// named_pythons() does.
SearchPaths test_search_paths();

}  // namespace harness
