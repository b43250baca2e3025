#!/bin/sh
# cffi 1.17.1 (PyPI) and CPython 3.11 to 3.13: a threading.Thread that Python code starts from a callback which C calls
# on a thread of its own is a daemon, though nobody has said so. CPython knows such a thread as a _DummyThread, which is
# one, and a new thread inherits that from the thread that makes it. So Python does not wait for it at its end: what it
# still had to do is left undone, with status 0 and without a word. Made on the main thread it is waited for.
#
# Seen: of two threads that write a file after a fifth of a second each, the one made on the main thread has written it,
# the one made in a callback has not. daemon=False is what mends it. Fails where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cffi==1.17.1
cat >"$folder/callback.py" <<'END'
import sys
import threading
import time

import cffi

ffi = cffi.FFI()
ffi.cdef("""
    typedef unsigned long pthread_t;
    int pthread_create(pthread_t *, void *, void *(*)(void *), void *);
    int pthread_join(pthread_t, void **);
""")
libc = ffi.dlopen(None)
where, path, options = sys.argv[1], sys.argv[2], {"daemon": False} if sys.argv[3:] else {}


def write():
    time.sleep(0.2)
    with open(path, "w", encoding="utf-8") as file:
        file.write("done")


@ffi.callback("void *(void *)")
def start(_):
    threading.Thread(target=write, **options).start()
    return ffi.NULL


if where == "callback":
    thread = ffi.new("pthread_t *")
    assert libc.pthread_create(thread, ffi.NULL, start, ffi.NULL) == 0
    libc.pthread_join(thread[0], ffi.NULL)
else:
    start(ffi.NULL)
END
for way in main callback "callback daemon=False"; do
    name=$(echo "$way" | tr ' ' '_')
    # shellcheck disable=SC2086  # two words
    set -- $way
    "$folder/venv/bin/python" "$folder/callback.py" "$1" "$folder/$name" ${2:-}
    if [ -e "$folder/$name" ]; then echo "$way: written"; else echo "$way: not written"; fi
done | tee "$folder/seen"
[ "$(cat "$folder/seen")" = "main: written
callback: not written
callback daemon=False: written" ]
