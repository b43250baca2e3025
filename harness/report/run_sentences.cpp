// harness/report/run_sentences.cpp: what the rows of a workload show, in plain words.
#include "harness/report/run_sentences.h"

#include "harness/report/account_sentence.h"
#include "harness/report/break_even_sentence.h"
#include "harness/row/format.h"
#include "harness/row/relations.h"

namespace harness {
namespace {

std::string threads_text(int threads) {
  return std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

/// The row that is done first, for each item; null where none was timed.
const Row* fastest(const std::vector<Row>& rows) {
  const Row* best = nullptr;
  for (const Row& row : rows) {
    if (row.ok() && (best == nullptr || row.item_s() < best->item_s())) best = &row;
  }
  return best;
}

/// The row that does what the baseline does on the most threads, or null where none has more than one.
const Row* widest_python(const std::vector<Row>& rows) {
  const Row* widest = nullptr;
  for (const Row& row : rows) {
    if (!row.ok() || !row.traits.baseline_on_threads || row.id.threads() < 2) continue;
    if (widest == nullptr || row.id.threads() > widest->id.threads()) widest = &row;
  }
  return widest;
}

/// Why there is no account, as far as the row says.
std::string without_account(const Row& row) {
  for (const std::string& remark : row.remarks) {
    if (remark.starts_with("no account (")) return ": " + remark + ".";
    if (remark.starts_with("account withheld: ")) return " (" + remark + ").";
  }
  return ". No account says why.";
}

/// What the account says of why, or the trace, or what is known without either.
std::string because(const Row& threaded, bool gil_enabled) {
  const std::string account = account_sentence(threaded);
  if (!account.empty()) return ": " + account + ".";
  const auto held = threaded.counter("gil_held_share");
  const auto waited = threaded.counter("gil_wait_share");
  if (held && waited) {
    return ": the GIL was held " + format_percent(*held) + " of the time, and each thread waited for " +
           format_percent(*waited) + " of it.";
  }
  return gil_enabled ? ": only one of them can hold the GIL." : without_account(threaded);
}

std::string about_threads(const Row& threaded, const Row& baseline, bool gil_enabled) {
  const double slower = threaded.item_s() / baseline.item_s();
  if (threaded.traits.each_does_all) {
    return threads_text(threaded.id.threads()) + " did " + format_ratio(1 / slower) +
           " × the work a second of one" + because(threaded, gil_enabled);
  }
  const bool same = slower >= 0.95 && slower <= 1.05;
  const std::string how = (same ? "" : format_ratio(slower) + " × ") + "as long as one";
  return std::to_string(threaded.id.threads()) + " Python threads took " + how +
         because(threaded, gil_enabled);
}

}  // namespace

std::string sentences_of(const std::vector<Row>& rows, const RanOn& on) {
  if (const std::string pays = break_even_sentence(rows, on.version); !pays.empty()) return pays;
  const Row* const baseline = rows.empty() ? nullptr : baseline_of(rows, rows.front());
  if (baseline == nullptr) return "";
  std::string text;
  if (const Row* const threaded = widest_python(rows))
    text = about_threads(*threaded, *baseline, on.gil_enabled);
  const Row* const best = fastest(rows);
  if (best != nullptr && best != baseline && !best->traits.baseline_on_threads) {
    text += (text.empty() ? "" : " ") + best->id.strategy + " on " + threads_text(best->id.threads()) +
            " was " + format_ratio(baseline->item_s() / best->item_s()) + " × as fast as pure Python.";
  }
  return text;
}

}  // namespace harness
