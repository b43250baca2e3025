// harness/compare/merge_test.cpp: a merge that loses a round, counts one twice, or hides what differs between
// machines.
#include "harness/compare/merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "harness/compare/cell_text.h"
#include "harness/compare/comparison_document.h"
#include "harness/compare/comparison_json.h"
#include "harness/compare/test_parts.h"
#include "harness/report/csv.h"
#include "harness/row/test_rows.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

class MergeTest : public testing::Test {
 protected:
  /// `parts` parts of `rounds` rounds, the machine of each by its number.
  MergedComparison merged(int parts, int rounds, const PlantedMs& ms) const {
    std::vector<std::filesystem::path> folders;
    for (int part = 1; part <= parts; ++part) {
      const std::string name = "part-" + std::to_string(part);
      folders.push_back(plant_part(root_, name,
                                   plan_of_part({.part = part, .parts = parts, .rounds = rounds}),
                                   "node" + std::to_string(part), ms));
    }
    return merge_parts(read_parts(folders), CompareSettings{});
  }

  TestFolder root_;
};

const Cell& cell_of_b(const MergedComparison& merged) {
  return merged.comparison.rows.at(0).cells.at(1);
}

/// b takes as much longer than a as this says, in hundredths of a ratio's logarithm.
PlantedMs slower_by(const std::function<double(int round)>& hundredths) {
  return [=](int round, std::size_t python) {
    return 100 * (python == 0 ? 1 : std::exp(hundredths(round) / 100));
  };
}

// Machines 1 and 2 have rounds 1, 3 and 2, 4: means 11 and 21 hundredths.
TEST_F(MergeTest, EstimatesFromTheMachinesMeans) {
  const MergedComparison two = merged(2, 4, slower_by([](int round) {
                                        return std::vector{10.0, 20.0, 12.0, 22.0}[std::size_t(round - 1)];
                                      }));
  const Cell& cell = cell_of_b(two);
  EXPECT_NEAR(cell.effect->mean, 0.16, 1e-6);
  EXPECT_NEAR(cell.effect->standard_error, 0.05, 1e-6);  // half of 0.21 - 0.11
  EXPECT_EQ(cell.effect->degrees_of_freedom, 1);
  EXPECT_EQ(cell.compared, 4U);
  ASSERT_EQ(cell.machines.size(), 2U);
  EXPECT_NEAR(cell.machines[0].mean, 0.11, 1e-6);
  EXPECT_NEAR(cell.machines[1].mean, 0.21, 1e-6);
  EXPECT_EQ(cell.verdict, Verdict::inconclusive);  // two machines say little of a third
  EXPECT_GT(cell.machines_needed, 2U);
  EXPECT_EQ(cell.rounds_needed, 0U);
  EXPECT_EQ(two.processes, 8U);
}

TEST_F(MergeTest, OfOneMachineIsTheOrdinaryComparison) {
  const PlantedMs ms = slower_by([](int round) { return 10 + round; });
  const Cell cell = cell_of_b(merged(1, 4, ms));
  std::vector<Subject> subjects(2);
  for (const std::size_t python : {0U, 1U}) {
    for (int round = 1; round <= 4; ++round) {
      const double time_s = std::stod(std::to_string(ms(round, python))) / 1000;
      subjects[python].processes.push_back(
          {.round = round, .failure = {}, .rows = {timed_row(kPlantedRow, time_s)}});
    }
  }
  const Comparison ordinary = compare_paired(subjects, CompareSettings{});
  const Cell& expected = ordinary.rows[0].cells[1];
  EXPECT_DOUBLE_EQ(cell.effect->mean, expected.effect->mean);
  EXPECT_DOUBLE_EQ(cell.effect_interval->low, expected.effect_interval->low);
  EXPECT_DOUBLE_EQ(cell.effect_interval->high, expected.effect_interval->high);
  EXPECT_EQ(cell.verdict, expected.verdict);
  EXPECT_EQ(cell.rounds_needed, expected.rounds_needed);
  EXPECT_EQ(cell.machines_needed, 0U);
}

