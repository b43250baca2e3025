// harness/system/machine_identity_test.cpp: one machine taken for two, two taken for one.
#include "harness/system/machine_identity.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "harness/system/test_folder.h"

namespace harness {
namespace {

const MachineIdentity kNode{.name = "node1", .id = "aa", .boot = "11"};

TEST(MachineIdentity, IsTheNameTheMachineIdAndTheBootId) {
  const TestFolder root;
  root.write("etc/machine-id", "0123abc\n");
  root.write("proc/sys/kernel/random/boot_id", "45-67\n");
  std::array<char, 256> name{};
  ASSERT_EQ(gethostname(name.data(), name.size()), 0);
  EXPECT_EQ(identify_machine(root.path()),
            (MachineIdentity{.name = name.data(), .id = "0123abc", .boot = "45-67"}));
}

TEST(MachineIdentity, HasEmptyTextsWhereTheSystemDoesNotTell) {
  const TestFolder root;
  const MachineIdentity identity = identify_machine(root.path());
  EXPECT_EQ(identity.id, "");
  EXPECT_EQ(identity.boot, "");
}

TEST(MachineIdentity, IsTheSameAfterAnotherStart) {
  EXPECT_TRUE(is_same_machine(kNode, {.name = "node1", .id = "aa", .boot = "22"}));
}

TEST(MachineIdentity, IsTheSameInEachContainerOfOneKernel) {
  EXPECT_TRUE(is_same_machine(kNode, {.name = "another", .id = "", .boot = "11"}));
}

TEST(MachineIdentity, TellsCopiesOfAnImageByTheirNames) {
  EXPECT_FALSE(is_same_machine(kNode, {.name = "node2", .id = "aa", .boot = "22"}));
}

TEST(MachineIdentity, TellsMachinesOfOneNameByTheirIds) {
  EXPECT_FALSE(is_same_machine(kNode, {.name = "node1", .id = "bb", .boot = "22"}));
}

TEST(MachineIdentity, DoesNotTakeABootIdThatNobodyToldForTheSame) {
  EXPECT_FALSE(is_same_machine({.name = "a", .id = "", .boot = ""}, {.name = "b", .id = "", .boot = ""}));
}

TEST(MachineNumbers, AreOneForThoseThatAThirdJoins) {
  const std::array identities{MachineIdentity{.name = "a", .id = "x", .boot = "1"},
                              MachineIdentity{.name = "b", .id = "y", .boot = "2"},
                              MachineIdentity{.name = "c", .id = "z", .boot = "3"},
                              MachineIdentity{.name = "a", .id = "x", .boot = "3"},
                              MachineIdentity{.name = "b", .id = "y", .boot = "4"}};
  EXPECT_EQ(number_machines(identities), (std::vector<std::size_t>{0, 1, 0, 0, 1}));
}

}  // namespace
}  // namespace harness
