// harness/end_to_end/images_test.cpp: the user's own image goes in, and each strategy's picture comes out.
#include <set>

#include "harness/end_to_end/test_program.h"
#include "harness/system/sha256.h"
#include "harness/system/text.h"

namespace harness {
namespace {

/// `count` bytes, each of which is something else than its neighbours.
std::string some_bytes(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i * 37 % 251);
  return bytes;
}

class Images : public ProgramTest {
 protected:
  void expect_taken(const std::filesystem::path& file, const std::string& conversion) const {
    SCOPED_TRACE(file);
    const auto result = run({"--filter=grayscale", "--image=" + file.string()});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    const auto json = saved();
    EXPECT_EQ(failed_of(json), std::vector<std::string>{});
    const Json context = json.at("context");
    EXPECT_EQ(context.at("image"), file.string());
    EXPECT_EQ(context.at("image_size"), "8x4");
    EXPECT_EQ(context.at("image_sha256"), sha256_of_file(folder().path() / file));
    EXPECT_EQ(context.at("image_conversion"), conversion);
    expect_holds(result.standard_output, {file.string() + ", 8x4"});
    if (conversion != "none") expect_holds(result.standard_output, {conversion});
  }
};

TEST_F(Images, OfTheUserAreConvertedAndTheReportSaysHow) {
  expect_taken(folder().write("colour.ppm", "P6\n8 4\n255\n" + some_bytes(96)), "none");
  expect_taken(folder().write("gray.pgm", "P5\n8 4\n255\n" + some_bytes(32)), "1 channel repeated in all 3");
  expect_taken(folder().write("deep.ppm", "P6\n8 4\n65535\n" + some_bytes(192)), "16 bits scaled by 1/257");
  expect_taken(
      folder().write("alpha.pam", "P7\nWIDTH 8\nHEIGHT 4\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n" +
                                      some_bytes(128)),
      "alpha dropped");
}

TEST_F(Images, MayBeNamedRelativeToTheWorkingFolder) {
  folder().write("sub folder/colour.ppm", "P6\n8 4\n255\n" + some_bytes(96));
  expect_taken("sub folder/colour.ppm", "none");
}

TEST_F(Images, ComeOutEqualFromEachStrategy) {
  EXPECT_EQ(run({"--filter=grayscale/", "--threads=1,2,3"}).exit_code, 0);
  std::set<std::string> pictures;
  for (const auto& [name, error] : rows_of(saved(), "grayscale/")) {
    if (!error.empty()) continue;  // some apply to some interpreters only
    const std::string strategy = name.substr(10, name.find('/', 10) - 10);
    pictures.insert("grayscale-" + strategy + ".png");
  }
  for (const char* const strategy :
       {"native", "native_gil_held", "opencv", "openmp", "openmp_simd", "python", "python_threads", "simd"}) {
    EXPECT_TRUE(pictures.contains("grayscale-" + std::string(strategy) + ".png")) << strategy;
  }
  std::vector<std::string> files(pictures.begin(), pictures.end());
  files.emplace_back("result.json");
  EXPECT_EQ(files_in(out()), files);
  const auto reference = read_text_file(out() / "grayscale-python.png");
  ASSERT_TRUE(reference);
  EXPECT_TRUE(reference->starts_with("\x89PNG\r\n"));
  pictures.erase("grayscale-python_numpy_style.png");  // it has the upper part only
  for (const std::string& name : pictures) EXPECT_EQ(read_text_file(out() / name), reference) << name;
}

// A PNG that the program wrote is an image that it reads, gray as it is.
TEST_F(Images, ThatCameOutMayGoIn) {
  run({"--filter=grayscale/native/", "--out=first"});
  const auto written = folder().path() / "first/grayscale-native.png";
  const auto result = run({"--filter=grayscale/native/", "--image=" + written.string()});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(saved().at("context").at("image_size"), "64x48");
  EXPECT_EQ(read_text_file(out() / "grayscale-native.png"), read_text_file(written));
}

TEST_F(Images, AreWhateverSizeIsAsked) {
  const auto result =
      run({"--filter=grayscale", "--threads=1,4", "--size=1x1", "--size=1x7", "--size=7x1", "--size=3x5"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(saved().at("context").at("image_size"), "1x1,1x7,7x1,3x5");
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
}

TEST_F(Images, AreNotReadWhereNoRowNeedsOne) {
  EXPECT_EQ(run({"--filter=countdown/native/"}).exit_code, 0);
  EXPECT_FALSE(saved().at("context").contains("image"));
  EXPECT_EQ(files_in(out()), std::vector<std::string>{"result.json"});
}

}  // namespace
}  // namespace harness
