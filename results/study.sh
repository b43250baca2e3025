#!/bin/sh
# results/study.sh --out=DIR [--parts=PART,...] [LABEL=]SPEC... [-- FLAG...]: several CPythons side by side, and all of
# it on one page, DIR/study.html.
#
# PART is workloads (all of them, in every way), contention (what threads contend for), start (what each way costs to
# enter, and from which task on it pays) or timeline (two threads, turn by turn); without --parts all four. SPEC is what
# --python takes: 3.14, 3.14t, an executable, a virtual environment's. An interpreter whose build has a JIT is there with
# it and without it. The FLAGs go to every run. What a call has finished the next one does not repeat, so that a study
# which was interrupted goes on by the same command.
set -eu

refuse() {
    echo "study.sh: $*" >&2
    exit 2
}

# Lists have a word a line.
newline='
'
IFS=$newline

root=$(cd "$(dirname "$0")/.." && pwd)
harness=$(realpath "${HARNESS:-$root/build/harness}")
out=
parts=workloads,contention,start,timeline
specs=
while [ $# -gt 0 ]; do
    case $1 in
        --out=?*) out=${1#--out=} ;;
        --parts=?*) parts=${1#--parts=} ;;
        --) shift; break ;;
        -*) refuse "$1: give --out=DIR, interpreters, and behind -- flags for every run" ;;
        *) specs=$specs$newline$1 ;;
    esac
    shift
done
if [ -z "$out" ] || [ -z "$specs" ]; then
    refuse "give --out=DIR and one interpreter or more, for instance 3.13 3.14 3.14t"
fi
for part in $(echo "$parts" | tr , '\n'); do
    case $part in
        workloads | contention | start | timeline) ;;
        *) refuse "--parts=$parts: it has workloads, contention, start, timeline" ;;
    esac
done
mkdir -p "$out"
out=$(realpath "$out")

# asked_for PART
asked_for() {
    case ,$parts, in *,"$1",*) ;; *) return 1 ;; esac
}

# Only comparisons take these.
flags=
flags_alone=
for word in "$@"; do
    flags="$flags$newline$word"
    case ${word%%=*} in
        --rounds | --budget | --seed | --margin | --confidence | --no-interleaving) ;;
        *) flags_alone="$flags_alone$newline$word" ;;
    esac
done

# unless_given FLAG: the flag, unless it is among the user's with another value.
unless_given() {
    for word in $flags; do
        if [ "${word%%=*}" = "${1%%=*}" ]; then return; fi
    done
    echo "$1"
}

# run NAME ARGUMENT...: what is printed of it is on the page, rows that fail among it.
run() {
    echo "study.sh: $1" >&2
    shift
    status=0
    "$harness" "$@" --format=csv >/dev/null || status=$?
    [ "$status" -le 1 ] || exit "$status"
}

# alone NAME FLAG...: a run with a folder of its own, unless it is there.
alone() {
    name=$1
    shift
    if [ -e "$out/$name/done" ]; then return; fi
    rm -rf "${out:?}/$name"
    run "$name" "$@" --out="$out/$name" --no-pictures
    touch "$out/$name/done"
}

# step NAME FLAG...: the same with the user's flags.
step() {
    # shellcheck disable=SC2086  # a word a line
    alone "$@" $flags_alone
}

# comparison NAME FLAG...: of all interpreters; one that was interrupted goes on.
comparison() {
    name=$1
    shift
    if [ -e "$out/$name/done" ]; then return; fi
    if [ -e "$out/$name/journal.jsonl" ]; then
        run "$name" --resume="$out/$name"
    else
        # shellcheck disable=SC2046,SC2086  # a word a line
        run "$name" $compared "$@" $(unless_given --rounds=10) $(unless_given --repetitions=3) $flags --threads=2 \
            --out="$out/$name"
    fi
    touch "$out/$name/done"
}

# What the context of a run says of KEY.
context() {
    sed -n "s/^ *\"$2\": \"\(.*\)\",*\$/\1/p" "$out/$1/result.json" | head -n 1
}

# study LABEL SPEC: what is run of one interpreter alone; and it takes part in the comparisons.
study() {
    label=$1 python=$2
    case $labels$newline in
        *"$newline$label$newline"*) refuse "two interpreters are $label: call them LABEL=SPEC" ;;
    esac
    labels=$labels$newline$label
    compared="$compared$newline--python=$label=$python"
    if asked_for start; then
        # shellcheck disable=SC2046  # a flag or none
        step "$label/start" --python="$python" --threads=2 --filter='^start/' $(unless_given --repetitions=1)
        starts=$starts$newline$label/start
    fi
    if asked_for timeline; then
        # shellcheck disable=SC2046  # a flag or none
        step "$label/timeline" --python="$python" --threads=2 --filter='^countdown/python_threads/' \
            --gil-trace="$out/$label.json.gz" $(unless_given --repetitions=1)
        timelines=$timelines$newline$label.json.gz
    fi
    # A comparison keeps no call stacks. With a GIL there is but one thing to wait for.
    if asked_for contention && [ "$free_threaded" = true ]; then
        step "$label/contention" --python="$python" --threads=2 --workload="$root/scripts/contention.py" \
            --filter='^contention[.].*/python'
        contended=$contended$newline$label/contention
    fi
}

labels=
compared=
starts=
contended=
timelines=
number=0
for spec in $specs; do
    number=$((number + 1))
    label=${spec%%=*}
    case $label in
        "$spec" | *[,/]*) label= ;;
        *) spec=${spec#*=} ;;
    esac
    # A glance at it says what it is called.
    alone "glance-$number" --python="$spec" --filter='^countdown/python/' --countdown-steps=1000 --repetitions=1 \
        --min-time=0.001
    version=$(context "glance-$number" python_version)
    free_threaded=$(context "glance-$number" python_free_threaded_build)
    if [ -z "$label" ]; then
        label=${version%% *}
        if [ "$free_threaded" = true ]; then label=${label}t; fi
    fi
    case $(context "glance-$number" jit) in
        on | off)
            study "$label-jit-off" "$spec,PYTHON_JIT=0"
            study "$label-jit-on" "$spec,PYTHON_JIT=1"
            ;;
        *) study "$label" "$spec" ;;
    esac
done

all=
workloads='^(countdown|sum_of_squares|grayscale)/'
if [ "$(echo "$labels" | wc -l)" -gt 2 ]; then
    if asked_for workloads; then
        # shellcheck disable=SC2046  # a flag or none
        comparison workloads --filter="$workloads" $(unless_given --min-time=0.05)
        all=workloads
    fi
    if asked_for contention; then
        # shellcheck disable=SC2046  # a flag or none
        comparison contention --workload="$root/scripts/contention.py" --filter='^contention[.].*/python' \
            $(unless_given --min-time=0.02)
        all=$all${newline}contention
    fi
elif asked_for workloads; then
    step "$label/workloads" --python="$spec" --threads=2 --filter="$workloads"
    all=$label/workloads
fi

cd "$out"
# shellcheck disable=SC2086  # a word a line
"$harness" report $all $starts $contended $timelines --out=study.html
