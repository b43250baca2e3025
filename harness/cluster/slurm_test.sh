#!/bin/sh
# harness/cluster/slurm_test.sh PROGRAM PYTHON: slurm.sh with the real Slurm, whose controller and three nodes' daemons
# run on this machine: a task that is killed, a node that goes down or is drained, two versions of the program. Ends
# with 77 where this cannot be tested, or 1 where the environment variable HARNESS_TEST_REQUIRE has the word slurm.
set -eu
program=$1 python=$2
here=$(cd "$(dirname "$0")" && pwd)

skip() {
    echo "skipped: $*"
    case ",${HARNESS_TEST_REQUIRE-}," in *,slurm,*) exit 1 ;; esac
    exit 77
}
for tool in munged slurmctld slurmd sbatch; do
    command -v "$tool" >/dev/null || skip "there is no $tool (Debian: slurm-wlm, munge)"
done
[ "$(id -u)" = 0 ] || skip "Slurm's daemons need root"

# Whatever cluster this machine belongs to otherwise is left alone.
folder=$(mktemp -d)
export SLURM_CONF="$folder/slurm/slurm.conf"
end_cluster() {
    scancel --user=root >/dev/null 2>&1 || true
    sleep 1
    for file in "$folder"/slurm/*.pid; do
        [ -e "$file" ] && kill "$(cat "$file")" 2>/dev/null
    done
    sleep 1
    rm -rf "$folder"
}
trap end_cluster EXIT
trap 'exit 1' INT TERM

fail() {
    echo "failed: $*"
    tail -n 30 "$folder"/*/slurm/*.out "$folder"/slurm/slurmctld.log 2>/dev/null || true
    exit 1
}

# Calls the words until they succeed, for two minutes at the most.
wait_until() {
    tries=1200
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "waited in vain for: $*"
        sleep 0.1
    done
}

begin_cluster() {
    slurm=$folder/slurm
    mkdir -p "$slurm/state"
    head -c 128 /dev/urandom > "$slurm/munge.key"
    chmod 400 "$slurm/munge.key"
    munged --force --key-file="$slurm/munge.key" --socket="$slurm/munge.socket" --pid-file="$slurm/munged.pid" \
        --log-file="$slurm/munged.log" --seed-file="$slurm/munged.seed"
    name=$(uname -n)
    port=$((20000 + $$ % 10000 * 4))
    # A task of a node that is gone is queued again when its credential has expired.
    cat > "$SLURM_CONF" <<EOF
ClusterName=test
SlurmctldHost=$name(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$slurm/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool-%n
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd-%n.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
KillWait=2
ReturnToService=0
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0
NodeName=n[1-3] NodeHostname=$name NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + 3))] State=UNKNOWN
PartitionName=all Nodes=n[1-3] Default=YES State=UP
EOF
    slurmctld
    for node in n1 n2 n3; do
        mkdir "$slurm/spool-$node"
        slurmd -N "$node"
    done
    wait_until nodes_are 3 idle
}

nodes_are() {
    [ "$(sinfo -h -N -t "$2" -o %N | wc -l)" -eq "$1" ]
}

# compare DIR N ROUNDS FLAG...: sets array_job and merge_job.
compare() {
    out=$folder/$1 parts=$2 rounds=$3
    shift 3
    said=$("$here/slurm.sh" --exclusive "--array=1-$parts" "$@" -- "--out=$out" "--python=a=$python" \
        "--python=b=$python" '--filter=^countdown/python/' --threads=1 --countdown-steps=20000 --repetitions=1 \
        --min-time=0.3 "--rounds=$rounds" --margin=99%)
    echo "$said"
    array_job=$(echo "$said" | sed -n 's/^parts .* job //p')
    merge_job=$(echo "$said" | sed -n 's/^merge .* job //p')
}

job_has_ended() {
    state=$(scontrol show job "$1" | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p')
    case $state in *PENDING* | *RUNNING* | *COMPLETING* | *CONFIGURING*) return 1 ;; esac
}

lines_of_part() {
    [ -e "$1/journal.jsonl" ] && [ "$(wc -l < "$1/journal.jsonl")" -ge "$2" ]
}

# Each of so many rounds is in the merge, and each process of them in one journal, once.
expect_whole() {
    wait_until job_has_ended "$merge_job"
    processes=$(grep -h -o '"round":[0-9]*,"python":[0-9]*' "$folder/$1"/part-*/journal.jsonl | sort)
    [ "$(echo "$processes" | wc -l)" -eq $((2 * $2)) ] || fail "$1 has not run $2 rounds: $processes"
    [ -z "$(echo "$processes" | uniq -d)" ] || fail "$1 has run a process twice: $processes"
    grep -q '"missing_rounds": \[\]' "$folder/$1/merged/comparison.json" || fail "$1 is not merged whole"
    grep -q "\"compared\": $2" "$folder/$1/merged/comparison.json" || fail "$1 does not rest on $2 rounds"
}

