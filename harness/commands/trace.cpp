// harness/commands/trace.cpp: harness trace WORD…
#include <bit>
#include <cmath>
#include <iostream>
#include <system_error>
#include <thread>

#include "harness/build_info.h"
#include "harness/commands/commands.h"
#include "harness/commands/trace_flags.h"
#include "harness/error.h"
#include "harness/interpreter/elf_file.h"
#include "harness/interpreter/guest.h"
#include "harness/interpreter/resolve.h"
#include "harness/report/console_text.h"
#include "harness/row/format.h"
#include "harness/run/installation.h"
#include "harness/system/atomic_file.h"
#include "harness/system/text.h"
#include "harness/tracer/summary.h"
#include "harness/tracer/summary_document.h"
#include "harness/tracer/trace_timeline.h"
#include "harness/tracer/traced_program.h"
#include "harness/tracer/watcher.h"

namespace harness {
namespace {

namespace fs = std::filesystem;
using tracer::ProgramStart;
using tracer::SharedMemory;
using tracer::TraceMemory;

/// The interpreter's own executable where there is one: so the code is the same, and main() is CPython's.
ProgramStart start_of(const Request& request, Interpreter& interpreter) {
  const Installation installation = find_installation();
  if (!fs::exists(installation.tracer)) {
    throw UserError("trace: " + installation.tracer.string() +
                    " is missing; install harness anew (a sanitized build does not have it)");
  }
  ProgramStart start{.executable = interpreter.executable, .arguments = {}, .tracer = installation.tracer};
  if (interpreter.executable.empty()) {
    start.executable = installation.launcher;
    start.libpython = interpreter.libpython;
    start.arguments = {"python3"};
  } else {
    interpreter = as_guest(interpreter);
    if (!interpreter.usable()) {
      throw UserError("--python=" + request.options.pythons.front().spec + ": " + interpreter.unusable);
    }
    // As it would be found on the path.
    start.arguments = {interpreter.executable.lexically_normal()};
  }
  const std::vector<std::string>& program = request.options.rest;
  start.arguments.insert(start.arguments.end(), program.begin(), program.end());
  return start;
}

/// The functions in which the world is stopped, started and waited for. Whether there are any.
bool take_world_functions(const fs::path& code, tracer::TraceSettings& settings) {
  const auto elf = ElfFile::open(code);
  if (!elf) return false;
  for (const ElfFunction& function : elf->functions()) {
    const std::string name = function.name.substr(0, function.name.find('.'));
    if (!lock_trace::is_of_world(name) || settings.world_ranges == settings.world.size()) continue;
    settings.world[settings.world_ranges++] = {function.address, function.address + function.size};
  }
  return settings.world_ranges > 0;
}

/// Whether the program's CPython is the file in which the functions were looked up.
bool is_code_of(const std::string& file, const Interpreter& interpreter) {
  std::error_code error;
  return file.empty() || file == fs::weakly_canonical(code_file(interpreter), error);
}

double ticks_per_ns(trace::ClockAnchor from) {
  constexpr std::int64_t kLongEnough_ns = 2'000'000;  // for a pace that is right to a part in ten thousand
  while (now_ns() - from.ns < kLongEnough_ns) std::this_thread::yield();
  const trace::ClockAnchor to = trace::take_clock_anchor();
  return static_cast<double>(to.ticks - from.ticks) / static_cast<double>(to.ns - from.ns);
}

void take_settings(const TraceOptions& options, std::size_t ring_bytes, trace::ClockAnchor begin,
                   tracer::TraceSettings& settings) {
  constexpr double kSwitchInterval_s = 0.005;  // CPython's default
  settings.layout = tracer::kLayout;
  settings.tick_source = trace::detail::tick_source;
  settings.ticks_per_ns = ticks_per_ns(begin);
  settings.long_hold_ns = std::llround(options.long_hold_s.value_or(kSwitchInterval_s) * 1e9);
  settings.long_hold =
      static_cast<tracer::Ticks>(static_cast<double>(settings.long_hold_ns) * settings.ticks_per_ns);
  if (ring_bytes == 0) return;
  constexpr std::uint64_t kFewestRings = 64;
  const std::uint64_t events = ring_bytes / sizeof(trace::TickEvent);
  settings.ring_events = std::bit_floor(events / kFewestRings);
  settings.rings = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(events / settings.ring_events, tracer::kMostThreads));
}

void write_file(const char* flag, const fs::path& file, const std::string& text) {
  try {
    write_file_atomically(file, text);
  } catch (const std::system_error& error) {
    std::cerr << "harness: " << flag << ": " << printable(error.what()) << '\n';
  }
}

void write_timeline(const Options& options, const fs::path& file, TraceMemory& memory,
                    tracer::Watcher& watcher, trace::ClockAnchor end, tracer::Summary& summary) {
  try {
    const std::string part =
        tracer::write_trace_timeline(file, memory, watcher, end, summary,
                                     {{"interpreter", summary.program.interpreter},
                                      {"end", summary.program.end},
                                      {"harness", HARNESS_VERSION " (" HARNESS_COMMIT ")"},
                                      {"command_line", options.command_line}});
    if (!part.empty()) summary.notes.push_back(part);
  } catch (const UserError& error) {
    std::cerr << "harness: --timeline: " << printable(error.what()) << '\n';
  }
}

/// What the sums do not say.
std::vector<std::string> notes_of(TraceMemory& memory) {
  std::vector<std::string> notes;
  if (const std::uint32_t forked = memory.forked.load(); forked > 0) {
    std::string children;
    for (std::uint32_t i = 0; i < std::min<std::size_t>(forked, memory.children.size()); ++i) {
      children += (i == 0 ? "" : ", ") + std::to_string(memory.children[i].load());
    }
    if (forked > memory.children.size()) children += ", …";
    notes.push_back("not traced: " + std::to_string(forked) +
                    (forked == 1 ? " process that it forked (" : " processes that it forked (") + children +
                    ")");
  }
  if (memory.executing.load() != 0) {
    notes.push_back("the trace ends where the program became " + printable(memory.executed.data()) +
                    " (exec): what that did is not in it");
  }
  if (memory.events_lost.load() > 0) {
    notes.push_back(format_count(static_cast<double>(memory.events_lost.load())) +
                    " events are missing: more than " + std::to_string(tracer::kMostThreads) +
                    " threads lived at a time");
  }
  std::uint64_t contradictions = 0;
  for (const tracer::GilState& gil : memory.gils) contradictions += gil.contradictions;
  if (contradictions > 0 && memory.events_lost.load() == 0) {
    notes.push_back("do not trust what is said of the GIL: " + std::to_string(contradictions) +
                    " of its events cannot have happened as they were seen");
  }
  if (memory.gils_lost.load() > 0) notes.emplace_back("some GILs are missing: there were too many at a time");
  if (memory.long_holds.lost() + memory.world.lost() > 0) {
    notes.push_back(std::to_string(memory.long_holds.lost()) + " long holds and " +
                    std::to_string(memory.world.lost()) +
                    " events of stopped worlds are missing: they came faster than they could be taken");
  }
  if (memory.calls_cut_short.load() > 0) {
    notes.push_back(std::to_string(memory.calls_cut_short.load()) +
                    " system calls were cut short by a look at a thread that was just entering them");
  }
  const auto walks = memory.walker.counts();
  if (walks.cut > 0) {
    notes.push_back(std::to_string(walks.cut) +
                    " call stacks were cut: their budget, 1 % of the time, was spent");
  }
  return notes;
}

std::string in_words(const Interpreter& interpreter) {
  return "CPython " + version_name(interpreter) + ", " +
         (interpreter.executable.empty() ? interpreter.libpython : interpreter.executable).string();
}

int trace_program(const Request& request) {
  const Options& options = request.options;
  const TraceOptions traced = trace_options(options);
  request.interruption.give_signals_back();
  trace::choose_tick_source();
  const trace::ClockAnchor begin = trace::take_clock_anchor();
  Interpreter interpreter =
      resolve_interpreter(options.pythons.front().spec, request.search, Facts::kFromFiles);
  const ProgramStart start = start_of(request, interpreter);
  const std::size_t ring_bytes = traced.timeline.empty() ? 0 : traced.memory - sizeof(TraceMemory);
  SharedMemory memory(ring_bytes);
  const bool knows_world =
      !interpreter.free_threaded || take_world_functions(code_file(interpreter), memory->settings);
  take_settings(traced, ring_bytes, begin, memory->settings);
  int status = 0;
  {
    tracer::TracedProgram program(start, memory);
    tracer::Watcher watcher(*memory, program.process());
    status = program.wait();
    const trace::ClockAnchor end = trace::take_clock_anchor();
    watcher.finish(end);
    if (memory->attached.load() == 0) {
      std::cerr << "harness: nothing was traced: " << start.executable.string()
                << " did not let the tracer in (a set-user-ID bit, file capabilities, no CPython, or a "
                   "harness of two builds?)\n";
    } else {
      const bool is_expected = !interpreter.free_threaded || is_code_of(watcher.sites().file(), interpreter);
      tracer::Summary summary = tracer::summary_of(*memory, watcher, end,
                                                   {.command = start.arguments,
                                                    .interpreter = in_words(interpreter),
                                                    .process = program.process(),
                                                    .end = tracer::end_in_words(status),
                                                    .knows_world = knows_world && is_expected,
                                                    .command_line = options.command_line});
      summary.notes = notes_of(*memory);
      if (!traced.timeline.empty()) write_timeline(options, traced.timeline, *memory, watcher, end, summary);
      std::cerr << tracer::report_text(summary, {.width = options.width, .color = options.color_output});
      if (!traced.report.empty()) write_file("--report", traced.report, tracer::summary_json(summary));
    }
  }
  return tracer::end_as(status);
}

}  // namespace

CommandEntry trace_command() {
  return {trace_words(), trace_program};
}

}  // namespace harness
