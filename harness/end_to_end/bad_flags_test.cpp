// harness/end_to_end/bad_flags_test.cpp: a wrong command line is refused before anything runs or is written.
#include "harness/end_to_end/test_program.h"

namespace harness {
namespace {

struct BadFlags {
  const char* label;
  ProgramTest::Arguments arguments;
  std::vector<std::string> message;  ///< what it must hold: the flag, and the mend
};

std::ostream& operator<<(std::ostream& out, const BadFlags& bad) {
  return out << bad.label;
}

const std::string kThreads = "give a list such as 1,2,4, each from 1 to 1,024";
const std::string kSize = "give WIDTHxHEIGHT in pixels, each from 1 to 1,000,000";
const std::string kSteps = "give a whole number from 1 to 1,000,000,000,000";
const std::string kTerms = "give a whole number from 1 to 4,000,000,000";

const std::vector<BadFlags> kBadFlags{
    {"UnknownFlag", {"--nosuch"}, {"--nosuch", "--help lists the flags"}},
    {"UnknownFlagWithAValue", {"--nosuch=3"}, {"--nosuch", "--help lists the flags"}},
    {"WordWithoutAFlag", {"grayscale"}, {"grayscale", "--help lists the flags"}},
    {"FlagTwice", {"--sum-n=1", "--sum-n=2"}, {"--sum-n", "--help lists the flags"}},
    {"FlagWithoutItsValue", {"--filter"}, {"--filter", "--help lists the flags"}},
    {"EmptyFilter", {"--filter=", "--threads=1"}, {"--filter="}},
    {"EmptyOut", {"--out=", "--threads=1"}, {"--out="}},
    {"FilterNoRegex", {"--filter=("}, {"--filter=(", "not a regular expression", "--filter=grayscale"}},
    {"NegatedFilterNoRegex", {"--filter=-[a"}, {"--filter=-[a", "not a regular expression"}},
    {"FilterTakesNothing", {"--filter=nosuchrow"}, {"--filter=nosuchrow", "--list"}},
    {"FilterLeavesNothing", {"--filter=-/"}, {"--filter=-/", "--list"}},
    {"FilterOfListTakesNothing", {"--list", "--filter=nosuchrow"}, {"--filter=nosuchrow"}},
    {"ThreadsZero", {"--threads=0"}, {"--threads=0", kThreads}},
    {"ThreadsZeroAmongOthers", {"--threads=1,0,2"}, {"--threads=1,0,2", "'0'", kThreads}},
    {"ThreadsNegative", {"--threads=-1"}, {"--threads=-1", kThreads}},
    {"ThreadsText", {"--threads=two"}, {"--threads=two", kThreads}},
    {"ThreadsTooMany", {"--threads=1025"}, {"--threads=1025", kThreads}},
    {"ThreadsEmpty", {"--threads="}, {"--threads="}},
    {"ThreadsGap", {"--threads=1,,2"}, {"--threads=1,,2", kThreads}},
    {"ThreadsFraction", {"--threads=1.5"}, {"--threads=1.5", kThreads}},
    {"SizeZero", {"--size=0x10"}, {"--size=0x10", kSize}},
    {"SizeNegative", {"--size=10x-1"}, {"--size=10x-1", kSize}},
    {"SizeText", {"--size=big"}, {"--size=big", kSize}},
    {"SizeOneNumber", {"--size=1280"}, {"--size=1280", kSize}},
    {"SizeThreeNumbers", {"--size=4x4x4"}, {"--size=4x4x4", kSize}},
    {"SizeTooWide", {"--size=1000001x1"}, {"--size=1000001x1", kSize}},
    {"SizeOverAnyInteger", {"--size=1x99999999999999999999"}, {"--size=1x", kSize}},
    {"SizeOverMemory",
     {"--size=1000000x1000000"},
     {"--size=1000000x1000000", "too large for this machine's free memory", "give a smaller size"}},
    {"SizeWithImage", {"--size=4x4", "--image=a.png"}, {"--size", "--image"}},
    {"StepsZero", {"--countdown-steps=0"}, {"--countdown-steps=0", kSteps}},
    {"StepsNegative", {"--countdown-steps=-1"}, {"--countdown-steps=-1", kSteps}},
    {"StepsOverTheRange", {"--countdown-steps=1000000000001"}, {"--countdown-steps=1000000000001", kSteps}},
    {"StepsExponent", {"--countdown-steps=1e6"}, {"--countdown-steps=1e6", kSteps}},
    {"TermsZero", {"--sum-n=0"}, {"--sum-n=0", kTerms}},
    {"TermsNegative", {"--sum-n=-5"}, {"--sum-n=-5", kTerms}},
    {"TermsOverTheRange", {"--sum-n=4000000001"}, {"--sum-n=4000000001", kTerms}},
    {"TermsOverAnyInteger", {"--sum-n=99999999999999999999"}, {"--sum-n=99999999999999999999", kTerms}},
    {"RepetitionsZero", {"--repetitions=0"}, {"--repetitions=0", "give a whole number from 1"}},
    {"MinTimeZero", {"--min-time=0"}, {"--min-time=0", "give a number of seconds above 0"}},
    {"MinTimeNotANumber", {"--min-time=nan"}, {"--min-time=nan", "give a number of seconds above 0"}},
    {"SwitchIntervalZero", {"--switch-interval=0"}, {"--switch-interval=0", "seconds above 0 and up to 100"}},
    {"SwitchIntervalUnit", {"--switch-interval=5ms"}, {"--switch-interval=5ms", "number of seconds"}},
    {"Format", {"--format=xml"}, {"--format", "xml", "gbench,json,console,csv,markdown"}},
    {"Color", {"--color=blue"}, {"--color", "blue", "auto,always,never"}},
    {"Code", {"--code=bytecode"}, {"--code", "bytecode", "pyc,source"}},
    {"ScriptsMissing", {"--scripts=nosuch"}, {"--scripts=nosuch", "there is no such folder"}},
    {"ScriptsIsAFile", {"--scripts=/etc/passwd"}, {"--scripts=/etc/passwd", "there is no such folder"}},
    {"ImageOfAGilReport",
     {"gil-report", "gil.json", "--image=x"},
     {"--image: ", "gil-report", "leave it out"}},
    {"OutOfACompare", {"compare", "a.json", "b.json", "--out=x"}, {"--out: ", "stored runs", "leave it out"}},
    {"UnknownBenchmarkFlag", {"--benchmark_nosuch=1"}, {"--benchmark_nosuch=1", "has no such flag"}},
    {"BenchmarkFormat", {"--benchmark_format=json"}, {"--benchmark_format=json", "use --format="}},
    {"BenchmarkValue", {"--benchmark_repetitions=two"}, {"--benchmark_repetitions=two", "this value"}},
};

class BadFlagsTest : public ProgramTest, public testing::WithParamInterface<BadFlags> {};

TEST_P(BadFlagsTest, AreRefused) {
  expect_refused(run(GetParam().arguments), GetParam().message);
  EXPECT_EQ(files_in(folder().path()), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(All, BadFlagsTest, testing::ValuesIn(kBadFlags),
                         [](const auto& tested) { return tested.param.label; });

}  // namespace
}  // namespace harness
