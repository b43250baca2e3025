// harness/workloads/workload_test.cpp: a split that loses items, a reference that takes a wrong result for
// right.
#include "harness/workloads/workload.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <span>

#include "harness/workloads/user_benchmarks.h"
#include "kernels/sum_of_squares.h"

namespace harness {
namespace {

std::shared_ptr<PixelBytes> gray_of(ImageSize size) {
  return std::make_shared<PixelBytes>(size.pixels());
}

/// Values, an image and gray pixels for a job.
struct Work {
  Work(std::int64_t countdown_steps, std::int64_t sum_n, ImageSize size, std::int64_t python_pixels = 1 << 20)
      : values(parameters_of(all_workloads())),
        image(std::make_shared<Image>(synthetic_image(size))),
        gray(gray_of(size)) {
    values.give("--countdown-steps", {std::to_string(countdown_steps)});
    values.give("--sum-n", {std::to_string(sum_n)});
    values.give("--python-pixels", {std::to_string(python_pixels)});
  }

  Job job_of(const Workload& workload) const { return workload.make_job({values, image, gray}); }

  ParameterValues values;
  std::shared_ptr<const Image> image;
  std::shared_ptr<PixelBytes> gray;
};

/// The strategies that run native code of the workload's own, each on slices of its job one after the other.
std::vector<Strategy> kernels_of(const Workload& workload, const Work& work) {
  std::vector<Strategy> strategies = workload.strategies(work.values);
  std::erase_if(strategies, [](const Strategy& strategy) { return !strategy.kernel || !strategy.planned; });
  return strategies;
}

/// Runs `kernel` on these slices of the job, one after the other: each begins where the one before it ends.
embed::Integer run_slices(const Job& job, const Strategy& strategy, const std::vector<std::int64_t>& ends,
                          int threads) {
  embed::Integer sum = 0;
  std::int64_t begin = 0;
  for (const std::int64_t end : ends) {
    sum += strategy.kernel(job.data.get(), {begin, end}, threads);
    begin = end;
  }
  return sum;
}

void clear(const Job& job) {
  if (job.clear) job.clear();
}

/// The ends of the slices of different splits of `items` items.
std::vector<std::vector<std::int64_t>> splits(std::int64_t items) {
  std::vector<std::vector<std::int64_t>> splits{{1, items}, {items - 1, items}};
  for (int members = 1; members <= 7; ++members) {
    splits.emplace_back();
    for (int member = 0; member < members; ++member) {
      splits.back().push_back(slice_of(items, member, members).end);
    }
  }
  return splits;
}

TEST(Workloads, GiveTheRightResultForEveryKernelSplitAndThreadCount) {
  const Work work(1003, 1009, {37, 29});
  for (const Workload& workload : all_workloads()) {
    const Job job = work.job_of(workload);
    for (const Strategy& strategy : kernels_of(workload, work)) {
      for (const auto& split : splits(job.items)) {
        for (int threads = 1; threads <= 3; ++threads) {
          clear(job);
          EXPECT_EQ(job.mismatch(run_slices(job, strategy, split, threads), job.items), "")
              << workload.name << ", " << strategy.name << ", " << split.size() << " slices, " << threads
              << " threads";
        }
      }
    }
  }
}

TEST(Workloads, NoticeAnItemThatIsMissing) {
  const Work work(1003, 1009, {37, 29});
  for (const Workload& workload : all_workloads()) {
    if (workload.script.empty()) continue;  // its kernels always do the whole job
    const Job job = work.job_of(workload);
    for (const Strategy& strategy : kernels_of(workload, work)) {
      clear(job);
      EXPECT_NE(job.mismatch(run_slices(job, strategy, {job.items - 1}, 1), job.items), "") << workload.name;
    }
  }
}

TEST(Workloads, NoticeThatNothingRan) {
  const Work work(1003, 1009, {37, 29});
  for (const Workload& workload : all_workloads()) {
    const Job job = work.job_of(workload);
    for (const Strategy& strategy : kernels_of(workload, work)) {
      strategy.kernel(job.data.get(), {0, job.items}, 1);
      clear(job);
      EXPECT_NE(job.mismatch(0, job.items), "") << workload.name << ", " << strategy.name;
    }
  }
}

TEST(Workloads, HaveOneBaselineWhereTheyHaveAScript) {
  const Work work(1, 1, {1, 1});
  for (const Workload& workload : all_workloads()) {
    const auto strategies = workload.strategies(work.values);
    const auto baselines =
        std::ranges::count_if(strategies, [](const Strategy& strategy) { return strategy.traits.baseline; });
    EXPECT_EQ(baselines, workload.script.empty() ? 0 : 1) << workload.name;
  }
}

TEST(Workloads, DeclareEachParameterOnceWithItsHelp) {
  std::set<std::string> flags;
  for (const Parameter& parameter : parameters_of(all_workloads())) {
    EXPECT_TRUE(flags.insert(parameter.flag).second) << parameter.flag;
    EXPECT_TRUE(parameter.flag.starts_with("--") && !parameter.help.empty()) << parameter.flag;
  }
  EXPECT_TRUE(flags.contains("--countdown-steps") && flags.contains("--size"));
}

TEST(Workloads, AreInTheOrderOfTheReport) {
  std::vector<std::string> names;
  for (const Workload& workload : all_workloads()) names.push_back(workload.name);
  EXPECT_EQ(names, (std::vector<std::string>{"countdown", "sum_of_squares", "memory", "grayscale"}));
}

TEST(Countdown, SaysHowManyStepsItTook) {
  const Job job = Work(1000, 1, {1, 1}).job_of(countdown());
  EXPECT_EQ(job.items, 1000);
  EXPECT_EQ(job.returns, embed::Returns::integer);
  EXPECT_EQ(job.mismatch(1000, job.items), "");
  EXPECT_EQ(job.mismatch(999, job.items), "took 999 steps in all, not 1000");
}

TEST(SumOfSquares, IsComparedWithTheClosedFormula) {
  embed::Integer sum = 0;
  for (std::int64_t n = 1; n <= 100; ++n) {
    sum += static_cast<embed::Integer>(n * n);
    const Job job = Work(1, n, {1, 1}).job_of(sum_of_squares());
    EXPECT_EQ(job.mismatch(sum, job.items), "");
    EXPECT_NE(job.mismatch(sum + 1, job.items), "");
  }
}

TEST(Workloads, OfAnImageWriteToTheSameMemoryAndSayWhatTheyMove) {
  const Work chosen(1, 1, {37, 29});
  const auto holds = [](const Job& job, const PixelBytes& bytes) {
    return std::ranges::any_of(job.traffic, [&](std::span<const std::uint8_t> part) {
      return part.data() == bytes.data() && part.size() == bytes.size();
    });
  };
  for (const Workload& workload : all_workloads()) {
    const Job job = chosen.job_of(workload);
    EXPECT_EQ(holds(job, chosen.image->bgr), workload.of_image) << workload.name;
    EXPECT_EQ(holds(job, *chosen.gray), workload.of_image) << workload.name;
    if (!workload.of_image) continue;
    const std::vector<std::uint8_t> before(chosen.gray->begin(), chosen.gray->end());
    clear(job);
    EXPECT_FALSE(std::ranges::equal(before, *chosen.gray)) << workload.name;
  }
}

TEST(SumOfSquares, HasAClosedFormulaThatDoesNotOverflowForTheLargestN) {
  const Job job = Work(1, kernels::kSumOfSquaresMax, {1, 1}).job_of(sum_of_squares());
  EXPECT_EQ(job.mismatch(7, job.items),
            "gave 7 in all; the closed formula says 21333333341333333334000000000");
}

class GrayscaleJob : public testing::Test {
 protected:
  std::uint8_t* gray() const { return static_cast<std::uint8_t*>(job_.buffers[1].data); }
  void run(std::int64_t pixels) const { native_.kernel(job_.data.get(), {0, pixels}, 1); }

