// harness/end_to_end/devices_test.cpp: a row on a device that ran elsewhere, or that says nothing of what is
// missing.
#include "harness/end_to_end/test_program.h"
#include "harness/row/outcome.h"
#include "harness/testing/skip.h"

namespace harness::devices_test {
namespace {

class Devices : public ProgramTest {
 protected:
  /// The entries whose names begin so.
  std::vector<Json> entries(const std::string& begin) const {
    std::vector<Json> found;
    if (saved().is_null()) return found;
    for (const Json& entry : saved().at("benchmarks").elements()) {
      if (entry.at("name").text().starts_with(begin)) found.push_back(entry);
    }
    return found;
  }
};

constexpr const char* kOpencl = "--filter=grayscale/opencv_opencl";
const std::string kBoth = "grayscale/opencv_opencl/threads:1/transfer:both";
const std::string kNone = "grayscale/opencv_opencl/threads:1/transfer:none";

TEST_F(Devices, OfOpenclAreVerifiedTimedAndNamed) {
  const auto result = run({kOpencl, "--size=333x31"}, {{"OPENCV_OPENCL_DEVICE", ":CPU:"}});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const std::vector<Json> rows = entries("grayscale/opencv_opencl");
  ASSERT_EQ(rows.size(), 2U);
  const StoredOutcome outcome = parse_stored_message(rows[0].text("error_message", ""));
  if (outcome.outcome == Outcome::not_applicable) return skip_for_want_of(kOpenclDevice, outcome.reason);
  EXPECT_EQ(rows_of(saved()), (NamedErrors{{kBoth, ""}, {kNone, ""}}));
  for (const Json& row : rows) {
    EXPECT_GT(row.at("pixels_per_second").number(), 0);
    EXPECT_FALSE(row.contains("of_ceiling")) << "the host's memory is not the device's";
    expect_holds(row.text("label", ""), {"on ", ", driver "});
  }
}

// A device of this kind is there wherever PoCL is, and OpenCV does not say why it takes none.
TEST_F(Devices, OfOpenclThatAreCpusOnlyAreToldHowToBeTaken) {
  const auto result = run({kOpencl}, {{"OPENCV_OPENCL_DEVICE", std::nullopt}});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const std::vector<Json> rows = entries(kBoth);
  ASSERT_EQ(rows.size(), 1U);
  const StoredOutcome outcome = parse_stored_message(rows[0].text("error_message", ""));
  if (outcome.outcome == Outcome::ok) GTEST_SKIP() << "there is an OpenCL device besides the CPU";
  if (outcome.reason.find("there is no OpenCL device") != std::string::npos) {
    return skip_for_want_of(kOpenclDevice, outcome.reason);
  }
  expect_holds(outcome.reason,
               {"the only OpenCL device is a CPU (", "; to get it: export OPENCV_OPENCL_DEVICE=:CPU:"});
  expect_holds(result.standard_output, {"  to get it: export OPENCV_OPENCL_DEVICE=:CPU:\n"});
}

TEST_F(Devices, OfOpenclThatAreNotThereAreNobodysFailure) {
  const auto result = run({kOpencl}, {{"OPENCV_OPENCL_RUNTIME", "disabled"}});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const std::string missing =
      "does not apply: there is no OpenCL device, or no driver of one; to get it: apt-get install "
      "pocl-opencl-icd";
  EXPECT_EQ(rows_of(saved()), (NamedErrors{{kBoth, missing}, {kNone, missing}}));
  expect_holds(result.standard_output, {"  to get it: apt-get install pocl-opencl-icd\n"});
}

}  // namespace
}  // namespace harness::devices_test
