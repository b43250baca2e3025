"""What the tests of pages need, and how they end where it is missing."""
import contextlib
import os
import shutil
import sys

SKIPPED = 77  # as CTest is told


def end_without(modules, programs=()):
    """Ends a test that lacks one of these: as skipped, or as failed where HARNESS_TEST_REQUIRE has the word browser."""
    if lacks := list(missing(modules, programs)):
        print(f"there is no {', '.join(lacks)}", file=sys.stderr)
        sys.exit(1 if "browser" in os.environ.get("HARNESS_TEST_REQUIRE", "").split(",") else SKIPPED)


def missing(modules, programs):
    for module in modules:
        with contextlib.suppress(ImportError):
            __import__(module)
            continue
        yield module
    for program in programs:
        if shutil.which(program) is None:
            yield program
