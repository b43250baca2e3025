#!/bin/sh
# harness/get_cpython.sh: a CPython with a shared libpython, built from Debian's source package. See --help.
set -eu
# shellcheck source=/dev/null  # checked by itself
. "$(dirname "$0")/setup.sh"

# What CPython and the modules of its standard library are built with.
cpython_packages="gcc libc6-dev make pkg-config xz-utils libbz2-dev libffi-dev liblzma-dev libsqlite3-dev
    libssl-dev zlib1g-dev"

usage() {
    cat <<'END'
harness/get_cpython.sh VERSION [t | --jit] [--into=FOLDER] [--sha256=SUM]

Builds that CPython from Debian's source package, with a shared libpython, and prints its prefix. Takes some
minutes; where it is there already, it takes none.

  build/harness --python="$(harness/get_cpython.sh 3.14.7 t)/bin/python3"

  VERSION        3.13.15, 3.14.7 or 3.15.0rc2; another one that Debian has, with --sha256
  t              free-threaded (./configure --disable-gil), from 3.13 on
  --jit          with the experimental JIT, off unless PYTHON_JIT=1
                 (./configure --enable-experimental-jit=yes-off): 3.14 by clang-19, 3.15 by clang-21
  --into=FOLDER  where FOLDER/VERSION[t|-jit] is made; else $XDG_CACHE_HOME/harness/cpython, else
                 ~/.cache/harness/cpython
  --sha256=SUM   of the source archive, which names it as the one that is meant
  --packages     prints the Debian packages that a build needs
  --help         prints this

It is built without profile-guided optimisation and is slower than Debian's own: compare it with others that
are built so. It has no pip of its own; what `bin/python3 -m venv FOLDER` makes has one.
END
}

fail() {
    say "get_cpython.sh: $*"
    exit 1
}

refuse() {
    say "get_cpython.sh: $*; --help lists what it takes"
    exit 2
}

version='' threads='' jit='' sum=''
into=${XDG_CACHE_HOME:-$HOME/.cache}/harness/cpython
for argument in "$@"; do
    case $argument in
        --help) usage && exit ;;
        --packages) echo "$cpython_packages" | xargs -n 1 && exit ;;
        --into=?*) into=${argument#*=} ;;
        --sha256=?*) sum=${argument#*=} ;;
        t) threads=t ;;
        --jit) jit=-jit ;;
        [0-9]*) version=$argument ;;
        *) refuse "$argument is none of its arguments" ;;
    esac
done
case $version in *[0-9]t) version=${version%t} threads=t ;; esac

[ -n "$version" ] || refuse "which VERSION?"
echo "$version" | grep -qxE '3\.[0-9]+\.[0-9]+((a|b|rc)[0-9]+)?' ||
    refuse "$version is no whole version, such as 3.14.7 or 3.15.0rc2"
series=${version%.*}
[ -z "$threads" ] || [ "${series#3.}" -ge 13 ] || refuse "$version has no free-threaded build, which 3.13 has first"
llvm=
if [ -n "$jit" ]; then
    # It would be built and never used (gh-133171): 3.14's configure refuses it, 3.15's warns.
    [ -z "$threads" ] || refuse "a free-threaded CPython makes no use of a JIT: t or --jit"
    # Each version's Tools/jit/_llvm.py names the one that it takes.
    case $series in
        3.14) llvm=19 ;;
        3.15) llvm=21 ;;
        *) refuse "only 3.14 and 3.15 are built with a JIT here" ;;
    esac
fi
if [ -z "$sum" ]; then
    case $version in
        3.13.15) sum=1e66a7945a48390ee4c2a4268a0e4185884059a13c4aab6d148aa208deea4a76 ;;
        3.14.7) sum=3b48dac8fb59f62eaa67ac83c1eb12bda1b7a08406dd286e252c11a66be27f81 ;;
        3.15.0rc2) sum=8d93af5eaaaea5adfd41bd786a7ba3f03f2ad1ab57c6a65e0b963deab91d5ad7 ;;
        *) refuse "the checksum of $version is not known here: give --sha256=SUM, that of its source archive" ;;
    esac
