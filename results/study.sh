#!/bin/sh
# results/study.sh --out=DIR SPEC... [-- FLAG...]: what several CPythons make of all workloads, in every way, and what
# their threads contend for; then all of it on one page, DIR/study.html.
#
# SPEC is what --python takes: 3.14, 3.14t, an executable, a virtual environment's. An interpreter whose build has a JIT
# is run with and without it. The FLAGs go to every run. What a call has finished the next one does not repeat, so that a
# study which was interrupted goes on by the same command.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
harness=$(realpath "${HARNESS:-$root/build/harness}")
out=
specs=
while [ $# -gt 0 ]; do
    case $1 in
        --out=?*) out=${1#--out=} ;;
        --) shift; break ;;
        -*) echo "study.sh: $1: give --out=DIR, interpreters, and behind -- flags for every run" >&2; exit 2 ;;
        *) specs="$specs
$1" ;;
    esac
    shift
done
if [ -z "$out" ] || [ -z "$specs" ]; then
    echo "study.sh: give --out=DIR and one interpreter or more, for instance 3.13 3.14 3.14t" >&2
    exit 2
fi
mkdir -p "$out"

# step NAME FLAG...: a run with a folder of its own, unless it is there. Rows that fail are on the page, too.
step() {
    name=$1
    shift
    if [ -e "$out/$name/done" ]; then return; fi
    echo "$name" >&2
    rm -rf "${out:?}/$name"
    status=0
    "$harness" "$@" --out="$out/$name" --format=csv --no-pictures > /dev/null || status=$?
    if [ "$status" -gt 1 ]; then exit "$status"; fi
    touch "$out/$name/done"
}

# unless_given FLAG WORD...: the flag, unless one of the words is it with another value.
unless_given() {
    flag=$1
    shift
    for word in "$@"; do
        if [ "${word%%=*}" = "${flag%%=*}" ]; then return; fi
    done
    echo "$flag"
}

# What the context of a run says of KEY.
context() {
    sed -n "s/^ *\"$2\": \"\(.*\)\",*\$/\1/p" "$out/$1/result.json" | head -n 1
}

# study LABEL SPEC FLAG...: all that is run of one interpreter alone.
study() {
    label=$1 python=$2
    shift 2
    step "$label/workloads" --python="$python" --threads=1,2 \
        --filter='^(countdown|sum_of_squares|grayscale)/' "$@"
    # shellcheck disable=SC2046  # a flag or none
    step "$label/start" --python="$python" --threads=1,2 --filter='^start/' $(unless_given --repetitions=1 "$@") "$@"
    step "$label/contention" --python="$python" --threads=1,2 --workload="$root/scripts/contention.py" "$@"
    parts="$parts $label/workloads $label/start $label/contention"
}

parts=
compared=
number=0
IFS='
'
for spec in $specs; do
    unset IFS
    number=$((number + 1))
    # A glance at it says what it is called.
    step "glance-$number" --python="$spec" --filter='^countdown/python/' --countdown-steps=1000 --repetitions=1 \
        --min-time=0.001
    version=$(context "glance-$number" python_version)
    label=${version%% *}
    if [ "$(context "glance-$number" python_free_threaded_build)" = true ]; then label=${label}t; fi
    case $(context "glance-$number" jit) in
        on | off) states='0 1' ;;
        *) states= ;;
    esac
    if [ -z "$states" ]; then
        study "$label" "$spec" "$@"
        compared="$compared
--python=$label=$spec"
    fi
    for state in $states; do
        with=$label-jit-$(if [ "$state" = 1 ]; then echo on; else echo off; fi)
        study "$with" "$spec,PYTHON_JIT=$state" "$@"
        compared="$compared
--python=$with=$spec,PYTHON_JIT=$state"
    done
    IFS='
'
done
unset IFS

if [ "$(echo "$compared" | wc -l)" -gt 2 ] && [ ! -e "$out/comparison/comparison.json" ]; then
    echo comparison >&2
    status=0
    if [ -e "$out/comparison/journal.jsonl" ]; then
        "$harness" --resume="$out/comparison" --format=csv > /dev/null || status=$?
    else
        IFS='
'
        # shellcheck disable=SC2046,SC2086  # a word a line
        "$harness" $compared --threads=1,2 $(unless_given --rounds=10 "$@") $(unless_given --min-time=0.1 "$@") \
            $(unless_given --repetitions=1 "$@") --filter='^(countdown|sum_of_squares|grayscale)/(python|native)' "$@" --out="$out/comparison" --format=csv \
            > /dev/null || status=$?
        unset IFS
    fi
    if [ "$status" -gt 1 ]; then exit "$status"; fi
fi

cd "$out"
# shellcheck disable=SC2086  # labels have no blanks
if [ -e comparison ]; then set -- comparison $parts; else set -- $parts; fi
"$harness" report "$@" --out=study.html
