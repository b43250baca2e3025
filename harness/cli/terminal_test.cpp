// harness/cli/terminal_test.cpp: colors and pictures where nobody can see them, or none where somebody could.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/cli/options_fixture.h"
#include "harness/system/file_descriptor.h"
#include "harness/testing/skip.h"

namespace harness::options_test {
namespace {

/// Standard output is a terminal meanwhile.
class TerminalOutput {
 public:
  TerminalOutput() : terminal_(posix_openpt(O_RDWR | O_NOCTTY)), before_(dup(STDOUT_FILENO)) {
    grantpt(terminal_.get());
    unlockpt(terminal_.get());
    const char* const name = ptsname(terminal_.get());
    const FileDescriptor output(open(name == nullptr ? "/dev/null" : name, O_RDWR | O_NOCTTY));
    dup2(output.get(), STDOUT_FILENO);
  }
  ~TerminalOutput() { dup2(before_.get(), STDOUT_FILENO); }

  /// A bare container has no /dev/pts.
  static bool can_be_made() {
    const TerminalOutput terminal;
    return isatty(STDOUT_FILENO) != 0;
  }
  TerminalOutput(const TerminalOutput&) = delete;
  TerminalOutput& operator=(const TerminalOutput&) = delete;

 private:
  FileDescriptor terminal_;
  FileDescriptor before_;
};

TEST(Accounts, AreDrawnOnATerminalWithUtf8OrWhereTheFlagSaysSo) {
  const Environment all("LC_ALL", nullptr), type("LC_CTYPE", nullptr), german("LANG", "de_DE.utf8");
  EXPECT_TRUE(options_of({"--account=always"}).accounts);
  if (!TerminalOutput::can_be_made()) return skip_for_want_of(kTerminal, "no pseudo-terminal can be made");
  {
    const TerminalOutput terminal;
    EXPECT_TRUE(options_of({}).accounts);
    EXPECT_FALSE(options_of({"--account=never"}).accounts);
    const Environment plain("LC_ALL", "C");
    EXPECT_FALSE(options_of({}).accounts) << "LC_ALL has precedence";
  }
  const FileDescriptor before(dup(STDOUT_FILENO)), null(open("/dev/null", O_WRONLY));
  dup2(null.get(), STDOUT_FILENO);
  EXPECT_FALSE(options_of({}).accounts) << "no terminal";
  dup2(before.get(), STDOUT_FILENO);
}

class Color : public testing::Test {
 protected:
  void SetUp() override {
    if (!TerminalOutput::can_be_made()) skip_for_want_of(kTerminal, "no pseudo-terminal can be made");
  }
};

TEST_F(Color, IsAsTheFlagSaysWhateverTheEnvironmentSays) {
  const Environment no_color("NO_COLOR", "1");
  EXPECT_TRUE(options_of({"--color=always"}).color_output);
  const TerminalOutput terminal;
  EXPECT_FALSE(options_of({"--color=never"}).color_output);
}

TEST_F(Color, IsThereByDefaultOnATerminalOnly) {
  const Environment no_color("NO_COLOR", nullptr), term("TERM", "xterm");
  {
    const TerminalOutput terminal;
    EXPECT_TRUE(options_of({}).color_output);
  }
  const FileDescriptor before(dup(STDOUT_FILENO)), null(open("/dev/null", O_WRONLY));
  dup2(null.get(), STDOUT_FILENO);
  EXPECT_FALSE(options_of({}).color_output);
  dup2(before.get(), STDOUT_FILENO);
}

TEST_F(Color, IsTakenAwayByNoColorUnlessThatIsEmpty) {
  const Environment term("TERM", "xterm");
  const TerminalOutput terminal;
  const auto with = [](const char* value) {
    const Environment no_color("NO_COLOR", value);
    return options_of({}).color_output;
  };
  EXPECT_FALSE(with("1"));
  EXPECT_FALSE(with("0"));
  EXPECT_TRUE(with(""));
}

TEST_F(Color, IsNotForATerminalThatHasNone) {
  const Environment no_color("NO_COLOR", nullptr);
  const TerminalOutput terminal;
  const auto on = [](const char* name) {
    const Environment term("TERM", name);
    return options_of({}).color_output;
  };
  EXPECT_FALSE(on("dumb"));
  EXPECT_FALSE(on(nullptr));
}

}  // namespace
}  // namespace harness::options_test