fi

mkdir -p "$into"
into=$(cd "$into" && pwd)
case $into in *[[:space:]:]*) refuse "--into=$into: CPython's build takes no blank and no colon in its path" ;; esac
name=$version$threads$jit
prefix=$into/$name
if [ -x "$prefix/bin/python3" ]; then
    echo "$prefix"
    exit
fi

if command -v dpkg-query >/dev/null 2>&1; then
    # shellcheck disable=SC2086  # a list of words
    missing=$(missing_packages $cpython_packages | tr '\n' ' ')
    [ -z "$missing" ] || fail "These packages are missing. As root: apt-get install $missing"
fi

if [ -n "$llvm" ]; then
    for tool in python3 "clang-$llvm" "llvm-readobj-$llvm" "llvm-objdump-$llvm" "llvm-dwarfdump-$llvm"; do
        command -v "$tool" >/dev/null ||
            fail "The JIT of $series needs $tool. As root: apt-get install python3 clang-$llvm llvm-$llvm"
    done
fi

# All is made in here, on the same file system as its place.
building=$(mktemp -d "$into/.building.XXXXXX")
trap 'rm -rf "$building"' EXIT
trap 'exit 1' HUP INT TERM
log=$into/$name.log

archive=python${series}_$(echo "$version" | sed 's/[abr]/~&/').orig.tar.xz
source=$into/sources/$archive

# From the first of the mirrors in apt's own configuration that has it.
fetch() {
    say "Fetching $archive"
    : >"$log"
    # shellcheck disable=SC2016  # apt-get's own variable
    for mirror in $(apt-get indextargets --format '$(REPO_URI)' | sort -u); do
        /usr/lib/apt/apt-helper download-file "${mirror%/}/pool/main/p/python$series/$archive" \
            "$building/$archive" "SHA256:$sum" >>"$log" 2>&1 || continue
        mkdir -p "$into/sources"
        mv "$building/$archive" "$source"
        return
    done
    cat "$log" >&2
    fail "No mirror that apt knows gave $archive with that checksum. Put that file into $into/sources"
}

build() {
    mkdir "$building/source"
    tar -xJf "$source" -C "$building/source" --strip-components=1
    cd "$building/source"
    ./configure -q --prefix="$prefix" --enable-shared ${threads:+--disable-gil} \
        ${jit:+--enable-experimental-jit=yes-off PYTHON_FOR_REGEN=python3} --without-ensurepip \
        --without-static-libpython --disable-test-modules LDFLAGS="${LDFLAGS-} -Wl,-rpath,$prefix/lib"
    make -s -j "$(nproc)"
    make -s install DESTDIR="$building/root"
    LD_LIBRARY_PATH=$building/root$prefix/lib "$building/root$prefix/bin/python3" -c "
import bz2, ctypes, lzma, platform, sqlite3, ssl, sys, sysconfig, zlib
assert platform.python_version() == '$version', platform.python_version()
assert bool(sysconfig.get_config_var('Py_GIL_DISABLED')) == bool('$threads')
assert not '$jit' or sys._jit.is_available()"
}

[ -e "$source" ] || fetch
echo "$sum  $source" | sha256sum -c --quiet - >&2 || fail "$source is not the archive of that checksum. Remove it"
say "Building $prefix; what make says is in $log"
# Not "(build) || fail": -e would not hold within it.
set +e
(set -e; build) >"$log" 2>&1
status=$?
set -e
if [ "$status" != 0 ]; then
    tail -n 20 "$log" >&2
    fail "CPython could not be built; $log has it all"
fi
# Another call may have been faster: then its result stays.
mv -T "$building/root$prefix" "$prefix" 2>/dev/null || [ -x "$prefix/bin/python3" ] || fail "$prefix cannot be made"
echo "$prefix"
