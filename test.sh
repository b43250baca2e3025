#!/bin/sh
# ./test.sh [ctest arguments]: installs what is missing, builds, and runs every test, one more at a time than there are
# cores, since many sleep; ./test.sh -j1 runs one at a time.
set -eu
. "$(dirname "$0")/harness/setup.sh"

# shellcheck disable=SC2086  # a list of words
install_packages $build_packages libgtest-dev python3 binutils ocl-icd-libopencl1 pocl-opencl-icd python3-matplotlib python3-jinja2
build -DHARNESS_TESTS=ON
ctest --test-dir "$root/build" --output-on-failure -j "$(($(nproc) + 1))" "$@"
