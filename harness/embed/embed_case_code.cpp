// harness/embed/embed_case_code.cpp: a script that runs otherwise than the user's own code, or an older text
// of it.
#include "harness/embed/embed_case_code.h"

#include <stdlib.h>

#include <filesystem>
#include <vector>

#include "harness/system/text.h"
#include "harness/testing/assertions.h"

namespace harness::embed {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoPyc = "PYTHONDONTWRITEBYTECODE";

/// A script whose run() tells how many of three constants are mortal, its own and those of a module beside
/// it.
constexpr const char* kCounts =
    "import sys\n"
    "sys.modules.pop('beside_it', None)\n"
    "import beside_it\n"
    "def constants(x):\n    return x + 98765, x + 0.125, (x, 'a b', 54321)\n"
    "def run(begin, end):\n"
    "    found = constants.__code__.co_consts + beside_it.constants.__code__.co_consts\n"
    "    large = [one for one in found if type(one) in (int, float) and one != 0]\n"
    "    assert len(large) == 6, found\n"
    "    return sum(sys.getrefcount(one) < 1 << 28 for one in large)\n";
constexpr const char* kBesideIt = "def constants(x):\n    return x + 98764, x + 0.25, (x, 'a b', 54320)\n";

class CodeCase {
 public:
  explicit CodeCase(const Surroundings& around, bool from_pyc = true, const fs::path& cache = {})
      : around_(around),
        cache_(cache.empty() ? around.folder.path() / "cache" : cache),
        python_(around.start({.code_from_pyc = from_pyc, .pyc_cache = cache_.string()})) {}

  /// What run() of this text returns.
  Integer result_of(const std::string& text, const std::string& name = "measured") const {
    const Loaded script(python_, around_, name, text);
    return python_.attached([&] { return run_once(python_.api(), script.get(), Returns::integer); });
  }

  Integer mortal_constants() const {
    around_.folder.write("beside_it.py", kBesideIt);
    return result_of(kCounts);
  }

  bool is_free_threaded() const {
    return python_.attached([&] { return python_.api().facts().free_threaded; });
  }

  /// What the cache has of this file, which is one .pyc at the most; of any file where it is "".
  std::vector<fs::path> cached(const std::string& of = "measured.py") const {
    std::vector<fs::path> files;
    if (!fs::exists(cache_)) return files;
    for (const auto& entry : fs::recursive_directory_iterator(cache_)) {
      if (entry.is_regular_file() && entry.path().filename().string().starts_with(of)) {
        files.push_back(entry.path());
      }
    }
    return files;
  }

  const Python& python() const { return python_; }

 private:
  const Surroundings& around_;
  const fs::path cache_;
  const Python python_;
};

std::string returning(const std::string& value) {
  return "def run(begin, end):\n    return " + value + "\n";
}

bool is_equal(Integer result, int wanted) {
  return result == static_cast<Integer>(wanted);
}

}  // namespace

// Where import has compiled them, threads contend for their reference counts.
void unmarshals_code_that_import_would_compile(const Surroundings& around) {
  ::unsetenv(kNoPyc);
  const CodeCase code(around);
  if (!code.is_free_threaded()) GTEST_SKIP() << "constants are mortal with a GIL, wherever they come from";
  EXPECT_TRUE(is_equal(code.mortal_constants(), 0)) << "compiled, then unmarshalled";
  EXPECT_TRUE(is_equal(code.mortal_constants(), 0)) << "unmarshalled from the cache";
}

void compiles_code_where_it_is_asked_to(const Surroundings& around) {
  ::unsetenv(kNoPyc);
  const CodeCase code(around, false);
  const Integer mortal = code.mortal_constants();
  if (code.is_free_threaded()) {
    EXPECT_TRUE(is_equal(mortal, 6));
  }
  EXPECT_EQ(code.cached(), std::vector<fs::path>{});
  EXPECT_EQ(code.cached("beside_it.py"), std::vector<fs::path>{});
}

void keeps_code_in_its_own_cache_alone(const Surroundings& around) {
  ::unsetenv(kNoPyc);
  const CodeCase code(around);
  code.mortal_constants();
  for (const char* const file : {"measured.py", "beside_it.py"}) {
    ASSERT_EQ(code.cached(file).size(), 1U) << file;
    EXPECT_EQ(code.cached(file).front().extension(), ".pyc");
  }
  EXPECT_FALSE(fs::exists(around.folder.path() / "__pycache__"));
  // Not only beside a script.
  around.folder.write("installed/has_no_pyc.py", "value = 12345\n");
  const std::string folder = (around.folder.path() / "installed").string();
  const std::string imports =
      "import sys\nsys.path.append('" + folder + "')\nimport has_no_pyc\n" + returning("has_no_pyc.value");
  EXPECT_TRUE(is_equal(code.result_of(imports), 12345));
  EXPECT_EQ(code.cached("has_no_pyc.py").size(), 1U);
  EXPECT_FALSE(fs::exists(around.folder.path() / "installed/__pycache__"));
}

