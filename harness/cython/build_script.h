// harness/cython/build_script.h: the build of an extension module, as the interpreter that it is for runs it.
#pragma once

namespace harness {

/// The exit status of kBuildScript where something that it needs is not there; standard output then says
/// what.
inline constexpr int kBuildNotPossible = 3;

/// Arguments: the source, the cache folder, the C compiler's flags. Prints the built file's path, last. Valid
/// in every Python from 3.9 up.
inline constexpr const char* kBuildScript = R"python(
import sys
sys.path = [folder for folder in sys.path if folder]  # not the working folder, which may have a module of any name
import hashlib
import os
import shutil
import subprocess
import sysconfig
import tempfile

source, cache, flags = sys.argv[1], sys.argv[2], sys.argv[3].split()


def needs(what):
    print(what)
    sys.exit(3)


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout.strip() or f"{command[0]} ended with {done.returncode}")
    return done.stdout


try:
    import Cython
except ImportError as error:
    needs(f"Cython ({error}); to get it: {sys.executable} -m pip install cython")
include = sysconfig.get_path("include")
if not os.path.exists(os.path.join(include, "Python.h")):
    needs(f"Python.h (of this interpreter, in {include}); to get it: apt-get install "
          f"python{sys.version_info[0]}.{sys.version_info[1]}-dev")
compiler = next(filter(None, (shutil.which(name) for name in (os.environ.get("CC", ""), "cc", "gcc", "clang") if name)), None)
if compiler is None:
    needs("a C compiler; to get it: apt-get install gcc libc6-dev")

# Without this directive importing the module turns the GIL of a free-threaded build on; older Cythons lack it.
directives = []
if tuple(int(part) for part in Cython.__version__.split(".")[:2]) >= (3, 1):
    directives = ["-X", "freethreading_compatible=True"]
with open(source, "rb") as file:
    text = file.read()
made_of = [os.path.realpath(sys.executable), sys.version, str(sysconfig.get_config_var("SOABI")), Cython.__version__,
           run(compiler, "--version"), *flags, *directives]
key = hashlib.sha256("\0".join(made_of).encode() + b"\0" + text).hexdigest()[:32]
name = os.path.splitext(os.path.basename(source))[0]
built = os.path.join(cache, key, name + ".so")
if not os.path.exists(built):
    os.makedirs(os.path.dirname(built), exist_ok=True)
    work = tempfile.mkdtemp(dir=os.path.dirname(built))
    try:
        c_file, library = os.path.join(work, name + ".c"), os.path.join(work, name + ".so")
        run(sys.executable, "-m", "cython", *directives, source, "-o", c_file)
        run(compiler, *flags, "-fPIC", "-shared", "-I", include, "-I", sysconfig.get_path("platinclude"), c_file,
            "-o", library)
        os.replace(library, built)  # whole or not at all; whoever was first, it is the same
    finally:
        shutil.rmtree(work, ignore_errors=True)
print(built)
)python";

}  // namespace harness
