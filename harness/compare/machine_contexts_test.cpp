// harness/compare/machine_contexts_test.cpp: machines that differ, and a merge that does not say so.
#include "harness/compare/machine_contexts.h"

#include <gtest/gtest.h>

#include "harness/report/context.h"

namespace harness {
namespace {

TEST(MachineContexts, AreWhatAllSayAlikeWithoutWhatIsOfAProcess) {
  MachineContexts contexts;
  contexts.add(0, {{"kernel", "6.1"}, {"image", "x"}, {"date", "now"}, {"row_order", "as listed"}});
  contexts.add(1, {{"kernel", "6.1"}, {"image", "y"}, {"date", "now"}, {"warning_1", "busy"}});
  contexts.add(1, {});
  EXPECT_EQ(contexts.common(), (Context{{"kernel", "6.1"}}));
  contexts.add(1, {{"kernel", "6.8"}});
  EXPECT_TRUE(contexts.common().empty());
}

TEST(MachineContexts, NameWhatMachinesDifferIn) {
  MachineContexts contexts;
  const std::vector<std::string> names{"one", "two", "three"};
  // What interpreters differ in is alike on each machine.
  for (const std::size_t machine : {0U, 1U, 2U}) {
    for (const std::string python : {"host", "guest"}) {
      contexts.add(machine, {{"kernel", machine == 2 ? "6.8" : "6.1"},
                             {"embedding", python},
                             {"load_average", std::to_string(machine)},
                             {"row_order", "shuffled by " + std::to_string(machine)}});
    }
  }
  const auto differences = contexts.differences(names);
  EXPECT_EQ(differences,
            (std::map<std::string, Context>{{"kernel", {{"one", "6.1"}, {"two", "6.1"}, {"three", "6.8"}}}}));
  EXPECT_EQ(machine_difference_notes(differences),
            std::vector<std::string>{"another kernel: 6.1 on one and two; 6.8 on three"});
}

TEST(MachineContexts, CountMachinesThatAreMany) {
  std::map<std::string, std::string> machines{{"odd", "powersave"}};
  for (int i = 0; i < 20; ++i) machines["node" + std::to_string(i)] = "performance";
  EXPECT_EQ(machine_difference_notes({{"governor", machines}}),
            std::vector<std::string>{"another governor: performance on 20 machines; powersave on odd"});
}

}  // namespace
}  // namespace harness
