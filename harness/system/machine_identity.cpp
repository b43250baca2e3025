// harness/system/machine_identity.cpp: which machine this is, so that another process can tell it from
// others.
#include "harness/system/machine_identity.h"

#include <sys/utsname.h>

#include <algorithm>

#include "harness/system/text.h"

namespace harness {
namespace {

std::string word_of(const std::filesystem::path& file) {
  return std::string(trimmed(read_text_file(file).value_or("")));
}

}  // namespace

MachineIdentity identify_machine(const std::filesystem::path& root) {
  utsname name{};
  return {.name = ::uname(&name) == 0 ? name.nodename : "",
          .id = word_of(root / "etc/machine-id"),
          .boot = word_of(root / "proc/sys/kernel/random/boot_id")};
}

bool is_same_machine(const MachineIdentity& a, const MachineIdentity& b) {
  if (!a.boot.empty() && a.boot == b.boot) return true;
  return a.name == b.name && a.id == b.id;
}

std::vector<std::size_t> number_machines(std::span<const MachineIdentity> identities) {
  std::vector<std::size_t> numbers(identities.size());
  for (std::size_t i = 0; i < identities.size(); ++i) {
    numbers[i] = i;
    for (std::size_t before = 0; before < i; ++before) {
      if (numbers[before] == numbers[i] || !is_same_machine(identities[before], identities[i])) continue;
      const auto [low, high] = std::minmax(numbers[before], numbers[i]);
      std::replace(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(i) + 1, high, low);
    }
  }
  std::vector<std::size_t> firsts;
  for (std::size_t& number : numbers) {
    auto known = std::ranges::find(firsts, number);
    if (known == firsts.end()) known = firsts.insert(known, number);
    number = static_cast<std::size_t>(known - firsts.begin());
  }
  return numbers;
}

}  // namespace harness
