// harness/tracer/process_image_test.cpp: lines of /proc/PID/maps, bytes of instructions, and this process's
// own functions.
#include "harness/tracer/process_image.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

namespace harness::tracer {
namespace {

using namespace std::string_view_literals;

TEST(FileMappings, AreThoseOfFiles) {
  const auto mappings = file_mappings(
      "7f0000000000-7f0000001000 r--p 00000000 fe:00 123    /usr/lib/with a blank.so\n"
      "7f0000001000-7f0000003000 r-xp 00001000 fe:00 123    /usr/lib/with a blank.so\n"
      "7f0000003000-7f0000004000 rw-p 00000000 00:00 0\n"
      "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]\n"
      "no line of it\n");
  ASSERT_EQ(mappings.size(), 2u);
  EXPECT_EQ(mappings[0].file, "/usr/lib/with a blank.so");
  EXPECT_FALSE(mappings[0].is_code);
  EXPECT_TRUE(mappings[1].is_code);
  EXPECT_EQ(mappings[1].begin, 0x7f0000001000u);
  EXPECT_EQ(mappings[1].offset, 0x1000u);
}

#if defined(__x86_64__)
TEST(CallBefore, KnowsTheCallsOfThisArchitecture) {
  EXPECT_EQ(call_before("\x90\x90\xe8\x10\x00\x00\x00"sv).kind, CallBefore::direct);
  EXPECT_EQ(call_before("\x90\x90\xe8\xf0\xff\xff\xff"sv).distance, -16);
  EXPECT_EQ(call_before("\x90\xff\x15\x20\x00\x00\x00"sv).kind, CallBefore::through_memory);
  EXPECT_EQ(call_before("\x90\x90\x90\x90\x90\xff\xd0"sv).kind, CallBefore::through_register);
  EXPECT_EQ(call_before("\x90\x90\x90\x90\x90\x90\x90"sv).kind, CallBefore::none);
  EXPECT_EQ(call_before(""sv).kind, CallBefore::none);
}
#endif

extern "C" [[gnu::noinline]] std::uintptr_t harness_test_return_address() {
  return reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
}

class OwnImage : public testing::Test {
 protected:
  OwnImage() { image_.look(); }
  ProcessImage image_{getpid()};
};

TEST_F(OwnImage, NamesAFunctionAndItsFile) {
  const std::uintptr_t here = harness_test_return_address();
  const ProcessImage::Place place = image_.place_of(here);
  EXPECT_NE(place.function.find("NamesAFunctionAndItsFile"), std::string::npos) << place.function;
  EXPECT_EQ(place.library(), "tracer_test");
  EXPECT_TRUE(image_.has_code(here));
}

TEST_F(OwnImage, SaysNothingOfWhereNoFileIs) {
  const int on_stack = 0;
  const auto address = reinterpret_cast<std::uintptr_t>(&on_stack);
  EXPECT_EQ(image_.place_of(address).file, "");
  EXPECT_FALSE(image_.has_code(address));
  EXPECT_EQ(image_.read(1, 16), "");
}

TEST_F(OwnImage, ReadsMemory) {
  const std::string text = "what is to be read";
  EXPECT_EQ(image_.read(reinterpret_cast<std::uintptr_t>(text.data()), text.size()), text);
}

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
/// Gives `take` its own stack and the address behind its caller's call.
extern "C" [[gnu::noinline]] void harness_test_inner(std::vector<std::uintptr_t>& callers,
                                                     ProcessImage& image) {
  callers = image.callers(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) + sizeof(void*),
                          reinterpret_cast<std::uintptr_t>(&harness_test_inner) + 1);
}
extern "C" [[gnu::noinline]] int harness_test_outer(std::vector<std::uintptr_t>& callers,
                                                    ProcessImage& image) {
  harness_test_inner(callers, image);
  return static_cast<int>(callers.size());
}

TEST_F(OwnImage, ReadsWhoCalledWhomOffAStack) {
  std::vector<std::uintptr_t> callers;
  harness_test_outer(callers, image_);
  std::vector<std::string> names;
  for (const std::uintptr_t caller : callers) names.push_back(image_.place_of(caller).function);
  ASSERT_GE(names.size(), 3u);
  EXPECT_EQ(names[0], "harness_test_inner");
  EXPECT_EQ(names[1], "harness_test_outer");
  EXPECT_NE(names[2].find("ReadsWhoCalledWhom"), std::string::npos) << names[2];
}
#endif

}  // namespace
}  // namespace harness::tracer
