// harness/end_to_end/devices_test.cpp: a row on a device that ran elsewhere, or that says nothing of what is
// missing.
#include "harness/end_to_end/test_program.h"
#include "harness/row/outcome.h"
#include "harness/system/text.h"
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
      "does not apply: there is no OpenCL device, or no driver of one; to get it: apt install "
      "ocl-icd-libopencl1 pocl-opencl-icd";
  EXPECT_EQ(rows_of(saved()), (NamedErrors{{kBoth, missing}, {kNone, missing}}));
  expect_holds(result.standard_output, {"  to get it: apt install ocl-icd-libopencl1 pocl-opencl-icd\n"});
}

/// That such a row says what its device costs to enter.
void expect_costs(const Json& row) {
  for (const char* const counter : {"first_start_ns", "start_p50_ns", "call_p50_ns", "call_p99_ns",
                                    "megabyte_p50_ns", "megabyte_p99_ns"}) {
    EXPECT_GT(row.number(counter, 0), 0) << counter;
  }
}

TEST_F(Devices, OfOpenclTellWhatTheyCostToEnter) {
  const auto result = run({"--filter=^start/opencv_opencl"}, {{"OPENCV_OPENCL_DEVICE", ":CPU:"}});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const std::vector<Json> rows = entries("start/opencv_opencl/");
  ASSERT_EQ(rows.size(), 1U);
  const StoredOutcome outcome = parse_stored_message(rows[0].text("error_message", ""));
  if (outcome.outcome == Outcome::not_applicable) return skip_for_want_of(kOpenclDevice, outcome.reason);
  expect_costs(rows[0]);
}

/// The program, in a folder of its own where a module of the tests stands for the CUDA kernels.
class CudaDevices : public Devices {
 protected:
  void SetUp() override {
    namespace fs = std::filesystem;
    fs::create_directory(build_);
    fs::copy_file(HARNESS_PROGRAM, build_ / "harness");  // a link would lead it to the other modules
    for (const fs::directory_entry& entry : fs::directory_iterator(HARNESS_BUILD_FOLDER)) {
      const fs::path name = entry.path().filename();
      const bool own = name.string().starts_with("harness_") || name == "scripts" || name == "results";
      if (own && name != "harness_cuda.so") fs::create_symlink(entry.path(), build_ / name);
    }
  }

  void install(const std::string& module) const {
    std::filesystem::copy_file(std::string(HARNESS_KERNELS_FOLDER) + "/lib" + module + ".so",
                               build_ / "harness_cuda.so");
  }

  /// Runs it with FAKE_CUDA=`wrong`, as fake_cuda.cpp has it.
  ProcessResult run_there(const Arguments& arguments, const std::string& wrong = "") const {
    Command there = command(arguments, {{"FAKE_CUDA", wrong}});
    there.argv.front() = (build_ / "harness").string();
    return run_subprocess(there, kPatience);
  }

  /// Runs all rows, and expects each to say `error`.
  void expect_each_says(const std::string& wrong, int exit_code, const std::string& error) const {
    SCOPED_TRACE(wrong);
    const auto result = run_there({"--filter=grayscale/cuda"}, wrong);
    EXPECT_EQ(result.exit_code, exit_code) << result.standard_error;
    expect_no_crash(result);
    const NamedErrors rows = rows_of(saved());
    EXPECT_EQ(rows.size(), 3U);
    for (const auto& [name, said] : rows) EXPECT_EQ(said, error) << name;
  }

  const std::filesystem::path build_ = folder().path() / "build";
};

const std::string kCeiling = "memory/cuda_read3_write1/threads:1/transfer:none";
const std::string kCudaBoth = "grayscale/cuda/threads:1/transfer:both";
const std::string kCudaNone = "grayscale/cuda/threads:1/transfer:none";

