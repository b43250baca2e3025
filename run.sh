#!/bin/sh
# ./run.sh [harness arguments]: installs what is missing, builds, and runs. `./run.sh --help` lists the arguments.
set -eu
. "$(dirname "$0")/harness/setup.sh"

# shellcheck disable=SC2086  # a list of words
install_packages $build_packages
build
exec "$root/build/harness" "$@"
