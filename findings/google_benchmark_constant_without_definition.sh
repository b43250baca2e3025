#!/bin/sh
# Google Benchmark 1.7.1 (Debian's libbenchmark-dev 1.7.1-1): BenchmarkReporter::Run::no_repetition_index, which a
# reporter needs to tell a repetition from an aggregate, is a static const member with its value in the class and no
# definition in the library. Used as a value it compiles to -1. Bound to a reference, as std::vector's push_back() and
# most of a JSON library's functions bind what they are given, it needs an address: with -O2 the compiler folds it away
# and the program links, with -O0 the linker finds no such symbol. So a reporter that is only ever built optimised stops
# linking in its first debug or sanitized build.
#
# Seen: the same file links with -O2 and prints -1, and with -O0 ends in "undefined reference to
# `benchmark::BenchmarkReporter::Run::no_repetition_index'"; with std::int64_t{...} around it, a copy, both link.
# Fails where that has changed. Needs g++, dpkg-deb and an amd64 or arm64 Debian's mirror.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -n 1)
for package in libbenchmark-dev libbenchmark1debian; do
    file="${package}_1.7.1-1_$(dpkg --print-architecture).deb"
    curl -fsS -o "$folder/$file" "${mirror%/}/pool/main/b/benchmark/$file"
    dpkg-deb -x "$folder/$file" "$folder/root"
done
library=$(dirname "$(find "$folder/root" -name libbenchmark.so)")
cat >"$folder/reporter.cpp" <<'END'
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <vector>

using Run = benchmark::BenchmarkReporter::Run;

int main() {
  std::vector<std::int64_t> indices;
#ifdef COPY
  indices.push_back(std::int64_t{Run::no_repetition_index});
#else
  indices.push_back(Run::no_repetition_index);
#endif
  std::printf("%lld\n", static_cast<long long>(indices.front()));
}
END
build() {
    g++ -std=c++17 "$@" -isystem "$folder/root/usr/include" "$folder/reporter.cpp" -o "$folder/reporter" \
        -L"$library" -Wl,-rpath,"$library" -lbenchmark -lpthread >"$folder/log" 2>&1
}
build -O2 && echo "-O2: $("$folder/reporter")"
if build -O0; then
    echo "it links without optimisation, too: this finding no longer holds" >&2
    exit 1
fi
grep -o "undefined reference to .*no_repetition_index'" "$folder/log" | head -n 1
build -O0 -DCOPY && echo "-O0, copied: $("$folder/reporter")"
