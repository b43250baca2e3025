// harness/system/machine_identity.h: which machine this is, so that another process can tell it from others.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace harness {

/// What a machine is told from others by. A text that the system does not tell is empty.
struct MachineIdentity {
  std::string name;  ///< its host name
  std::string id;    ///< /etc/machine-id, which copies of one image may share
  std::string boot;  ///< the kernel's boot_id, which all containers of a machine share until it starts again

  bool operator==(const MachineIdentity&) const = default;
};

/// This one's. `root` stands for "/" where facts come out of files; the name is always this process's own.
MachineIdentity identify_machine(const std::filesystem::path& root = "/");

/// Whether these are one machine: one start of one kernel, or one name with one machine-id.
bool is_same_machine(const MachineIdentity& a, const MachineIdentity& b);

/// Of each of `identities` the number of its machine, from 0 in the order in which machines come first. Two
/// of which each is the same as a third are one machine.
std::vector<std::size_t> number_machines(std::span<const MachineIdentity> identities);

}  // namespace harness