  const Workload workload_ = grayscale();
  const Work work_{1, 1, {8, 5}, 21};
  const std::shared_ptr<const Image> image_ = work_.image;
  const Job job_ = work_.job_of(workload_);
  const Strategy native_ = kernels_of(workload_, work_).front();
};

TEST_F(GrayscaleJob, HandsTheScriptTheSourceReadOnlyAndTheGrayPixelsToWrite) {
  EXPECT_EQ(job_.items, 40);
  EXPECT_EQ(job_.returns, embed::Returns::nothing);
  ASSERT_EQ(job_.buffers.size(), 2U);
  EXPECT_EQ(job_.buffers[0].data, image_->bgr.data());
  EXPECT_EQ(job_.buffers[0].bytes, 120);
  EXPECT_FALSE(job_.buffers[0].writable);
  EXPECT_EQ(job_.buffers[1].bytes, 40);
  EXPECT_TRUE(job_.buffers[1].writable);
  EXPECT_EQ(job_.picture().data(), gray());
  EXPECT_EQ(job_.picture().size(), 40U);
}

TEST_F(GrayscaleJob, IsWrongAtEveryPixelOnceCleared) {
  run(40);
  ASSERT_EQ(job_.mismatch(0, 40), "");
  job_.clear();
  EXPECT_TRUE(job_.mismatch(0, 40).starts_with("40 of 40 pixels are wrong; the first, x 0 y 0, is "))
      << job_.mismatch(0, 40);
}

TEST_F(GrayscaleJob, NamesTheFirstPixelThatIsWrong) {
  run(40);
  const int right = gray()[2 * 8 + 3];
  gray()[2 * 8 + 3] ^= 1;
  gray()[4 * 8 + 7] ^= 1;
  EXPECT_EQ(job_.mismatch(0, 40), "2 of 40 pixels are wrong; the first, x 3 y 2, is " +
                                      std::to_string(right ^ 1) + ", not " + std::to_string(right));
}

TEST_F(GrayscaleJob, GivesPythonWholeRowsOfALargerImageAndOneAtLeast) {
  const auto script_items = [this](std::int64_t python_pixels) {
    return Work(1, 1, {8, 5}, python_pixels).job_of(workload_).script_items;
  };
  EXPECT_EQ(job_.script_items, 16) << "two rows of 8 within 21 pixels";
  EXPECT_EQ(script_items(1), 8);
  EXPECT_EQ(script_items(40), 40);
  EXPECT_EQ(script_items(1000), 40);
}

TEST_F(GrayscaleJob, IsComparedOnWhatRanOnly) {
  job_.clear();
  run(16);
  EXPECT_EQ(job_.mismatch(0, 16), "");
  EXPECT_NE(job_.mismatch(0, 17), "");
}

TEST_F(GrayscaleJob, HasAReferenceOfItsOwnThatFollowsTheFormula) {
  for (std::size_t pixel = 0; pixel < 40; ++pixel) {
    const std::uint8_t* const bgr = &image_->bgr[3 * pixel];
    gray()[pixel] = static_cast<std::uint8_t>((bgr[0] * 3735 + bgr[1] * 19235 + bgr[2] * 9798 + 16384) >> 15);
  }
  EXPECT_EQ(job_.mismatch(0, 40), "");
}

TEST(ToString, WritesAll128Bits) {
  EXPECT_EQ(to_string(0), "0");
  EXPECT_EQ(to_string(1234567890), "1234567890");
  EXPECT_EQ(to_string(embed::Integer{std::numeric_limits<std::uint64_t>::max()} + 1), "18446744073709551616");
  EXPECT_EQ(to_string(~embed::Integer{0}), "340282366920938463463374607431768211455");
}

TEST(UserWorkloads, AreToldToBeOfTheirFileByTheirNames) {
  const std::filesystem::path file = "folder/mine.py";
  for (const char* const benchmark : {"", "a", "a.b"})
    EXPECT_TRUE(is_user_workload_of(file, user_workload_name(file, benchmark))) << benchmark;
  EXPECT_EQ(user_workload_name(file, "a"), "mine.a");
  for (const char* const other : {"min", "mine2", "mine2.a", "mine_a", "countdown", "a.mine"})
    EXPECT_FALSE(is_user_workload_of(file, other)) << other;
}

}  // namespace
}  // namespace harness
