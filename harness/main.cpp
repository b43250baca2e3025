// harness/main.cpp: the program as the host: its own executable, into which a libpython is loaded.
#include "harness/program.h"

int main(int argc, char** argv) {
  return harness::run_program(argc, argv, std::nullopt);
}