// Sixty-four machines, a round on each, so that the interval is the t interval of the rounds.
TEST_F(MergeTest, TakesEachRoundOfManyPartsOnce) {
  const MergedComparison many = merged(64, 64, slower_by([](int round) { return round; }));
  const Cell& cell = cell_of_b(many);
  EXPECT_EQ(cell.compared, 64U);
  EXPECT_EQ(cell.times_s.size(), 64U);
  EXPECT_NEAR(cell.times_s[0], 0.1 * std::exp(0.01), 1e-9);
  EXPECT_NEAR(cell.times_s[63], 0.1 * std::exp(0.64), 1e-9);
  EXPECT_NEAR(cell.effect->mean, 0.325, 1e-7);  // of 1 … 64 hundredths
  EXPECT_NEAR(cell.effect->standard_error, std::sqrt(64. * 65 / 12 / 64) / 100, 1e-7);
  EXPECT_EQ(cell.effect->degrees_of_freedom, 63);
  EXPECT_EQ(many.comparison.merged->machines.size(), 64U);
  EXPECT_EQ(many.comparison.merged->machines[63].name, "node64");
  EXPECT_EQ(many.comparison.merged->machines[63].cpu_model, "CPU of part-64");
  EXPECT_EQ(many.comparison.merged->machines[63].rounds, 1U);
}

TEST_F(MergeTest, SaysOnHowManyMachinesAVerdictHolds) {
  // Four machines, of which the last has a mean on the other side.
  const MergedComparison four =
      merged(4, 8, slower_by([](int round) {
               return std::vector{500., 501., 502., -1., 499., 500.5, 501.5, -1.1}[std::size_t(round - 1)];
             }));
  const ComparedRow& row = four.comparison.rows[0];
  EXPECT_EQ(row.machines_agreeing(row.cells[1], 0.01), 0U);  // inconclusive
  Cell cell = row.cells[1];
  cell.verdict = Verdict::slower;
  EXPECT_EQ(row.machines_agreeing(cell, 0.01), 3U);
  EXPECT_EQ(verdict_text(four.comparison, row, cell), "slower on 3 of 4 machines");
  cell.verdict = Verdict::faster;
  EXPECT_EQ(row.machines_agreeing(cell, 0.01), 1U);
  cell.verdict = Verdict::same;
  EXPECT_EQ(row.machines_agreeing(cell, 0.02), 1U);
  EXPECT_EQ(row.machines_agreeing(cell, 0.01), 0U);  // 1.05 hundredths are beyond 1 %
  cell.verdict = Verdict::inconclusive;
  EXPECT_EQ(verdict_text(four.comparison, row, cell), "inconclusive");
}

TEST_F(MergeTest, CountsMoreAsBetterWhereItIs) {
  ComparedRow row;
  row.measure.better = Better::higher;
  Cell cell;
  cell.machines = {{.machine = 0, .rounds = 1, .mean = 0.5},
                   {.machine = 1, .rounds = 1, .mean = 0.3},
                   {.machine = 2, .rounds = 1, .mean = -0.1}};
  cell.verdict = Verdict::faster;
  EXPECT_EQ(row.machines_agreeing(cell, 0.01), 2U);
}

const PlantedMs kDiffers =
    slower_by([](int round) { return std::vector{10., 30., 10.5, 30.5, 9.5, 29.5}[std::size_t(round - 1)]; });

TEST_F(MergeTest, NamesARowThatDiffersBetweenMachines) {
  const MergedComparison two = merged(2, 6, kDiffers);
  EXPECT_TRUE(cell_of_b(two).differs_between_machines);
  const auto notes = notes_of(two.comparison);
  EXPECT_NE(std::ranges::find(notes,
                              "differs between machines: countdown/python/threads:1 on b: node1 1.105, "
                              "node2 1.350"),
            notes.end())
      << testing::PrintToString(notes);
}

TEST_F(MergeTest, NamesNoRowThatVariesWithinMachinesAsMuch) {
  const MergedComparison two = merged(
      2, 6,
      slower_by([](int round) { return std::vector{10., 12., 30., 29., 20., 22.}[std::size_t(round - 1)]; }));
  EXPECT_TRUE(cell_of_b(two).one_effect_probability);
  EXPECT_FALSE(cell_of_b(two).differs_between_machines);
}

TEST_F(MergeTest, CannotTellWhetherMachinesDifferByARoundOnEach) {
  EXPECT_FALSE(cell_of_b(merged(4, 4, kDiffers)).one_effect_probability);
}