void loads_code_that_the_cache_has(const Surroundings& around) {
  ::unsetenv(kNoPyc);
  const CodeCase code(around);
  EXPECT_TRUE(is_equal(code.result_of(returning("12345")), 12345));
  ASSERT_EQ(code.cached().size(), 1U);
  // Other code in its place, whole, and said to be of the same text.
  const std::string file = code.cached().front().string();
  const std::string exchanges =
      "import importlib.util, marshal\n"
      "def run(begin, end):\n"
      "    with open('" +
      file +
      "', 'rb') as opened:\n"
      "        head, code = (lambda pyc: (pyc[:16], marshal.loads(pyc[16:])))(opened.read())\n"
      "    code = compile('def run(begin, end):\\n    return 54321\\n', code.co_filename, 'exec')\n"
      "    pyc = head + marshal.dumps(code)\n"
      "    with open('" +
      file +
      "', 'wb') as opened:\n"
      "        opened.write(pyc + importlib.util.source_hash(pyc))\n"
      "    return 1\n";
  EXPECT_TRUE(is_equal(code.result_of(exchanges, "exchanges"), 1));
  EXPECT_TRUE(is_equal(code.result_of(returning("12345")), 54321));
}

// Neither that of its own cache, nor what Python has written beside the script for another text of the same
// size and time.
void never_runs_the_code_of_an_older_text(const Surroundings& around) {
  ::unsetenv(kNoPyc);
  const CodeCase code(around);
  const std::string imports =
      "import sys\nsys.modules.pop('beside_it', None)\nimport beside_it\n"
      "def run(begin, end):\n    return beside_it.value + 1\n";
  const auto time = fs::last_write_time(around.folder.write("beside_it.py", "value = 10\n"));
  EXPECT_TRUE(is_equal(code.result_of(imports), 11));
  const std::string compiles = "import py_compile\ndef run(begin, end):\n    py_compile.compile('" +
                               (around.folder.path() / "beside_it.py").string() + "')\n    return 1\n";
  EXPECT_TRUE(is_equal(code.result_of(compiles, "compiles"), 1));
  fs::last_write_time(around.folder.write("beside_it.py", "value = 20\n"), time);
  EXPECT_TRUE(is_equal(code.result_of(imports), 21));
  EXPECT_TRUE(is_equal(code.result_of(returning("1")), 1));
  EXPECT_TRUE(is_equal(code.result_of(returning("2")), 2));
}

void replaces_damaged_code(const Surroundings& around) {
  ::unsetenv(kNoPyc);
  const CodeCase code(around);
  code.result_of(returning("12345"));
  ASSERT_EQ(code.cached().size(), 1U);
  const fs::path file = code.cached().front();
  const std::string whole = read_text_file(file).value_or("");
  std::string changed = whole;
  changed.at(changed.size() / 2) ^= 1;
  for (const std::string& damaged : {std::string(), std::string(100, '\0'), whole.substr(0, 16),
                                     whole.substr(0, whole.size() - 1), whole + "x", changed}) {
    around.folder.write(file, damaged);
    EXPECT_TRUE(is_equal(code.result_of(returning("12345")), 12345));
    EXPECT_NE(read_text_file(file), damaged);
    EXPECT_EQ(code.cached().size(), 1U) << "a part of a file is left";
  }
}

void does_without_a_cache_that_cannot_be_written(const Surroundings& around) {
  ::unsetenv(kNoPyc);
  const CodeCase code(around, true, around.folder.write("no_folder", "") / "cache");
  const Integer mortal = code.mortal_constants();
  if (code.is_free_threaded()) {
    EXPECT_TRUE(is_equal(mortal, 0));
  }
}

void writes_no_code_where_the_user_forbids_it(const Surroundings& around) {
  ::setenv(kNoPyc, "1", 1);
  const CodeCase code(around);
  const Integer mortal = code.mortal_constants();
  if (code.is_free_threaded()) {
    EXPECT_TRUE(is_equal(mortal, 0));
  }
  EXPECT_EQ(code.cached(""), std::vector<fs::path>{});
}

void shows_the_source_of_unmarshalled_code(const Surroundings& around) {
  ::unsetenv(kNoPyc);
  const CodeCase code(around);
  const std::string looks =
      "import inspect, os\n"
      "def run(begin, end):\n"
      "    assert inspect.getsource(run).startswith('def run(begin, end):'), inspect.getsource(run)\n"
      "    assert run.__code__.co_filename == __file__ and os.path.isabs(__file__)\n"
      "    with open(__file__) as opened:\n"
      "        return opened.read() == __loader__.get_source(__name__)\n";
  EXPECT_TRUE(is_equal(code.result_of(looks), 1));
  EXPECT_TRUE(is_equal(code.result_of(looks), 1));
}

void shows_no_frame_of_import(const Surroundings& around) {
  const CodeCase code(around);
  around.folder.write("beside_it.py", "def half(:\n");
  const std::string imports =
      "try:\n    import beside_it\nexcept SyntaxError as error:\n    raise ValueError('no half') from "
      "error\n";
  for (const char* const text : {"import beside_it\n", imports.c_str()}) {
    const std::string traceback = error_of_load(code.python(), around, text).traceback;
    EXPECT_TRUE(contains(traceback, "broken.py\", line ")) << "where it is imported";
    EXPECT_TRUE(contains(traceback, "beside_it.py\", line 1\n    def half(:\n"));
    EXPECT_FALSE(contains(traceback, "importlib"));
    EXPECT_FALSE(contains(traceback, "harness/embed"));
  }
}

}  // namespace harness::embed
