// harness/lock_trace/stacks_test.cpp: stacks that are walked, numbered and named wrongly.
#include <gtest/gtest.h>

#include <thread>

#include "harness/lock_trace/stack_table.h"
#include "harness/lock_trace/stack_walker.h"
#include "harness/lock_trace/symbols.h"
#include "harness/lock_trace/watched_code.h"

namespace harness::lock_trace {
namespace {

constinit StackTable table;
constinit StackWalker walker;

// What a hooked function does.
[[gnu::noinline]] void hooked(Frames& frames) {
  walker.walk(reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)),
              reinterpret_cast<std::uintptr_t>(__builtin_dwarf_cfa()), frames);
}

// Each with a frame of another size, and code after the call, so that it is a call.
[[gnu::noinline]] int inner(Frames& frames) {
  volatile int room[10]{};
  hooked(frames);
  return room[3];
}
[[gnu::noinline]] int outer(Frames& frames) {
  volatile char room[100]{};
  return inner(frames) + room[7];
}
[[gnu::noinline]] int deep(Frames& frames, int depth) {
  volatile int room[3]{};
  return (depth == 0 ? inner(frames) : deep(frames, depth - 1)) + room[1];
}

class Stacks : public testing::Test {
 protected:
  void SetUp() override {
    code_ = watch_code_of({.any = reinterpret_cast<const void*>(&outer)});
    ASSERT_FALSE(code_.file.empty());
    StackWalker::make_ready();
    walker.begin_budget();
  }

  WatchedCode code_;
};

TEST_F(Stacks, AreTheSameLearnedAndUnwound) {
  Frames first, second;
  outer(first);
  const WalkCounts learned = walker.counts();
  outer(second);
  EXPECT_EQ(first.addresses()[0], second.addresses()[0]);
  EXPECT_EQ(first.addresses()[1], second.addresses()[1]);
  EXPECT_GE(first.addresses().size(), 3U);
  EXPECT_GE(learned.unwound, 1U);
  EXPECT_EQ(walker.counts().corrected, 0U);
}

TEST_F(Stacks, NeedNoUnwindingOnceTheirPlacesAreKnown) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "places are learned on x86-64";
#endif
  Frames frames;
  for (int i = 0; i < 2; ++i) outer(frames);
  const std::uint64_t before = walker.counts().unwound;
  for (int i = 0; i < 100; ++i) outer(frames);
  EXPECT_LE(walker.counts().unwound, before + 1);  // one may be a check
}

TEST_F(Stacks, AreNamedByTheFile) {
  Frames frames;
  outer(frames);
  Symbols symbols(code_);
  EXPECT_NE(symbols.name_of(frames.addresses()[0]).find("inner"), std::string::npos);
  EXPECT_NE(symbols.name_of(frames.addresses()[1]).find("outer"), std::string::npos);
}

TEST_F(Stacks, AreAsDeepAsTheyMayBe) {
  Frames frames;
  for (int i = 0; i < 2; ++i) deep(frames, 100);
  EXPECT_EQ(frames.addresses().size(), Frames::kMost);
}

TEST_F(Stacks, OfOtherThreadsAreWalkedToo) {
  Frames here, there;
  for (int i = 0; i < 2; ++i) outer(here);
  std::jthread([&] { outer(there); }).join();
  EXPECT_EQ(here.addresses()[0], there.addresses()[0]);
  EXPECT_EQ(here.addresses()[1], there.addresses()[1]);
}

TEST(StackTable, NumbersAStackOnce) {
  Frames one, other, none;
  one.add(1000);
  one.add(2000);
  other.add(2000);
  other.add(1000);
  const StackNumber number = table.number_of(one);
  EXPECT_NE(number, 0U);
  EXPECT_EQ(table.number_of(one), number);
  EXPECT_NE(table.number_of(other), number);
  EXPECT_EQ(table.addresses_of(number), (std::vector<std::uintptr_t>{1000, 2000}));
  EXPECT_EQ(table.number_of(none), 0U);
  EXPECT_TRUE(table.addresses_of(0).empty());
}

TEST(FunctionAt, IsUnknownBetweenTwoSymbols) {
  const std::vector<ElfFunction> functions{
      {100, 10, "first"}, {100, 0, "alias"}, {200, 50, "list_resize.part.0"}, {300, 0, "no_size"}};
  EXPECT_EQ(function_at(functions, 100), "first");
  EXPECT_EQ(function_at(functions, 109), "first");
  EXPECT_EQ(function_at(functions, 110), "");
  EXPECT_EQ(function_at(functions, 249), "list_resize");
  EXPECT_EQ(function_at(functions, 310), "");
  EXPECT_EQ(function_at(functions, 5), "");
  EXPECT_EQ(function_at({}, 5), "");
}

}  // namespace
}  // namespace harness::lock_trace
