# harness/setup.sh: what run.sh and test.sh share: installs what is missing, configures, builds. Sourced.
# Says everything on standard error: standard output belongs to the program.

root=$(cd "$(dirname "$0")" && pwd)

build_packages="g++ cmake ninja-build libpython3-dev libbenchmark-dev libopencv-core-dev libopencv-imgproc-dev
    libopencv-imgcodecs-dev libhwy-dev libcli11-dev nlohmann-json3-dev libmd-dev zlib1g-dev libboost-dev"

say() {
    echo "$@" >&2
}

# The packages of the list that are not installed.
missing_packages() {
    installed=$(dpkg-query -W -f '${binary:Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
        sed -n 's/^\([^ :]*\)[^ ]* installed$/\1/p')
    for package in "$@"; do
        echo "$installed" | grep -qxF "$package" || echo "$package"
    done
}

# Installs what of the list is missing. Needs neither root nor network when nothing is.
install_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "There is no apt-get here. This needs what Debian calls: $(echo "$@" | tr -s ' \n' ' ')"
        say "Install these, then:  cmake --preset release && cmake --build build && build/harness"
        exit 1
    fi
    missing=$(missing_packages "$@" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    sudo=
    if [ "$(id -u)" != 0 ]; then
        sudo=sudo
        if ! command -v sudo >/dev/null 2>&1; then
            say "These packages are missing, and there is no sudo. As root: apt-get install $missing"
            exit 1
        fi
    fi
    say "Installing: $missing"
    $sudo apt-get update -q >&2
    # shellcheck disable=SC2086  # a list of words
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >&2
}

# Configures build/ where it is not yet, or where arguments for CMake are given; builds it.
build() {
    if [ $# -gt 0 ] || [ ! -e "$root/build/build.ninja" ]; then
        (cd "$root" && cmake --preset release "$@") >&2
    fi
    if [ -e "$root/build/harness" ]; then
        cmake --build "$root/build" -- --quiet >&2
    else
        cmake --build "$root/build" >&2
    fi
}
