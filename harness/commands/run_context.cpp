// harness/commands/run_context.cpp: the facts of a run that stand in its JSON.
#include "harness/commands/run_context.h"

#include <set>
#include <sstream>

#include "harness/build_info.h"
#include "harness/commands/library_facts.h"
#include "harness/commands/out_folder.h"
#include "harness/compare/journal.h"
#include "harness/google_benchmark/runner.h"
#include "harness/workloads/image_parameters.h"
#include "harness/workloads/workload.h"
#include "kernels/cpu_level.h"
#include "kernels/library_versions.h"
#include "kernels/stores.h"

namespace harness {
namespace {

std::string yes_no(bool value) {
  return value ? "true" : "false";
}

template <typename Values>
std::string joined(const Values& values, const char* separator) {
  std::ostringstream text;
  const char* before = "";
  for (const auto& value : values) {
    text << before << value;
    before = separator;
  }
  return text.str();
}

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

/// How the kernels that choose for themselves have chosen.
void add_kernels(const Options& options, ContextEntries& context) {
  const std::optional<std::int64_t> chosen = streaming_above_bytes(options.values);
  context.insert(
      context.end(),
      {{"simd_target", library_facts(options).simd_target},
       {"kernel_flags", kernel_flags()},
       {"streaming_above_bytes", std::to_string(chosen.value_or(kernels::streaming_threshold_bytes(1)))},
       {"streaming_above_per_core",
        yes_no(!chosen.has_value() && kernels::streaming_threshold_is_per_core())},
       {"streaming_above_from", chosen ? "--streaming-above" : kernels::streaming_threshold_origin()},
       {"last_level_cache_bytes", std::to_string(kernels::last_level_cache_bytes())}});
}

void add_python(const RunFacts& facts, ContextEntries& context) {
  const embed::Facts& python = facts.python;
  context.insert(context.end(), {{"python_label", facts.options.pythons.front().label},
                                 {"python_version", python.version},
                                 {"python_implementation", python.implementation},
                                 {"python_executable", python.executable},
                                 {"python_prefix", python.prefix},
                                 {"python_free_threaded_build", yes_no(python.free_threaded)},
                                 {"python_debug_build", yes_no(python.debug)},
                                 {"python_config_args", python.config_args},
                                 {"python_cflags", python.cflags},
                                 {"gil_enabled", yes_no(python.gil_enabled)},
                                 {"jit", python.jit},
                                 {"switch_interval_s", number(python.switch_interval_s)},
                                 {"embedding", facts.guest ? "guest" : "host"},
                                 {"libpython", facts.libpython},
                                 {"libpython_sha256", facts.libpython_sha256}});
  for (const auto& [name, value] : facts.options.pythons.front().environment) {
    context.emplace_back("python_environment_" + name, value);
  }
}

void add_build(const Options& options, ContextEntries& context) {
  context.insert(context.end(), {{"harness_version", HARNESS_VERSION},
                                 {"harness_commit", HARNESS_COMMIT},
                                 {"harness_compiler", HARNESS_COMPILER},
                                 {"harness_flags", HARNESS_FLAGS},
                                 {"openmp", kernels::openmp_version()},
                                 {"opencv", library_facts(options).opencv},
                                 {"google_benchmark", google_benchmark_version()}});
}

void add_machine(const Machine& machine, ContextEntries& context) {
  context.insert(context.end(),
                 {{"cpu_model", machine.cpu_model},
                  {"cpus_allowed", joined(machine.allowed_cpus, ",")},
                  {"cpu_quota_cores", machine.cpu_quota_cores ? number(*machine.cpu_quota_cores) : "none"},
                  {"cores_allowed", number(allowed_cores(machine))},
                  {"governor", machine.governor},
                  {"load_average", machine.load_average ? joined(*machine.load_average, " ") : "unknown"},
                  {"aslr", machine.aslr},
                  {"memory_bytes", std::to_string(machine.memory.total_bytes)},
                  {"kernel", machine.kernel},
                  {"distribution", machine.distribution}});
}

/// Each of those that the context writes; of a workload of images, where there is one.
void add_parameters(const RunFacts& facts, ContextEntries& context) {
  std::set<std::string> written;
  for (const Workload& workload : all_workloads()) {
    if (workload.of_image && facts.image == nullptr) continue;
    for (const Parameter& parameter : workload.parameters) {
      if (parameter.context_key.empty() || !written.insert(parameter.context_key).second) continue;
      const auto number = parameter.range ? facts.options.values.integer(parameter.flag) : std::nullopt;
      context.emplace_back(parameter.context_key,
                           number ? std::to_string(*number) : facts.options.values.text(parameter.flag));
    }
  }
}

void add_work(const RunFacts& facts, ContextEntries& context) {
  const std::optional<std::uint32_t>& seed = facts.options.shuffle_seed;
  add_parameters(facts, context);
  context.insert(context.end(), facts.code.begin(), facts.code.end());
  context.insert(context.end(), {{"code", facts.options.code},
                                 {"gil_trace", yes_no(facts.options.gil_trace)},
                                 {"lock_trace", yes_no(facts.options.lock_trace)},
                                 {"row_order", seed ? "shuffled by " + std::to_string(*seed) : "as listed"},
                                 {"pinned", facts.pinning.map_of(facts.options.threads.back())},
                                 {"command_line", facts.options.command_line}});
  if (facts.options.turns) context.emplace_back(kInterleaved, yes_no(true));
  for (const auto& [name, value] : facts.options.environment) context.emplace_back(name, value);
  if (facts.image == nullptr) return;
  const Image& image = *facts.image;
  context.insert(context.end(), {{"image", image.name},
                                 {"image_size", sizes_text(*facts.images)},
                                 {"image_sha256", image.sha256.empty() ? "none: synthetic" : image.sha256},
                                 {"image_conversion", image.conversion.empty() ? "none" : image.conversion}});
}

}  // namespace

std::string kernel_flags() {
  const std::string level = kernels::name_of(kernels::cpu_level());
  return std::string(HARNESS_FLAGS) + " -fopenmp" + (level.empty() ? "" : " -march=" + level);
}

std::string sizes_text(const Images& images) {
  std::vector<std::string> sizes;
  for (const ImageSize size : images.sizes()) sizes.push_back(to_string(size));
  return joined(sizes, ",");
}

RanOn ran_on(const embed::Facts& python) {
  return {.gil_enabled = python.gil_enabled, .version = short_version(python)};
}

ContextEntries context_of(const RunFacts& facts) {
  ContextEntries context;
  add_python(facts, context);
  add_build(facts.options, context);
  add_kernels(facts.options, context);
  add_machine(facts.machine, context);
  add_work(facts, context);
  return context;
}

Context context_by_key(const RunFacts& facts) {
  const ContextEntries context = context_of(facts);
  return {context.begin(), context.end()};
}

void add_end(bool gil_enabled_at_end, const std::vector<std::string>& warnings, int interrupted,
             ContextEntries& context) {
  context.emplace_back("gil_enabled_at_end", yes_no(gil_enabled_at_end));
  for (std::size_t i = 0; i < warnings.size(); ++i) {
    context.emplace_back("warning_" + std::to_string(i + 1), warnings[i]);
  }
  if (interrupted != 0) context.emplace_back("interrupted", "by signal " + std::to_string(interrupted - 128));
}

}  // namespace harness
