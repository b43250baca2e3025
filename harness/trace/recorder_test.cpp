// harness/trace/recorder_test.cpp: what is recorded is what is collected, or counted as dropped.
//
// One process for all cases, and so two recorders with small buffers.
#include "harness/trace/recorder.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <barrier>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace harness::trace {
namespace {

constexpr BufferSizes kSizes{.threads = 8, .events_per_thread = 4096};

struct TestEvent {
  std::int64_t time_ns;
  std::uint32_t object;
  std::uint32_t kind;
};
using TestRecording = Recording<TestEvent>;

constinit Recorder recorder;
constinit Recorder another;

class RecorderTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(recorder.reserve(kSizes));
    ASSERT_TRUE(another.reserve(kSizes));
  }

  static TestRecording collected(const Recorder& from) {
    return from.collect<TestEvent>([](std::int64_t time_ns, const TickEvent& event) {
      return TestEvent{time_ns, event.object, event.kind};
    });
  }

  static TestRecording record(const std::function<void()>& body) {
    recorder.start();
    body();
    recorder.stop();
    return collected(recorder);
  }
};

void in_another_thread(const std::function<void()>& body) {
  std::thread(body).join();
}

TEST_F(RecorderTest, KeepsWhatEachEventIsAndWhen) {
  const std::int64_t before_ns = now_ns();
  const TestRecording recording = record([&] {
    recorder.record(1, 2);
    recorder.record(70'000, 3);
  });
  const std::int64_t after_ns = now_ns();
  ASSERT_EQ(recording.threads.size(), 1u);
  const ThreadEvents<TestEvent>& thread = recording.threads.front();
  ASSERT_EQ(thread.events.size(), 2u);
  EXPECT_EQ(thread.os_id, gettid());
  EXPECT_EQ(thread.events[0].object, 1u);
  EXPECT_EQ(thread.events[0].kind, 2u);
  EXPECT_EQ(thread.events[1].object, 70'000u);
  EXPECT_EQ(thread.events[1].kind, 3u);
  constexpr std::int64_t kAnchorError_ns = 100'000;  // an anchor may be taken across an interrupt
  EXPECT_GE(thread.events[0].time_ns, before_ns - kAnchorError_ns);
  EXPECT_LE(thread.events[0].time_ns, thread.events[1].time_ns);
  EXPECT_LE(thread.events[1].time_ns, after_ns + kAnchorError_ns);
}

TEST_F(RecorderTest, KeepsTheCpuOfEachEvent) {
  std::vector<int> cpus;
  cpu_set_t had;
  ASSERT_EQ(sched_getaffinity(0, sizeof had, &had), 0);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &had)) cpus.push_back(cpu);
  }
  recorder.start();
  in_another_thread([&] {
    for (const int cpu : cpus) {
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(static_cast<std::size_t>(cpu), &one);
      ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
      recorder.record(1, 2);
    }
  });
  recorder.stop();
  const auto recording =
      recorder.collect<int>([](std::int64_t, const TickEvent& event) { return event.cpu; });
  ASSERT_EQ(recording.threads.size(), 1u);
  EXPECT_EQ(recording.threads.front().events, cpus);
}

TEST_F(RecorderTest, IsOnDuringARecordingAndWhileItListens) {
  EXPECT_FALSE(recorder.is_on());
  recorder.listen(true);
  EXPECT_TRUE(recorder.is_on());
  EXPECT_EQ(recorder.recording(), 0u);
  record([] { recorder.listen(false); });
  EXPECT_FALSE(recorder.is_on());
}

TEST_F(RecorderTest, KeepsTwoTracesApart) {
  another.start();
  const TestRecording first = record([] {
    recorder.record(1, 2);
    for (std::uint32_t i = 0; i < 5000; ++i) another.record(i, 0);
  });
  another.record(5000, 0);
  another.stop();
  ASSERT_EQ(first.threads.size(), 1u);
  EXPECT_EQ(first.threads.front().events.size(), 1u);
  EXPECT_EQ(first.dropped_events(), 0u);
  const TestRecording second = collected(another);
  ASSERT_EQ(second.threads.size(), 1u);
  EXPECT_EQ(second.threads.front().events.size(), 4096u);
  EXPECT_EQ(second.dropped_events(), 5001u - 4096u);
}

