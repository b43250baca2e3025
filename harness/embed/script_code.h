// harness/embed/script_code.h: where a script's code comes from: a .pyc, or what import has just compiled.
//
// The two are not equally fast. On a free-threaded CPython builtins.compile(), which import calls, keeps the
// constants of its code mortal (suppress_co_const_immortalization, Python/bltinmodule.c), and marshal.loads()
// makes them immortal. Threads that run the same code contend for the reference counts of mortal ones. Users
// meet the former once and the latter ever after, in __pycache__.
#pragma once

namespace harness::embed {

/// Run once at start, in a namespace of its own. Must be valid in every Python from 3.9 up. It is compiled in
/// each process, unlike the prelude, whose code choose_code() gives from the same cache.
inline constexpr const char* kScriptCode = R"python(
import marshal
import os
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import MAGIC_NUMBER, source_hash

HASH_BYTES = 8
CHECKED_HASH = (3).to_bytes(4, "little")  # the flags of a .pyc that is compared with its source (PEP 552)

may_write = not sys.dont_write_bytecode  # as the user wants it, by PYTHONDONTWRITEBYTECODE
pyc_folder = ""
script_folders = set()
code_choice = ()


def choose_code(from_pyc, cache):
    """Decides what import gives from now on. The folder `cache` is made where it is needed; "" keeps nothing."""
    global pyc_folder, code_choice
    code_choice = from_pyc, cache
    if cache:
        # Two builds of one version may compile otherwise.
        build = "\0".join((sys.version, sys.executable or "", str(sys.flags.optimize)))
        pyc_folder = os.path.join(cache, f"{sys.implementation.cache_tag}-{source_hash(os.fsencode(build)).hex()}")
    as_installed, compiled = SourceFileLoader.get_code, SourceFileLoader.source_to_code

    def get_code(self, name):
        if not is_of_scripts(self):
            return as_installed(self, name)
        # A .pyc beside a script may be of another text of the same time and size.
        path = self.get_filename(name)
        return self.source_to_code(self.get_data(path), path)

    def source_to_code(self, data, path, *more, **named):
        if named or not isinstance(data, bytes):
            return compiled(self, data, path, *more, **named)
        return code_of_pyc(data, path, lambda: compiled(self, data, path, *more))

    SourceFileLoader.get_code = get_code
    if from_pyc:
        SourceFileLoader.source_to_code = source_to_code


def code_of_host(text, path):
    """The code of `text`, which is the host's own and says to be of the file `path`."""
    return code_of_pyc(text, path, lambda: compile(text, path, "exec"))


def is_of_scripts(loader):
    """Whether import has found the module through the folder of a script."""
    path = os.path.abspath(loader.path)
    levels = loader.name.count(".") + (2 if os.path.basename(path) == "__init__.py" else 1)
    for _ in range(levels):
        path = os.path.dirname(path)
    return path in script_folders


def code_of_pyc(text, path, compile_it):
    """What the file `path` with this text, which are bytes, compiles to, unmarshalled."""
    file = os.path.join(pyc_folder, f"{os.path.basename(path)}.{source_hash(os.fsencode(path)).hex()}.pyc")
    head = MAGIC_NUMBER + CHECKED_HASH + source_hash(text)
    pyc = read_pyc(file) if pyc_folder else b""
    if pyc.startswith(head):
        code = marshal.loads(pyc[len(head):])
        if code.co_filename == path:
            return code
    pyc = head + marshal.dumps(compile_it())
    if pyc_folder and may_write:
        write_pyc(file, pyc)
    return marshal.loads(pyc[len(head):])


def read_pyc(file):
    """The .pyc in it, without the hash that a whole one ends with; marshal does not bear a damaged one."""
    try:
        with open(file, "rb") as opened:
            content = opened.read()
    except OSError:
        return b""
    pyc = content[:-HASH_BYTES]
    return pyc if source_hash(pyc) == content[-HASH_BYTES:] else b""


def write_pyc(file, pyc):
    """Whole or not at all, where that is possible."""
    part = f"{file}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(part, "xb") as opened:
            opened.write(pyc + source_hash(pyc))
        os.replace(part, file)
    except OSError:
        pass
)python";

}  // namespace harness::embed
