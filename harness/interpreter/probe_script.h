// harness/interpreter/probe_script.h: what an executable is asked, in Python.
#pragma once

#include <string_view>

namespace harness {

/// What stands before and after the answer, a JSON object on one line: a sitecustomize, a shim or a startup
/// message may print other text around it.
inline constexpr std::string_view kProbeBegin = "<harness-probe>";
inline constexpr std::string_view kProbeEnd = "</harness-probe>";

/// Runs on every CPython from 2.7 and on PyPy, so that the old and the other get a message that says what
/// they are. Every value is a text or a list of texts; what an interpreter does not know is the empty text.
inline constexpr std::string_view kProbeScript = R"py(
import sys
sys.path = [folder for folder in sys.path if folder]  # under -c the working folder is '', and may have a json.py
import json, os, platform, sysconfig

def text(value):
    if value is None:
        return ''
    if not isinstance(value, (bytes, type(u''))):
        value = str(value)
    if not isinstance(value, bytes):
        value = value.encode('utf-8', 'replace')  # a path that is not UTF-8 has lone surrogates, JSON has none
    return value.decode('utf-8', 'replace')

def config(name):
    return text(sysconfig.get_config_var(name))

def implementation():
    try:
        return sys.implementation.name
    except AttributeError:
        return platform.python_implementation().lower()

def version():
    stage = {'alpha': 'a', 'beta': 'b', 'candidate': 'rc'}.get(sys.version_info[3])
    return '%d.%d.%d' % sys.version_info[:3] + ('%s%d' % (stage, sys.version_info[4]) if stage else '')

def mapped_libpythons():
    try:
        with open('/proc/self/maps', 'rb') as maps:
            lines = text(maps.read()).splitlines()
    except EnvironmentError:
        return []
    return sorted(set(line.split(None, 5)[5] for line in lines if '/libpython' in line))

answer = {
    'executable': text(sys.executable),
    'implementation': text(implementation()),
    'version': version(),
    'major': str(sys.version_info[0]),
    'minor': str(sys.version_info[1]),
    'free_threaded': config('Py_GIL_DISABLED'),
    'debug': config('Py_DEBUG') or text('1' if hasattr(sys, 'gettotalrefcount') else ''),
    'prefix': text(sys.prefix),
    'exec_prefix': text(sys.exec_prefix),
    'base_prefix': text(getattr(sys, 'base_prefix', sys.prefix)),
    'platform': text(sysconfig.get_platform()),
    'machine': text(os.uname()[4]),
    'config_args': config('CONFIG_ARGS'),
    'compiler': text(platform.python_compiler()),
    'cflags': config('CFLAGS'),
    'sys_path': [text(folder) for folder in sys.path],
    'shared': config('Py_ENABLE_SHARED'),
    'soname': config('INSTSONAME'),
    'library': config('LDLIBRARY'),
    'library_folder': config('LIBDIR'),
    'multiarch': config('MULTIARCH'),
    'mapped_libpythons': mapped_libpythons(),
}
sys.stdout.write('\n%s%s%s\n' % (sys.argv[1], json.dumps(answer), sys.argv[2]))
)py";

}  // namespace harness
