// harness/report/account_sentence.cpp: why threads were as fast as they were, from their account.
#include "harness/report/account_sentence.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "harness/row/account.h"
#include "harness/row/format.h"

namespace harness {
namespace {

constexpr double kSaid = 0.05;  // of members x wall: what is less is not worth a word
constexpr double kNone = 0.01;

double share(const Row& row, const std::string& part) {
  return row.counter("account_" + part).value_or(0);
}

bool locks_are_traced(const Row& row) {
  return row.counter("account_lock_wait").has_value();
}

std::string of_its_time(double of_all) {
  return format_percent(of_all) + " of its time";
}

std::string about_the_gil(const Row& row) {
  const auto held = row.counter("gil_held_share");
  const std::string waited = held ? "the GIL was held " + format_percent(*held) +
                                        " of the time, and each thread waited for " +
                                        format_percent(share(row, "gil_wait")) + " of it"
                                  : "each waited for the GIL for " + of_its_time(share(row, "gil_wait"));
  return waited + "; native code that releases it, subinterpreters or processes would not wait";
}

std::string about_locks(const Row& row) {
  const double parked = share(row, "lock_wait"), spun = share(row, "lock_spin");
  std::string text = "each waited for locks for " + of_its_time(parked + spun);
  if (spun >= kNone) text += " (" + format_percent(spun) + " spinning)";
  const auto& sites = row.contention.sites;
  if (!sites.empty() && sites.front().what == "a threading.Lock") {
    return text + ", most of it for a threading.Lock, by which an Event, a Condition and a Queue wait, too";
  }
  return text + "; an object for each thread, or fewer uses of one that they share, would help";
}

/// What the world was stopped for longest; "" where the trace has seen no thread wait for one.
std::string reason_of_stops(const Row& row) {
  return row.contention.stops.empty() ? "" : row.contention.stops.front().why;
}

constexpr const char* kCollection = "garbage collection";

/// The part of the machine that others had, where it is so much that they are a cause.
std::optional<double> busy_others(const Row& row) {
  constexpr double kBusy = 0.1;
  const double others =
      row.counter("others_cpu_share").value_or(0) + row.counter("stolen_cpu_share").value_or(0);
  return others > kBusy ? std::optional(others) : std::nullopt;
}

/// Why threads took more CPU time together, as far as it can be guessed. Work beside theirs takes caches, and
/// parts of a core that are shared, from them. With a GIL they take turns, so that none can change another's
/// cache lines meanwhile.
std::string guess_of_more_cpu(const Row& row) {
  if (const auto others = busy_others(row)) {
    return "others, which had " + format_percent(*others) + " of the machine, slowed its cores, most likely";
  }
  if (row.counter("account_gil_wait")) return "caches are cold after each switch, most likely";
  if (share(row, "world_stopped") >= kNone && reason_of_stops(row) == kCollection) {
    return "a garbage collection visits the objects of all threads, most likely";
  }
  return "they share cache lines (reference counts, most likely)";
}

std::string about_more_cpu(const Row& row) {
  const double ratio = 1 + share(row, "slower") / share(row, "useful");
  const auto interval = row.counter("account_baseline_interval");
  std::string text = "needed " + format_ratio(ratio) + " × ";
  if (interval) text += "(± " + format_percent(*interval) + ") ";
  return text + "the CPU time for the same work: " + guess_of_more_cpu(row);
}

std::string about_stops(const Row& row) {
  const std::string reason = reason_of_stops(row);
  std::string text = "the interpreter stopped each for " + of_its_time(share(row, "world_stopped"));
  if (!reason.empty()) text += ", longest for: " + reason;
  if (reason == kCollection) text += "; fewer of them would help (gc.freeze(), gc.set_threshold())";
  return text;
}

/// Where each thread does the whole job there are no parts of it.
std::string about_idle(const Row& row) {
  return "each had nothing left to do for " + of_its_time(share(row, "idle")) + ", on average; " +
         (row.traits.each_does_all ? "one was done before another"
                                   : "smaller parts would spread the work evenly");
}

/// Where other processes had much of the machine, fewer threads would have no more of it.
std::string about_no_core(const Row& row) {
  const auto others = busy_others(row);
  return "for " + of_its_time(share(row, "not_scheduled")) + " each could run and had no core; " +
         (others ? "others had " + format_percent(*others) + " of the machine"
                 : "fewer threads, or more cores, would help");
}

bool needs_more(const Row& row) {
  return share(row, "slower") >= kSaid && share(row, "useful") > 0;
}

/// What kept each thread, or made its own work take longer, the largest first.
std::vector<std::string> losses_of(const Row& row) {
  struct Said {
    double lost;
    std::string text;
  };
  std::vector<Said> said;
  const auto add = [&](double lost, const std::string& text) {
    if (lost >= kSaid) said.push_back({lost, text});
  };
  const double locks = share(row, "lock_wait") + share(row, "lock_spin");
  const double blocked = share(row, "blocked");
  if (needs_more(row)) add(share(row, "slower"), "each " + about_more_cpu(row));
  add(share(row, "gil_wait"), about_the_gil(row));
  add(locks, about_locks(row));
  add(share(row, "world_stopped"), about_stops(row));
  add(blocked, "each was blocked for " + of_its_time(blocked) +
                   (locks_are_traced(row) ? ", in I/O, in sleep or by another thread's work"
                                          : ", by locks, in I/O or in sleep"));
  add(share(row, "not_scheduled"), about_no_core(row));
  add(share(row, "idle"), about_idle(row));
  std::ranges::stable_sort(said, std::ranges::greater{}, &Said::lost);
  std::vector<std::string> texts;
  for (const Said& each : said) texts.push_back(each.text);
  return texts;
}

}  // namespace

std::string account_sentence(const Row& row) {
  if (!has_account(row) || share(row, "other_threads") > kOthersTooMuch) return "";
  constexpr std::size_t kCauses = 2;
  const std::vector<std::string> losses = losses_of(row);
  std::string text;
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
  const bool waited_for_locks = share(row, "lock_wait") + share(row, "lock_spin") >= kNone;
  if (locks_are_traced(row) && !waited_for_locks && !row.counter("account_gil_wait")) {
    text = "no lock was waited for";
  }
  if (losses.empty()) {
    add("each ran all the time, and needed no more CPU time for the same work");
  } else if (losses.size() == 1 && needs_more(row)) {
    add("each ran all the time, and " + about_more_cpu(row));
  } else {
    for (std::size_t i = 0; i < std::min(losses.size(), kCauses); ++i) add(losses[i]);
  }
  return text;
}

}  // namespace harness
