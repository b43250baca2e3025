// harness/interpreter/fake_libpython.cpp: for the tests, a library that looks like a libpython from outside.
// CMake builds it under several names. FAKE_TEXT is the string constant from which its version is to be read;
// FAKE_DECOY is one that ends other constants, as the name of the folder of an installation may.

extern "C" {
extern const char fake_constants[];
const char fake_constants[] = "/opt/versions/" FAKE_DECOY "\0" FAKE_TEXT
                              "\0"
                              "/srv/versions/" FAKE_DECOY;

const char* Py_GetVersion() {
  return fake_constants;
}
}
