#!/bin/sh
# harness/cluster/slurm.sh: spreads a comparison over the nodes of a Slurm cluster, and merges it when all have ended.
#
#     harness/cluster/slurm.sh --array=1-N [sbatch's flags] -- --out=DIR [harness flags]
#
# Submits a job array of N tasks, each of which runs `harness ... --shard=I/N` into DIR/part-I, and a job that runs
# `harness merge` into DIR/merged once the last has ended, however it did. DIR is seen by all nodes. Given the same
# words again it goes on: parts that are finished stay, the others are resumed, and all are merged anew. --margin,
# --confidence, --fail-if and --format are the merge's. What the jobs print is in DIR/slurm. HARNESS names the program;
# else it is build/harness beside this script.
set -eu

fail() {
    echo "slurm.sh: $*" >&2
    exit 2
}

# Whether the part in folder $1 has begun: the first line of its journal is whole.
has_begun() {
    [ -e "$1/journal.jsonl" ] && [ "$(wc -l < "$1/journal.jsonl")" -gt 0 ]
}

# On a node, as a task of the array: PROGRAM DIR N FLAG...
run_part() {
    program=$1 out=$2 parts=$3
    shift 3
    part=$out/part-$SLURM_ARRAY_TASK_ID
    if has_begun "$part"; then
        exec "$program" "--resume=$part"
    fi
    exec "$program" "$@" "--shard=$SLURM_ARRAY_TASK_ID/$parts" "--out=$part"
}

# On a node, when the array has ended: PROGRAM DIR N FLAG...
run_merge() {
    program=$1 out=$2 parts=$3
    shift 3
    number=1
    while [ "$number" -le "$parts" ]; do
        if has_begun "$out/part-$number"; then
            set -- "$@" "$out/part-$number"
        fi
        number=$((number + 1))
    done
    exec "$program" merge "--out=$out/merged" "$@"
}

case ${1-} in
    run-part) shift && run_part "$@" ;;
    run-merge) shift && run_merge "$@" ;;
esac

# The words are sorted into these, quoted so that eval reads them back.
sbatch_flags='' part_flags='' merge_flags='' array='' out=''
quoted() {
    printf " '%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

while [ $# -gt 0 ] && [ "$1" != -- ]; do
    case $1 in
        --array=*) array=${1#*=} ;;
        -a | --array) fail "write --array=1-N in one word" ;;
        *) sbatch_flags="$sbatch_flags$(quoted "$1")" ;;
    esac
    shift
done
[ $# -gt 0 ] || fail "give -- and the flags of harness after those of sbatch"
shift
for word in "$@"; do
    case $word in
        --out=*) out=${word#*=} ;;
        --shard | --shard=* | --resume | --resume=*) fail "$word: the tasks are given it" ;;
        --margin=* | --confidence=* | --fail-if=* | --format=*) merge_flags="$merge_flags$(quoted "$word")" ;;
        *) part_flags="$part_flags$(quoted "$word")" ;;
    esac
done

limit=''
case $array in
    1-*%*) limit=%${array#*%} parts=${array%%%*} parts=${parts#1-} ;;
    1-*) parts=${array#1-} ;;
    *) fail "give --array=1-N, a task for each of N parts" ;;
esac
case $parts in
    '' | 0* | *[!0-9]*) fail "--array=$array: give --array=1-N, with N from 1" ;;
esac
[ -n "$out" ] || fail "give --out=DIR among the flags of harness, a folder that all nodes see"
program=${HARNESS:-$(cd "$(dirname "$0")/../.." && pwd)/build/harness}
[ -x "$program" ] || fail "there is no program $program; build it, or name it by HARNESS"
script=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
mkdir -p "$out/slurm"
out=$(cd "$out" && pwd)

# A part has its report once all its rounds have been run.
unfinished='' number=1
while [ "$number" -le "$parts" ]; do
    [ -e "$out/part-$number/comparison.json" ] || unfinished=$unfinished,$number
    number=$((number + 1))
done

# Prints the number of the job. sbatch says by its status how a job has ended where it is told to --wait for that.
submit() {
    job=$(eval "sbatch$sbatch_flags \"\$@\"") || [ -n "$job" ] || exit 1
    echo "${job%%;*}"
}

dependency=''
common="$(quoted "$program")$(quoted "$out") $parts"
if [ -n "$unfinished" ]; then
    words="$(quoted "--array=${unfinished#,}$limit")$(quoted "--output=$out/slurm/part-%a.out")$(quoted "$script")"
    array_job=$(eval "submit --parsable --job-name=harness --requeue --open-mode=append \
        $words run-part $common$part_flags")
    echo "parts ${unfinished#,} of $parts: job $array_job"
    dependency=--dependency=afterany:$array_job
fi
words="$(quoted "--output=$out/slurm/merge.out")$(quoted "$script")"
merge_job=$(eval "submit --parsable --job-name=harness-merge --requeue --open-mode=truncate $dependency \
    $words run-merge $common$merge_flags")
echo "merge into $out/merged: job $merge_job"
