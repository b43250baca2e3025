#!/bin/sh
# results/study.sh --out=DIR [--parts=PART,...] [LABEL=]SPEC... [-- FLAG...]: several CPythons side by side, and all of
# it on one page, DIR/study.html.
#
# PART is workloads (all of them, in every way), contention (what threads contend for), start (what each way costs to
# enter, and from which task on it pays) or timeline (two threads, moment by moment); without --parts all four. SPEC is
# what --python takes: 3.14, 3.14t, an executable, a virtual environment's. An interpreter whose build has a JIT is run
# with it and without it, unless SPEC sets PYTHON_JIT. The FLAGs go to every run, those of comparisons to comparisons.
# Everything runs on two workers, unless --threads is among them.
#
# What a call has finished the next one does not repeat, so that a study which was interrupted goes on by the same
# command. DIR belongs to the interpreters, the FLAGs and the program that it was begun with.
set -euf

# Lists have a word a line.
newline='
'
IFS=$newline

refuse() {
    echo "study.sh: $*" >&2
    exit 2
}

root=$(cd "$(dirname "$0")/.." && pwd)
harness=$(realpath "${HARNESS:-$root/build/harness}")
out=
parts=workloads,contention,start,timeline
specs=
while [ $# -gt 0 ]; do
    case $1 in
        --out=?*) out=${1#--out=} ;;
        --parts=*) parts=${1#--parts=} ;;
        --) shift; break ;;
        -*) refuse "$1: give --out=DIR, interpreters, and behind -- flags for every run" ;;
        *) specs=$specs$newline$1 ;;
    esac
    shift
done
if [ -z "$out" ] || [ -z "$specs" ]; then
    refuse "give --out=DIR and one interpreter or more, for instance 3.13 3.14 3.14t"
fi
asked=
for part in $(echo "$parts" | tr , '\n'); do
    case $part in
        workloads | contention | start | timeline) asked=$asked$newline$part ;;
        *) asked= && break ;;
    esac
done
[ -n "$asked" ] || refuse "--parts=$parts: it has workloads, contention, start, timeline"

# Only comparisons take some; others are the study's own.
flags=
flags_alone=
for word in "$@"; do
    flags=$flags$newline$word
    case ${word%%=*} in
        --rounds | --budget | --seed | --margin | --confidence | --timeout | --no-interleaving) ;;
        --fail-if | --shard | --resume | --out | --format | --filter | --python | --workload | --gil-trace | --no-gil-trace)
            refuse "$word: a study has its own"
            ;;
        *) flags_alone=$flags_alone$newline$word ;;
    esac
done

mkdir -p "$out"
out=$(realpath "$out")
study="$(sha256sum <"$harness" | cut -c1-64)$specs$newline--$flags"
if [ ! -e "$out/study.txt" ]; then
    printf '%s\n' "$study" >"$out/study.txt"
elif [ "$(cat "$out/study.txt")" != "$study" ]; then
    refuse "--out=$out: a study with other interpreters, flags or another build of the program was begun there"
fi

# asked_for PART
asked_for() {
    case $asked$newline in *"$newline$1$newline"*) ;; *) return 1 ;; esac
}

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
    # shellcheck disable=SC2046,SC2086  # a word a line
    alone "$@" $(unless_given --threads=2) $flags_alone
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
        run "$name" $compared "$@" $(unless_given --threads=2) $(unless_given --rounds=10) \
            $(unless_given --repetitions=3) $flags --out="$out/$name"
    fi
    touch "$out/$name/done"
}

# What the context of a run says of KEY.
context() {
    sed -n "s/^ *\"$2\": \"\(.*\)\",*\$/\1/p" "$out/$1/result.json" | head -n 1
}

# add LABEL SPEC FREE_THREADED
add() {
    case $labels$newline in
        *"$newline$1$newline"*) refuse "two interpreters are $1: call them LABEL=SPEC" ;;
    esac
    labels=$labels$newline$1
    if [ "$3" = true ]; then free_threaded=$free_threaded$newline$1; fi
    compared="$compared$newline--python=$1=$2"
}

# What each is called: a glance at it says so.
labels=
free_threaded=
compared=
number=0
for spec in $specs; do
    number=$((number + 1))
    label=${spec%%=*}
    case $label in
        "$spec" | *[,/]*) label= ;;
        *) spec=${spec#*=} ;;
    esac
    alone "glance-$number" --python="$spec" --filter='^countdown/python/' --countdown-steps=1000 --repetitions=1 \
        --min-time=0.001
    version=$(context "glance-$number" python_version)
    free=$(context "glance-$number" python_free_threaded_build)
    if [ -z "$label" ]; then
        label=${version%% *}
        if [ "$free" = true ]; then label=${label}t; fi
    fi
    case $spec,$(context "glance-$number" jit) in
        *,PYTHON_JIT=*) add "$label" "$spec" "$free" ;;
        *,on | *,off)
            add "$label-jit-off" "$spec,PYTHON_JIT=0" "$free"
            add "$label-jit-on" "$spec,PYTHON_JIT=1" "$free"
            ;;
        *) add "$label" "$spec" "$free" ;;
    esac
done

several=$(echo "$compared" | sed 1d | sed 1d)
workloads='^(countdown|sum_of_squares|grayscale)/'
contention="--workload=$root/scripts/contention.py$newline--filter=^contention[.].*/python"
pages=

if [ -n "$several" ] && asked_for workloads; then
    # shellcheck disable=SC2046  # a flag or none
    comparison workloads --filter="$workloads" $(unless_given --min-time=0.05)
    pages=workloads
fi
if [ -n "$several" ] && asked_for contention; then
    # shellcheck disable=SC2046,SC2086  # a word a line
    comparison contention $contention $(unless_given --min-time=0.02)
    pages=$pages${newline}contention
fi

# What is run of each interpreter alone.
for python in $compared; do
    python=${python#--python=}
    label=${python%%=*}
    spec=${python#*=}
    if [ -z "$several" ] && asked_for workloads; then
        step "$label/workloads" --python="$spec" --filter="$workloads"
        pages=$pages$newline$label/workloads
    fi
    if asked_for start; then
        # shellcheck disable=SC2046  # a flag or none
        step "$label/start" --python="$spec" --filter='^start/' $(unless_given --repetitions=1)
        pages=$pages$newline$label/start
    fi
    if asked_for timeline; then
        # shellcheck disable=SC2046  # a flag or none
        step "$label/timeline" --python="$spec" --filter='^countdown/python_threads/' \
            --gil-trace="$out/$label.json.gz" $(unless_given --repetitions=1)
        # Threads that wait for nothing have none.
        if [ -e "$out/$label.json.gz" ]; then pages=$pages$newline$label.json.gz; fi
    fi
    # A comparison keeps no call stacks; and with a GIL there is but one thing to wait for.
    case $several:$free_threaded$newline in
        :* | *"$newline$label$newline"*) by_itself=true ;;
        *) by_itself=false ;;
    esac
    if asked_for contention && "$by_itself"; then
        # shellcheck disable=SC2086  # a word a line
        step "$label/contention" --python="$spec" $contention
        pages=$pages$newline$label/contention
    fi
done

if [ -z "$pages" ]; then
    echo "study.sh: there is nothing to put on a page: no thread waited for anything" >&2
    exit
fi
cd "$out"
# shellcheck disable=SC2086  # a word a line
"$harness" report $pages --out=study.html
