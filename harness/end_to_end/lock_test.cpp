// harness/end_to_end/lock_test.cpp: the trace of CPython's locks as a user meets it, on every interpreter
// that is found: locks that are held for a known time, a world that is stopped a known number of times.
#include <algorithm>

#include "harness/end_to_end/scripts_fixture.h"
#include "harness/system/text.h"
#include "harness/testing/pythons.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

/// What one row says of a script.
struct LockRow {
  Interpreter python;
  Json row;
  Json contention;  ///< null where nobody waited

  double at(const char* counter) const { return row.at(counter).number(); }
  bool spins() const { return python.free_threaded; }
};

class Locks : public ScriptsTest {
 protected:
  void SetUp() override {
    if (pythons_.empty()) skip_for_want_of(kAPython, "HARNESS_TEST_PYTHONS names no CPython");
  }

  /// countdown/python_threads/threads:2 of the script on each interpreter. One repetition of one iteration.
  std::vector<LockRow> rows_of(const std::string& countdown_py, const Arguments& more = {}) const {
    const auto scripts = scripts_with(countdown_py);
    std::vector<LockRow> rows;
    for (const Interpreter& python : pythons_) rows.push_back(row_of(python, scripts, more));
    return rows;
  }

  LockRow row_of(const Interpreter& python, const std::filesystem::path& scripts,
                 const Arguments& more) const {
    SCOPED_TRACE(python.executable);
    Arguments arguments{"--filter=countdown/python_threads/threads:2", "--scripts=" + scripts.string(),
                        "--python=" + python.executable.string(), "--min-time=0.001"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    const Json all = saved();
    const Json row = all.at("benchmarks").elements().front();
    const std::string name = row.at("name").text();
    const bool waited = all.contains("contention") && all.at("contention").contains(name);
    return {python, row, waited ? all.at("contention").at(name) : Json()};
  }

  const std::vector<Interpreter> pythons_ = named_pythons();
};

// The second thread asks for the lock while the first sleeps with it: 40 yields where there is no GIL (3.13
// to 3.15), then one park. The first waits until it is asked for as far as a script can tell.
constexpr const char* kHeldLock =
    "import threading, time\n"
    "lock = threading.Lock()\n"
    "state = ['']\n"
    "def run(begin, end):\n"
    "    if begin == end:\n"
    "        return 0\n"
    "    if begin == 0:\n"
    "        lock.acquire()\n"
    "        state[0] = 'held'\n"
    "        time.sleep(0.3)\n"
    "        lock.release()\n"
    "    else:\n"
    "        while state[0] != 'held':\n"
    "            pass\n"
    "        lock.acquire()\n"
    "        lock.release()\n"
    "        state[0] = ''\n"
    "    return end - begin\n";

TEST_F(Locks, HeldForLongAreFortyYieldsAndOnePark) {
  for (const LockRow& row : rows_of(kHeldLock)) {
    SCOPED_TRACE(row.python.executable);
    EXPECT_EQ(row.at("lock_parks"), 1);
    // One, unless it was interrupted: where a burst ends is an estimate.
    EXPECT_EQ(row.at("lock_bursts") > 0, row.spins());
    EXPECT_LE(row.at("lock_bursts_parked"), 1);
    EXPECT_GT(row.at("lock_park_ns"), 0);
    EXPECT_LE(row.at("lock_park_ns"), row.row.at("real_time").number() * 1e6);
    EXPECT_EQ(row.at("lock_park_max_ns"), row.at("lock_park_ns"));
    EXPECT_EQ(row.at("semaphore_waits"), 1);
    EXPECT_EQ(row.at("lock_dropped_events"), 0);
    const Json site = row.contention.at("sites").elements().front();
    EXPECT_EQ(site.at("what").text(), "a threading.Lock");
    EXPECT_EQ(site.at("parks").number(), 1);
    // The list's lock may be contended for a moment, too.
    EXPECT_EQ(site.at("spins").number(), row.spins() ? 40 : 0);
    EXPECT_GE(row.at("lock_spins"), site.at("spins").number());
  }
}

// Each collection stops the world while the other thread computes. It comes only after that has gone on since
// the last one: a thread that has been let go on, but not yet come back, need not be stopped again.
constexpr const char* kCollections =
    "import gc\n"
    "steps = [0]\n"
    "done = [False]\n"
    "def run(begin, end):\n"
    "    if begin == end:\n"
    "        return 0\n"
    "    if begin == 0:\n"
    "        for i in range(10):\n"
    "            step = steps[0]\n"
    "            while steps[0] < step + 10:\n"
    "                pass\n"
    "            gc.collect()\n"
    "        done[0] = True\n"
    "    else:\n"
    "        while not done[0]:\n"
    "            steps[0] += 1\n"
    "        done[0] = False\n"
    "    return end - begin\n";

TEST_F(Locks, OfTheWorldAreStopsWithAReason) {
  for (const LockRow& row : rows_of(kCollections)) {
    SCOPED_TRACE(row.python.executable);
    if (!row.spins()) {
      EXPECT_EQ(row.at("world_stops"), 0);
      continue;
    }
    // CPython 3.13 to 3.15 stop it at least once for each.
    EXPECT_GE(row.at("world_stops"), 10);
    EXPECT_GE(row.at("world_stop_ns"), row.at("world_stop_max_ns"));
    const auto stops = row.contention.at("world_stops").elements();
    ASSERT_EQ(stops.size(), 1U);
    EXPECT_EQ(stops[0].at("why").text(), "garbage collection");
    EXPECT_EQ(stops[0].at("requester").text(), "team 0");
    EXPECT_EQ(stops[0].at("last").text(), "team 1");
    EXPECT_EQ(stops[0].at("stops").number(), row.at("world_stops"));
  }
}

// Long enough that the two threads meet, also where other tests have their cores most of the time.
TEST_F(Locks, OfADictAreFoundByTheirStacks) {
  const auto rows = rows_of(
      "table = {}\n"
      "def run(begin, end):\n"
      "    for i in range(begin, end):\n"
      "        table[i & 255] = None\n"
      "    return end - begin\n",
      {"--countdown-steps=2000000"});
  for (const LockRow& row : rows) {
    SCOPED_TRACE(row.python.executable);
    if (!row.spins()) {
      EXPECT_EQ(row.at("lock_spins"), 0);
      continue;
    }
    ASSERT_GT(row.at("lock_spins"), 0);
    const auto sites = row.contention.at("sites").elements();
    EXPECT_EQ(sites.front().at("what").text(), "a dict's lock");
    double spins = 0;
    for (const Json& site : sites) spins += site.at("spins").number();
    EXPECT_EQ(spins, row.at("lock_spins"));
  }
}

TEST_F(Locks, AreInTheTimelineAndItsReport) {
  const auto scripts = scripts_with(kHeldLock);
  for (const Interpreter& python : pythons_) {
    const LockRow row = row_of(python, scripts, {"--gil-trace=t.json"});
    SCOPED_TRACE(python.executable);
    const std::string text = read_text_file(folder().path() / "t.json").value_or("");
    EXPECT_EQ(count_of(text, "\"parked: a threading.Lock\""), row.row.at("iterations").number());
    EXPECT_EQ(count_of(text, "\"spinning: a threading.Lock\"") > 0, row.spins());
    const auto report = run_subprocess(
        {.argv = {command({}).argv.front(), "gil-report", "t.json"}, .working_directory = folder().path()},
        kPatience);
    EXPECT_EQ(report.exit_code, 0) << report.standard_error;
    expect_holds(report.standard_output, {"waited for", "a threading.Lock", " < ", "acquire"});
  }
}

TEST_F(Locks, ThatNobodyElseWantsAreNotSeen) {
  const auto rows = rows_of(
      "import threading, os\n"
      "def run(begin, end):\n"
      "    lock, rlock = threading.Lock(), threading.RLock()\n"
      "    for i in range(100):\n"
      "        with lock, rlock:\n"
      "            os.sched_yield()\n"
      "    return end - begin\n");
  for (const LockRow& row : rows) {
    SCOPED_TRACE(row.python.executable);
    EXPECT_EQ(row.at("lock_parks"), 0);
    EXPECT_EQ(row.at("lock_spins"), 0);
    EXPECT_FALSE(row.row.contains("lock_park_max_ns"));
  }
}

TEST_F(Locks, AreNotTracedWhereNobodyWantsIt) {
  for (const LockRow& row : rows_of(kHeldLock, {"--no-lock-trace"})) {
    EXPECT_FALSE(row.row.contains("lock_parks"));
    EXPECT_FALSE(row.row.contains("lock_dropped_events"));
  }
  EXPECT_EQ(saved().at("context").at("lock_trace").text(), "false");
}

}  // namespace
}  // namespace harness