TEST_F(RecorderTest, ReusesTheBuffersOfEndedThreadsInLaterRecordings) {
  for (int round = 0; round < 10; ++round) {
    another.start();
    const TestRecording recording = record([] {
      for (int i = 0; i < 5; ++i) {
        in_another_thread([] {
          recorder.record(1, 2);
          another.record(3, 4);
        });
      }
    });
    another.stop();
    EXPECT_EQ(recording.threads.size(), 5u) << "round " << round;
    EXPECT_EQ(collected(another).threads.size(), 5u) << "round " << round;
  }
}

TEST_F(RecorderTest, CountsEventsDroppedWhenFull) {
  const TestRecording recording = record([&] {
    for (int pair = 0; pair < 3000; ++pair) {
      recorder.record(1, 2);
      recorder.record(3, 4);
    }
  });
  ASSERT_EQ(recording.threads.size(), 1u);
  EXPECT_EQ(recording.threads.front().events.size(), 4096u);
  EXPECT_EQ(recording.threads.front().dropped, 6000u - 4096u);
  EXPECT_EQ(recording.dropped_events(), 6000u - 4096u);
}

TEST_F(RecorderTest, BeginsEachRecordingEmpty) {
  record([&] { recorder.record(1, 2); });
  EXPECT_EQ(record([&] { recorder.record(3, 4); }).threads.front().events.size(), 1u);
  EXPECT_TRUE(record([] {}).threads.empty());
}

TEST_F(RecorderTest, KeepsTheEventsOfManyThreadsApart) {
  constexpr int kThreads = 6;
  const TestRecording recording = record([&] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (int pair = 0; pair <= 100 * i; ++pair) {
          recorder.record(1, 2);
          recorder.record(3, 4);
        }
      });
    }
  });
  std::vector<std::size_t> sizes;
  for (const ThreadEvents<TestEvent>& thread : recording.threads) sizes.push_back(thread.events.size());
  std::ranges::sort(sizes);
  EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 202, 402, 602, 802, 1002}));
  EXPECT_EQ(recording.dropped_events(), 0u);
}

TEST_F(RecorderTest, CountsThreadsThatFindNoBuffer) {
  constexpr int kThreads = 12;
  std::barrier all_have_recorded(kThreads);
  const TestRecording recording = record([&] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        recorder.record(1, 2);
        recorder.record(3, 4);
        all_have_recorded.arrive_and_wait();
      });
    }
  });
  const std::size_t kept = recording.threads.size();
  EXPECT_LE(kept, kSizes.threads);
  EXPECT_EQ(recording.threads_without_buffer, kThreads - kept);
  EXPECT_EQ(recording.events_without_buffer, 2 * (kThreads - kept));
}

TEST_F(RecorderTest, KeepsWhatAThreadRecordedBeforeItEnded) {
  const TestRecording recording = record([&] {
    for (int i = 0; i < 3; ++i) in_another_thread([&] { recorder.record(1, 2); });
  });
  EXPECT_EQ(recording.threads.size(), 3u);
}

TEST_F(RecorderTest, CallsThreadsByTheirNames) {
  const TestRecording recording = record([&] {
    in_another_thread([&] {
      name_this_thread("team 0");
      recorder.record(1, 2);
    });
    in_another_thread([&] { recorder.record(1, 2); });
  });
  ASSERT_EQ(recording.threads.size(), 2u);
  std::vector<std::string> names{recording.threads[0].name, recording.threads[1].name};
  const auto named = std::ranges::find(names, "team 0");
  ASSERT_NE(named, names.end());
  names.erase(named);
  EXPECT_TRUE(names.front().starts_with("thread ")) << names.front();
}

TEST_F(RecorderTest, CutsALongName) {
  const TestRecording recording = record([&] {
    in_another_thread([&] {
      name_this_thread("a name that is far too long to be kept whole");
      recorder.record(1, 2);
    });
  });
  EXPECT_EQ(recording.threads.front().name, "a name that is far too long to ");
}

}  // namespace
}  // namespace harness::trace
