#!/bin/sh
# results/study.sh --out=DIR SPEC... [-- FLAG...]: what several CPythons make of all workloads, in every way; what their
# threads contend for, and what each way costs to enter; then all of it on one page, DIR/study.html.
#
# SPEC is what --python takes: 3.14, 3.14t, an executable, a virtual environment's. An interpreter whose build has a JIT
# is there with it and without it. The FLAGs go to every run. What a call has finished the next one does not repeat, so
# that a study which was interrupted goes on by the same command.
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
out=$(realpath "$out")

# run NAME ARGUMENT...: what is printed of it is on the page, rows that fail among it.
run() {
    echo "$1" >&2
    shift
    status=0
    "$harness" "$@" --format=csv >/dev/null || status=$?
    [ "$status" -le 1 ] || exit "$status"
}

# step NAME FLAG...: a run with a folder of its own, unless it is there.
step() {
    name=$1
    shift
    if [ -e "$out/$name/done" ]; then return; fi
    rm -rf "${out:?}/$name"
    run "$name" "$@" --out="$out/$name" --no-pictures
    touch "$out/$name/done"
}

# comparison NAME FLAG...: of all interpreters; one that was interrupted goes on.
comparison() {
    name=$1
    shift
    if [ -e "$out/$name/comparison.json" ] && [ -e "$out/$name/done" ]; then return; fi
    if [ -e "$out/$name/journal.jsonl" ]; then
        run "$name" --resume="$out/$name"
    else
        IFS='
'
        # shellcheck disable=SC2086  # a word a line
        run "$name" $compared "$@" --threads=2 --out="$out/$name"
        unset IFS
    fi
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

# study LABEL SPEC FLAG...: what is run of one interpreter alone; and it takes part in the comparisons.
study() {
    label=$1 python=$2
    shift 2
    compared="$compared
--python=$label=$python"
    # shellcheck disable=SC2046  # a flag or none
    step "$label/start" --python="$python" --threads=2 --filter='^start/' $(unless_given --repetitions=1 "$@") "$@"
    step "$label/timeline" --python="$python" --threads=2 --filter='^countdown/python_threads/' "$@" --repetitions=1 \
        --gil-trace="$out/$label.json.gz"
    starts="$starts $label/start"
    timelines="$timelines $label.json.gz"
    if [ "$(context "$label/start" gil_enabled)" = false ]; then
        step "$label/contention" --python="$python" --threads=2 --workload="$root/scripts/contention.py" \
            --filter='/python' "$@"
        contended="$contended $label/contention"
    fi
}

compared=
starts=
contended=
timelines=
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
        on | off)
            study "$label-jit-off" "$spec,PYTHON_JIT=0" "$@"
            study "$label-jit-on" "$spec,PYTHON_JIT=1" "$@"
            ;;
        *) study "$label" "$spec" "$@" ;;
    esac
    IFS='
'
done
unset IFS

comparisons=
if [ "$(echo "$compared" | wc -l)" -gt 2 ]; then
    # shellcheck disable=SC2046  # flags or none
    set -- $(unless_given --rounds=10 "$@") $(unless_given --repetitions=3 "$@") "$@"
    # shellcheck disable=SC2046  # a flag or none
    comparison workloads --filter='^(countdown|sum_of_squares|grayscale)/' $(unless_given --min-time=0.05 "$@") "$@"
    # shellcheck disable=SC2046  # a flag or none
    comparison contention --workload="$root/scripts/contention.py" --filter='/python' \
        $(unless_given --min-time=0.02 "$@") "$@"
    comparisons='workloads contention'
else
    step "$label/workloads" --python="$python" --threads=2 --filter='^(countdown|sum_of_squares|grayscale)/' "$@"
    comparisons="$label/workloads"
fi

cd "$out"
# shellcheck disable=SC2086  # labels have no blanks
"$harness" report $comparisons $starts $contended $timelines --out=study.html