TEST_F(CudaDevices, AreVerifiedTimedAndNamedBesideWhatTheirOwnMemoryAllows) {
  install("fake_cuda");
  const auto result = run_there({"--filter=grayscale/cuda", "--size=333x31"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(rows_of(saved()), (NamedErrors{{kCeiling, ""}, {kCudaBoth, ""}, {kCudaNone, ""}}));
  for (const Json& row : entries("")) {
    const bool both = row.at("name").text().ends_with("transfer:both");
    expect_holds(row.text("label", ""), {both ? "on a device of the tests, there and back"
                                              : "on a device of the tests, where it stays"});
  }
}

TEST_F(CudaDevices, TellWhatTheyCostToEnter) {
  install("fake_cuda");
  const auto result = run_there({"--filter=^start/cuda"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  ASSERT_EQ(entries("start/cuda/").size(), 1U);
  expect_costs(entries("start/cuda/")[0]);
  const auto wrong = run_there({"--filter=^start/cuda"}, "nothing");
  EXPECT_EQ(wrong.exit_code, 1);
  expect_holds(wrong.standard_error, {"wrong result: the megabyte comes back as another"});
}

TEST_F(CudaDevices, HaveACeilingOnlyWhereTheImageStaysThere) {
  install("fake_cuda");
  const auto has_ceiling = [](const Json& row) {
    return row.contains("of_ceiling") ||
           row.text("label", "").find("of_ceiling withheld") != std::string::npos;
  };
  const auto result = run_there({"--filter=grayscale/(cuda|native/)"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  ASSERT_EQ(entries(kCudaBoth).size(), 1U);
  EXPECT_FALSE(has_ceiling(entries(kCudaBoth)[0]));
  EXPECT_TRUE(has_ceiling(entries(kCudaNone)[0]));
  // The rows of the host's memory are there, too, but none of them runs in the process of the row.
  EXPECT_EQ(entries("memory/read3_write1/threads:1").size(), 2U);
  EXPECT_TRUE(has_ceiling(entries("grayscale/native/threads:1")[0]));
}

TEST_F(CudaDevices, HaveNoCeilingInAComparison) {
  install("fake_cuda");
  const std::string libpython = HARNESS_LIBPYTHON;
  const auto result = run_there(
      {"--python=a=" + libpython, "--python=b=" + libpython, "--rounds=2", "--filter=" + kCudaNone});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::string a = read_text_file(out() / "a.json").value_or("");
  expect_holds(a, {kCudaNone});
  EXPECT_EQ(count_of(a, "of_ceiling"), 0U);
}

TEST_F(CudaDevices, ThatWriteNothingAreNotTimed) {
  install("fake_cuda");
  const auto result = run_there({"--filter=grayscale/cuda"}, "nothing");
  EXPECT_EQ(result.exit_code, 1);
  expect_holds(
      result.standard_error,
      {kCeiling + " failed: wrong result: the kernel wrote something else than it is to\n",
       kCudaBoth + " failed: wrong result: the kernel 3072 of 3072 pixels are wrong; the first, x 0 y 0, ",
       kCudaNone + " failed: wrong result: the kernel 3072 of 3072 pixels are wrong; the first, x 0 y 0, "});
  EXPECT_EQ(failed_of(saved()), (std::vector<std::string>{kCeiling, kCudaBoth, kCudaNone}));
}

TEST_F(CudaDevices, ThatFailSayWhatFailed) {
  install("fake_cuda");
  expect_each_says("open", 1, "CUDA: cudaMalloc: out of memory (cudaErrorMemoryAllocation)");
  expect_each_says("run", 1,
                   "CUDA: the kernel: an illegal memory access was encountered (cudaErrorIllegalAddress)");
}

TEST_F(CudaDevices, ThatAreMissingAreNobodysFailure) {
  const std::string not_here = "does not apply: ", driver = "; to get it: apt-get install nvidia-driver";
  expect_each_says("no module", 0,
                   not_here +
                       "this build has no CUDA kernels, because CMake found no nvcc that works; to get it: "
                       "CUDACXX=/path/to/nvcc cmake --preset release && cmake --build --preset release");
  install("fake_cuda");
  expect_each_says("no_driver", 0, not_here + "there is no NVIDIA driver (libcuda.so.1)" + driver);
  expect_each_says(
      "old_driver", 0,
      not_here + "the NVIDIA driver is older than the CUDA that this program was built with" + driver);
  expect_each_says("no_device", 0,
                   not_here +
                       "no CUDA device (the NVIDIA driver has none, or CUDA_VISIBLE_DEVICES leaves "
                       "none); to get it: unset CUDA_VISIBLE_DEVICES");
}

TEST_F(CudaDevices, AreNotLookedForByAModuleOfAnotherVersion) {
  install("fake_cuda_of_another_version");
  expect_each_says("version", 1,
                   (build_ / "harness_cuda.so").string() +
                       " is of version 7 of harness_cuda.h, and this is 1; build it anew");
}

// On a machine with a device its rows run, on one without they say what is missing.
TEST_F(Devices, OfCudaRunOrAreNobodysFailure) {
  if (!std::filesystem::exists(std::string(HARNESS_BUILD_FOLDER) + "/harness_cuda.so")) {
    GTEST_SKIP() << "CMake found no nvcc that works";
  }
  const auto result = run({"--filter=grayscale/cuda", "--size=333x31"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
  ASSERT_EQ(rows_of(saved()).size(), 3U);
  const StoredOutcome outcome = parse_stored_message(entries(kCudaBoth)[0].text("error_message", ""));
  if (outcome.outcome == Outcome::not_applicable) {
    expect_holds(outcome.reason, {"NVIDIA driver"});
    return skip_for_want_of(kCudaDevice, outcome.reason);
  }
  expect_holds(entries(kCudaNone)[0].text("label", ""), {"compute capability"});
}

}  // namespace
}  // namespace harness::devices_test
