// harness/run/installation_test.cpp: an installed program that looks for its files in the build folder, or
// the other way round.
#include "harness/run/installation.h"

#include <gtest/gtest.h>

#include "harness/system/test_folder.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

TEST(Installation, OfABuildIsTheFolderOfTheExecutable) {
  const TestFolder folder;
  fs::create_directories(folder.path() / "source/scripts");
  fs::create_directories(folder.path() / "source/results");
  const fs::path build = folder.path() / "build";
  fs::create_directory(build);
  fs::create_symlink(folder.path() / "source/scripts", build / "scripts");
  fs::create_symlink(folder.path() / "source/results", build / "results");

  folder.write("build/harness_embed.so", "");

  const Installation installation = installation_of(build / "harness");
  EXPECT_EQ(installation.scripts, build / "scripts");
  EXPECT_EQ(installation.embed_module, build / "harness_embed.so");
  EXPECT_EQ(installation.codec_module, build / "harness_codec.so");
  EXPECT_EQ(installation.kernels_module, build / "harness_kernels.so");
  EXPECT_EQ(installation.cuda_module, build / "harness_cuda.so");
  EXPECT_EQ(installation.guest_module, build / "harness_guest.so");
  EXPECT_EQ(installation.results, folder.path() / "source/results")
      << "shown to the user, so without the link";
}

TEST(Installation, BelowAPrefixHasTheModulesInLibAndTheScriptsInShare) {
  const TestFolder prefix;
  fs::create_directories(prefix.path() / "bin/scripts");  // somebody else's
  const Installation installation = installation_of(prefix.path() / "bin/harness");
  EXPECT_EQ(installation.scripts, prefix.path() / "share/harness/scripts");
  EXPECT_EQ(installation.embed_module, prefix.path() / HARNESS_MODULE_FOLDER / "harness_embed.so");
  EXPECT_EQ(installation.codec_module, prefix.path() / HARNESS_MODULE_FOLDER / "harness_codec.so");
  EXPECT_EQ(installation.kernels_module, prefix.path() / HARNESS_MODULE_FOLDER / "harness_kernels.so");
  EXPECT_EQ(installation.cuda_module, prefix.path() / HARNESS_MODULE_FOLDER / "harness_cuda.so");
  EXPECT_EQ(installation.guest_module, prefix.path() / HARNESS_MODULE_FOLDER / "harness_guest.so");
  EXPECT_EQ(installation.results, "results") << "in the working directory: the prefix is not the user's";
}

TEST(Installation, IsFoundFromTheRunningExecutable) {
  EXPECT_TRUE(find_installation().embed_module.is_absolute());
}

}  // namespace
}  // namespace harness
