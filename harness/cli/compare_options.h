// harness/cli/compare_options.h: how interpreters, or stored runs, are compared.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace harness {

inline constexpr int kMaxRounds = 100'000;

/// --shard=PART/PARTS: run one part of a comparison's rounds.
struct Shard {
  int part = 1;  ///< from 1
  int parts = 1;

  bool operator==(const Shard&) const = default;
};

struct CompareOptions {
  int rounds = 10;                       ///< with a budget: before the first look at the data
  std::optional<double> budget_s;        ///< go on until every row is decided, or this has been spent
  std::optional<std::uint32_t> seed;     ///< of the order within the rounds; else by chance
  bool interleaved = true;               ///< whether the processes of a round take turns
  double timeout_s = 1800;               ///< of one process
  double margin = 0.01;                  ///< a difference that is too small to matter, as a part of the time
  double confidence = 0.95;              ///< that no verdict of the whole comparison is wrong
  std::optional<double> fail_if_slower;  ///< --fail-if: by more than this part of the time
  std::optional<Shard> shard;            ///< the part to run; else the whole
  std::filesystem::path resume;          ///< folder of a comparison to go on with; empty: none
};

}  // namespace harness