a_killed_task_is_resumed() {
    compare killed 3 12
    wait_until lines_of_part "$folder/killed/part-2" 4
    scancel --full --signal=KILL "${array_job}_2"
    wait_until job_has_ended "$merge_job"
    grep -q 'part 2 of 3 .* is not finished: rounds\{0,1\} .* missing' "$folder/killed/slurm/merge.out" ||
        fail 'the merge does not say what is missing'
    before=$(cat "$folder/killed/part-2/journal.jsonl")
    compare killed 3 12
    case $said in 'parts 2 of 3: job '*) ;; *) fail "not part 2 alone is run again: $said" ;; esac
    expect_whole killed 12
    case $(cat "$folder/killed/part-2/journal.jsonl") in "$before"*) ;; *) fail 'a journal lost what it had' ;; esac
    compare killed 3 12
    [ -z "$array_job" ] || fail 'a part that is finished is run again'
    expect_whole killed 12
}

# part_on_node DIR NODE: sets on_node to the part that has begun there.
part_on_node() {
    on_node=$(squeue -h -j "$array_job" -t RUNNING -w "$2" -o %K)
    [ -n "$on_node" ] && lines_of_part "$folder/$1/part-$on_node" 4
}

a_task_of_a_node_that_is_gone_runs_elsewhere() {
    compare down 3 12
    wait_until part_on_node down n3
    scontrol update nodename=n3 state=down reason=test
    expect_whole down 12
    scontrol show job "$array_job" | grep -q ' NodeList=n3' && fail 'a task ended on the node that is gone'
    grep -q CANCELLED "$folder/down/slurm/part-$on_node.out" || fail 'no task was on the node that is gone'
}

a_node_that_is_drained_ends_its_task() {
    scontrol update nodename=n3 state=resume
    wait_until nodes_are 3 idle
    compare draining 3 12
    wait_until part_on_node draining n2
    scontrol update nodename=n2 state=drain reason=test
    expect_whole draining 12
    on_n2=$(scontrol show job "$array_job" | grep -c ' NodeList=n2' || true)
    [ "$on_n2" -eq 1 ] || fail "the node that was drained had $on_n2 tasks"
    grep -q CANCELLED "$folder/draining/slurm/part-$on_node.out" && fail 'its task was cancelled'
    scontrol update nodename=n2 state=resume
}

a_drained_node_runs_nothing() {
    wait_until nodes_are 3 idle
    scontrol update nodename=n2 state=drain reason=test
    compare drained 3 6
    expect_whole drained 6
    nodes=$(scontrol show job "$array_job" | grep -o ' NodeList=.*' | sort -u)
    case $nodes in *n2*) fail "the drained node was used: $nodes" ;; esac
}

two_versions_are_not_mixed() {
    # The same build, found in the same place, with another SHA-256.
    mkdir "$folder/build"
    for file in "$(dirname "$program")"/*; do ln -s "$file" "$folder/build/"; done
    rm "$folder/build/harness"
    cp "$program" "$folder/build/harness"
    echo >> "$folder/build/harness"
    compare versions 2 4
    expect_whole versions 4
    rm -r "$folder/versions/part-2"
    HARNESS=$folder/build/harness
    compare versions 2 4
    wait_until job_has_ended "$merge_job"
    [ -e "$folder/versions/part-2/comparison.json" ] || fail 'the other version has not run its part'
    grep -q 'another build of this program ran it' "$folder/versions/slurm/merge.out" || fail 'versions were mixed'
    [ "$state" = FAILED ] || fail "the merge of two versions is $state"
    rm "$folder/versions/part-1/comparison.json"
    compare versions 2 4
    wait_until job_has_ended "$merge_job"
    grep -q 'this program is another build than the one that began it' "$folder/versions/slurm/part-1.out" ||
        fail 'a part was gone on with by another version'
    HARNESS=$program
}

wrong_words_are_refused() {
    refused() {
        why=$1
        shift
        if said=$("$here/slurm.sh" "$@" 2>&1); then fail "taken: $*"; fi
        case $said in "slurm.sh: "*"$why"*) ;; *) fail "$*: $said" ;; esac
    }
    refused 'give --array=1-N' -- --out=x
    refused 'with N from 1' --array=1-0 -- --out=x
    refused 'with N from 1' --array=1-x -- --out=x
    refused 'give --array=1-N' --array=2-3 -- --out=x
    refused 'in one word' --array 1-3 -- --out=x
    refused 'give -- and the flags' --array=1-3 --out=x
    refused 'give --out=DIR' --array=1-3 -- --rounds=3
    refused 'the tasks are given it' --array=1-3 -- --out=x --shard=1/3
    HARNESS=/nowhere refused 'there is no program /nowhere' --array=1-3 -- --out=x
}

export HARNESS="$program"
cd "$folder"
begin_cluster
for test in wrong_words_are_refused a_killed_task_is_resumed a_task_of_a_node_that_is_gone_runs_elsewhere \
    a_node_that_is_drained_ends_its_task a_drained_node_runs_nothing two_versions_are_not_mixed; do
    echo "== $test"
    $test
done
echo 'all hold'
