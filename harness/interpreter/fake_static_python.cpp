// harness/interpreter/fake_static_python.cpp: for the tests, an executable that exports a function of
// Python's C API, as one does that CPython is linked into.
extern "C" const char* Py_GetVersion() {
  return "3.77.5";
}

int main() {}
