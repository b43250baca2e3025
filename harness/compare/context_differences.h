// harness/compare/context_differences.h: what differs between stored runs besides their interpreters.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace harness {

/// A key of a context, and what a sentence calls it.
struct ContextWords {
  std::string key;
  std::string words;
};

/// A sentence for each thing that differs between a run and the first one and may make a difference of its
/// own: the CPU, cores, governor, compiler, this program, the image, and what the workloads were told, which
/// `parameters` names. `contexts` and `labels` go together; a context without the key says nothing of it.
std::vector<std::string> differences_of(const std::vector<std::map<std::string, std::string>>& contexts,
                                        const std::vector<std::string>& labels,
                                        const std::vector<ContextWords>& parameters);

}  // namespace harness