TEST_F(MergeTest, ShowsTheLeastAndTheMostOfManyMachines) {
  const MergedComparison ten =
      merged(10, 20, slower_by([](int round) { return 10 * ((round - 1) % 10) + (round > 10 ? 0.1 : 0); }));
  const auto notes = notes_of(ten.comparison);
  EXPECT_NE(std::ranges::find(notes,
                              "differs between machines: countdown/python/threads:1 on b: node1 1.001 to "
                              "node10 2.461 of 10 machines"),
            notes.end())
      << testing::PrintToString(notes);
}

TEST_F(MergeTest, IsTheSameWhicheverWayPartsAreGivenAndWheneverTheyRan) {
  merged(2, 6, kDiffers);
  const auto first = root_.path() / "part-1", second = root_.path() / "part-2";
  const auto text = [](const std::vector<std::filesystem::path>& folders) {
    const Comparison comparison = merge_parts(read_parts(folders), CompareSettings{}).comparison;
    return comparison_json(comparison, {}) + csv_text(comparison_document(comparison, knows_none).data);
  };
  const std::string before = text({first, second});
  EXPECT_EQ(text({second, first}), before);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(second)) {
    if (entry.is_regular_file())
      std::filesystem::last_write_time(entry, entry.last_write_time() - std::chrono::hours(1));
  }
  EXPECT_EQ(text({first, second}), before);
}

TEST_F(MergeTest, SaysInEachFormatHowItWasPutTogether) {
  const Comparison comparison = merged(2, 6, kDiffers).comparison;
  EXPECT_TRUE(contains(heading_text(comparison),
                       "6 rounds on 2 machines; intervals are of what varies between machines"));
  const std::string json = comparison_json(comparison, {});
  for (const char* const part :
       {"\"parts\": 2", "\"parts_found\": 2", "\"planned_rounds\": 6", "\"missing_rounds\": []",
        "\"name\": \"node2\"", "\"cpu_model\": \"CPU of part-2\"", "\"machine_ratios\": [",
        "\"differs_between_machines\": true"}) {
    EXPECT_TRUE(contains(json, part)) << part;
  }
  const std::string csv = csv_text(comparison_document(comparison, knows_none).data);
  EXPECT_TRUE(
      contains(csv, "difference_high,machines,machines_agreeing,machines_needed,differs_between_machines,"))
      << csv;
  EXPECT_TRUE(contains(csv, ",2,,")) << csv;
}

TEST_F(MergeTest, SaysWhereARoundsResultIsGoneAndComparesTheRowNoMore) {
  merged(2, 6, kDiffers);
  std::filesystem::remove(root_.path() / "part-2/processes/4-b/result.json");
  const MergedComparison two =
      merge_parts(read_parts({root_.path() / "part-1", root_.path() / "part-2"}), CompareSettings{});
  EXPECT_TRUE(two.failed);
  EXPECT_TRUE(contains(cell_of_b(two).failure, "4-b/result.json: it cannot be read"));
  EXPECT_FALSE(cell_of_b(two).verdict);
}

// A row that another interpreter is the first to measure otherwise than by its time.
TEST(CompareBlocks, ComparesARowByWhatALaterInterpreterMeasures) {
  const auto planted = [](const std::string& label, bool measures) {
    Subject subject{.label = label, .processes = {}};
    for (int round = 1; round <= 3; ++round) {
      Row row = timed_row("gil/detach_attach/spinners:0", 1);
      if (measures) row.counters["pair_ns"] = 50 + round;
      subject.processes.push_back({.round = round, .failure = {}, .rows = {row}});
    }
    return subject;
  };
  const std::vector<Subject> subjects{planted("a", false), planted("b", true), planted("c", true)};
  const Comparison comparison = compare_paired(subjects, CompareSettings{});
  const ComparedRow& row = comparison.rows.at(0);
  EXPECT_EQ(row.measure.key, "pair_ns");
  EXPECT_EQ(row.cells[0].failure, "it has no pair_ns (3 of 3 processes)");
  EXPECT_EQ(row.cells[1].values, (std::vector<double>{51, 52, 53}));
  EXPECT_FALSE(row.cells[1].verdict);
}

}  // namespace
}  // namespace harness
