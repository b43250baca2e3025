// harness/tracer/thread_slots.cpp: slots copied, added and named.
#include "harness/tracer/thread_slots.h"

#include <algorithm>
#include <cstring>

#include "harness/system/text.h"

namespace harness::tracer {
namespace {

void add(GilTotals& to, const GilTotals& from) {
  to.acquires += from.acquires;
  to.releases += from.releases;
  to.waits += from.waits;
  to.timeouts += from.timeouts;
  to.forced_switches += from.forced_switches;
  to.held += from.held;
  to.waited += from.waited;
  to.longest_hold = std::max(to.longest_hold, from.longest_hold);
  to.longest_wait = std::max(to.longest_wait, from.longest_wait);
}

void add(SiteTotals& to, const SiteTotals& from) {
  to.parks += from.parks;
  to.yields += from.yields;
  to.parked += from.parked;
  to.spinning += from.spinning;
  to.longest_park = std::max(to.longest_park, from.longest_park);
}

bool is_free(const GilTotals& totals) {
  return totals.gil == 0;
}

bool is_free(const SiteTotals& site) {
  return site.stack == 0 && site.parks == 0 && site.yields == 0;
}

/// To the entry that is the same by `is_same`, a free one, or else the last.
template <typename Entries, typename Entry, typename Same>
void add_to(Entries& entries, const Entry& entry, const Same& is_same) {
  if (is_free(entry)) return;
  auto found = std::ranges::find_if(
      entries, [&](const Entry& known) { return is_free(known) || is_same(known, entry); });
  if (found == entries.end()) found = std::prev(found);
  if constexpr (requires { found->stack; }) {
    if (is_free(*found)) found->stack = entry.stack;
  }
  if constexpr (requires { found->gil; }) {
    if (!is_free(*found) && found->gil != entry.gil) found->gil = kSeveralGils;
    if (is_free(*found)) found->gil = entry.gil;
  }
  add(*found, entry);
}

std::vector<trace::TickEvent> events_of(TraceMemory& memory, const ThreadSlot& slot) {
  if (slot.ring == 0) return {};
  const trace::TickEvent* const ring = memory.ring(slot.ring - 1);
  const std::uint64_t capacity = memory.settings.ring_events;
  std::vector<trace::TickEvent> events;
  const std::uint64_t first = slot.ring_count > capacity ? slot.ring_count - capacity : 0;
  for (std::uint64_t at = first; at < slot.ring_count; ++at) events.push_back(ring[at & (capacity - 1)]);
  return events;
}

}  // namespace

ThreadRecord record_of(TraceMemory& memory, const ThreadSlot& slot) {
  ThreadRecord record{.slot = std::make_unique<ThreadSlot>(), .events = events_of(memory, slot)};
  std::memcpy(static_cast<void*>(record.slot.get()), static_cast<const void*>(&slot), sizeof slot);
  record.events_left_out = slot.ring_lost + slot.ring_count - record.events.size();
  return record;
}

void fold_into(ThreadRecord& sum, const ThreadRecord& thread) {
  ThreadSlot& to = *sum.slot;
  const ThreadSlot& from = *thread.slot;
  for (const GilTotals& totals : from.gils) {
    add_to(to.gils, totals, [](const auto& a, const auto& b) { return a.gil == b.gil; });
  }
  for (const SiteTotals& site : from.sites) {
    add_to(to.sites, site, [](const auto& a, const auto& b) { return a.stack == b.stack; });
  }
  for (const LongWait& wait : from.longest_waits) {
    auto shortest = std::ranges::min_element(to.longest_waits, {}, &LongWait::length);
    if (wait.length > shortest->length) *shortest = wait;
  }
  to.holds += from.holds;
  to.waits += from.waits;
  to.alive_before += from.alive_before + from.ended_at - from.began;
  to.threads_before += from.threads_before + 1;
  sum.events_left_out += thread.events.size() + thread.events_left_out;
}

std::string name_of(const ThreadSlot& slot, pid_t process) {
  const pid_t id = slot.os_id.load();
  if (slot.name.front() != '\0') return printable(slot.name.data());
  return id == process ? "main" : "thread " + std::to_string(id);
}

}  // namespace harness::tracer
