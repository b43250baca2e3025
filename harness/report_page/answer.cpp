// harness/report_page/answer.cpp: what a page asks, and what answers it, in a sentence each.
#include "harness/report_page/answer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "harness/compare/cell_text.h"
#include "harness/compare/measure.h"
#include "harness/gil_trace/analysis.h"
#include "harness/report/run_columns.h"
#include "harness/row/format.h"
#include "harness/tracer/summary_document.h"

namespace harness {
namespace {

/// How far the cell lies from the first interpreter's, on the measure's scale; none where that is not sure.
std::optional<double> sure_distance(const Cell& cell) {
  const bool is_sure = cell.verdict == Verdict::faster || cell.verdict == Verdict::slower;
  return is_sure && cell.effect ? std::optional(std::abs(cell.effect->mean)) : std::nullopt;
}

std::string counts_of(const Comparison& comparison, std::size_t python) {
  constexpr std::array<std::pair<Verdict, std::string_view>, 4> kWords{
      {{Verdict::faster, "faster"},
       {Verdict::slower, "slower"},
       {Verdict::same, "the same"},
       {Verdict::inconclusive, "inconclusive"}}};
  std::vector<std::string> counts;
  std::size_t judged = 0;
  for (const auto& [verdict, words] : kWords) {
    std::size_t count = 0;
    for (const ComparedRow& row : comparison.rows) count += row.cells[python].verdict == verdict ? 1 : 0;
    if (count > 0) counts.push_back(std::to_string(count) + " " + std::string(words));
    judged += count;
  }
  std::size_t failed = 0, inapplicable = 0;
  for (const ComparedRow& row : comparison.rows) {
    const auto ended = [&](Outcome outcome) {
      return std::ranges::any_of(std::array{&row.cells.front(), &row.cells[python]}, [&](const Cell* cell) {
        return cell->failed() && cell->outcome == outcome;
      });
    };
    failed += ended(Outcome::failed) ? 1 : 0;
    inapplicable += !ended(Outcome::failed) && ended(Outcome::not_applicable) ? 1 : 0;
  }
  if (failed > 0) counts.push_back(std::to_string(failed) + " failed");
  if (inapplicable > 0) counts.push_back(std::to_string(inapplicable) + " without a meaning here");
  const std::size_t others =
      comparison.rows.size() - std::min(comparison.rows.size(), judged + failed + inapplicable);
  if (others > 0) counts.push_back(std::to_string(others) + " that cannot be judged (two rounds are needed)");
  const std::size_t rows = comparison.rows.size();
  return (rows == 1 ? "Of one row " : "Of " + std::to_string(rows) + " rows ") + enumerated(counts) + ".";
}

std::string most_of(const Comparison& comparison, std::size_t python) {
  const ComparedRow* most = nullptr;
  for (const ComparedRow& row : comparison.rows) {
    const auto distance = sure_distance(row.cells[python]);
    // Of shares the difference is no logarithm: they are not compared with the others.
    if (!distance || row.measure.scale != Scale::ratio) continue;
    if (most == nullptr || *distance > *sure_distance(most->cells[python])) most = &row;
  }
  if (most == nullptr) return "";
  const Cell& cell = most->cells[python];
  const std::string what = most->measure.is_time() ? "the time" : most->measure.key;
  return " Most of all " + most->id.name() + ", with " + effect_text(*most, cell) + " of " + what + " (" +
         verdict_text(comparison, *most, cell) + ").";
}

/// "x took 1.20 ms."; of several rows the shortest and the longest; of rows that are compared by something
/// else what that is. "" where none was timed.
std::string came_to_of(const std::string& section, const std::vector<Row>& rows) {
  constexpr std::size_t kMost = 8;
  std::vector<const Row*> timed;
  std::vector<std::string> measured;
  for (const Row& row : rows) {
    if (!row.ok() || section_of(row.id) != section) continue;
    timed.push_back(&row);
    const Measure measure = measure_of(row);
    const auto value = measure.is_time() ? std::nullopt : measure.value_of(row);
    if (value) measured.push_back(label_of(row.id) + ": " + worded(info_of(measure.key), *value));
  }
  if (timed.empty()) return "No row was timed.";
  if (!measured.empty()) {
    const std::size_t left = measured.size() - std::min(measured.size(), kMost);
    measured.resize(measured.size() - left);
    return enumerated(measured) + (left > 0 ? "; " + std::to_string(left) + " more below." : ".");
  }
  const auto by_time = [](const Row* a, const Row* b) { return a->item_s() < b->item_s(); };
  const Row& shortest = **std::ranges::min_element(timed, by_time);
  const Row& longest = **std::ranges::max_element(timed, by_time);
  // Rows that do other parts of a job are compared by an item's time.
  const bool alike =
      std::ranges::all_of(timed, [&](const Row* row) { return row->items() == shortest.items(); });
  const auto said = [&](const Row& row) {
    return label_of(row.id) + " with " +
           (alike ? format_time(row.median_s()) : format_time(row.item_s()) + " an item");
  };
  if (timed.size() == 1) return label_of(shortest.id) + " took " + format_time(shortest.median_s()) + ".";
  return "The fastest is " + said(shortest) + ", the slowest " + said(longest) + ".";
}

}  // namespace

std::string question_of(const std::vector<Row>& rows, const std::string& interpreter) {
  std::vector<std::string> workloads, counts;
  std::set<int> threads;
  for (const Row& row : rows) {
    if (std::ranges::find(workloads, row.id.workload) == workloads.end())
      workloads.push_back(row.id.workload);
    if (row.id.threads() > 0) threads.insert(row.id.threads());
  }
  if (workloads == std::vector<std::string>{"gil"})
    return "What does the GIL itself cost on " + interpreter + "?";
  if (workloads == std::vector<std::string>{"start"})
    return "What does each way around the GIL cost to enter on " + interpreter + "?";
  for (const int count : threads) counts.push_back(std::to_string(count));
  constexpr std::size_t kMost = 4;
  const std::string what =
      workloads.size() > kMost ? std::to_string(workloads.size()) + " workloads" : enumerated(workloads);
  const std::string on = counts.empty()
                             ? ""
                             : ", on " + enumerated(counts) +
                                   (threads.size() == 1 && *threads.begin() == 1 ? " thread" : " threads");
  return "How fast " + std::string(workloads.size() == 1 ? "is " : "are ") + what + " on " + interpreter +
         on + "?";
}

Answers answers_of(const Document& document, const std::vector<Row>& rows) {
  Answers answers;
  for (const Section& section : document.sections) {
    if (!section.sentences.empty() && !section.sentences.back().starts_with("no account")) {
      answers.emplace_back(section.title, section.sentences.back());
      continue;
    }
    const std::string came_to = came_to_of(section.title, rows);
    if (!came_to.empty()) answers.emplace_back(section.title, came_to);
  }
  return answers;
}

std::string question_of(const Comparison& comparison) {
  const std::string& first = comparison.labels.front();
  const std::vector<std::string> others(comparison.labels.begin() + 1, comparison.labels.end());
  if (others.empty()) return "How fast is " + first + "?";
  return (others.size() == 1 ? "Is " + others.front() : "Which of " + enumerated(others) + " is") +
         " faster than " + first + "?";
}

Answers answers_of(const Comparison& comparison) {
  Answers answers;
  for (std::size_t i = 1; i < comparison.labels.size(); ++i) {
    answers.emplace_back(comparison.labels[i], counts_of(comparison, i) + most_of(comparison, i));
  }
  return answers;
}

bool is_about_a_gil(const gil_trace::TimelineFile& timeline) {
  const gil_trace::GilUse all =
      gil_trace::analyse(timeline.recording, timeline.window, timeline.cores).total();
  if (all.wait_ns() > 0) return true;
  // A free-threaded CPython takes one for a moment as it starts.
  const bool is_free_threaded = std::ranges::any_of(timeline.metadata, [](const auto& entry) {
    return entry.first == "interpreter" && entry.second.find("free-threading build") != std::string::npos;
  });
  return all.acquires + all.holds_ns.size() > 0 && !is_free_threaded;
}

Answers answers_of(const gil_trace::TimelineFile& timeline) {
  Answers answers;
  const auto window_ns = static_cast<double>(std::max<std::int64_t>(timeline.window.length_ns(), 1));
  const auto share = [&](std::int64_t part_ns) {
    return format_percent(static_cast<double>(part_ns) / window_ns);
  };
  const gil_trace::Analysis analysis =
      gil_trace::analyse(timeline.recording, timeline.window, timeline.cores);
  if (is_about_a_gil(timeline)) {
    for (const gil_trace::GilId gil : analysis.gils()) {
      const gil_trace::GilUse all = analysis.of_gil(gil);
      std::vector<std::string> waits;
      for (const gil_trace::ThreadUse& use : analysis.uses) {
        if (use.gil != gil || use.use.wait_ns() == 0) continue;
        waits.push_back(timeline.recording.threads[use.thread].name + " for " + share(use.use.wait_ns()));
      }
      answers.emplace_back("GIL " + std::to_string(gil),
                           "It was held " + share(all.held_ns()) + " of " + format_time(window_ns * 1e-9) +
                               " and went from one thread to another " +
                               format_count(static_cast<double>(all.switches)) + " times. " +
                               (waits.empty() ? "Nobody waited for it."
                                              : "Who waited: " + enumerated(waits) + " of the time."));
    }
  }
  const Contention& contention = timeline.contention;
  if (!contention.sites.empty()) {
    answers.emplace_back("locks", "Waiting for them took " + format_time(contention.lost_ns * 1e-9) +
                                      " of all threads' time, most of it for " +
                                      contention.sites.front().what + ".");
  } else if (answers.empty()) {
    answers.emplace_back("waits", "No thread waited for a GIL, nor for a lock.");
  }
  return answers;
}

std::string program_name(const tracer::Summary& summary) {
  const std::vector<std::string>& words = summary.program.command;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool has_next = i + 1 < words.size();
    if (word == "-m") return has_next ? "python -m " + words[i + 1] : "python";
    if (word == "-c") return "python -c …";
    if (word == "-X" || word == "-W" || word == "--check-hash-based-pycs") {
      ++i;  // takes the next word
    } else if (!word.starts_with("-")) {
      const std::string file = std::filesystem::path(word).filename().string();
      return file.empty() ? word : file;  // a folder may end in a slash
    }
  }
  return "python";
}

std::string question_of(const tracer::Summary& summary, const std::string& program) {
  const bool waited =
      std::ranges::any_of(summary.gils, [](const tracer::GilSummary& gil) { return gil.use.waits > 0; });
  return waited ? "Who held the GIL in " + program + ", and who waited for it?"
                : "What did the threads of " + program + " wait for?";
}

Answers answers_of(const tracer::Summary& summary, const Document& document) {
  Answers answers;
  for (const Section& section : document.sections) {
    for (const std::string& sentence : section.sentences) answers.emplace_back("the GIL", sentence);
  }
  const auto seconds = [](std::int64_t ns) { return format_time(static_cast<double>(ns) * 1e-9); };
  if (!summary.long_holds.empty()) {
    const tracer::LongHoldSummary& most = summary.long_holds.front();
    answers.emplace_back(
        "kept it", "Most of the time for which the GIL was kept though another thread had asked for it, " +
                       seconds(most.total_ns) + " in " + format_count(static_cast<double>(most.count)) +
                       (most.count == 1 ? " hold" : " holds") + ": " + tracer::culprit_text(most) +
                       (most.python.empty() ? "." : "; called by " + most.python + "."));
  }
  std::map<std::string, std::int64_t> lost_ns;
  std::int64_t all_ns = 0;
  for (const tracer::SiteSummary& site : summary.sites) {
    lost_ns[site.what] += site.parked_ns + site.spinning_ns;
    all_ns += site.parked_ns + site.spinning_ns;
  }
  if (!lost_ns.empty()) {
    const auto most = std::ranges::max_element(lost_ns, {}, [](const auto& entry) { return entry.second; });
    answers.emplace_back("waits", "Threads waited for other things than the GIL for " + seconds(all_ns) +
                                      " in all, most of it for: " + most->first + ".");
  }
  return answers;
}

}  // namespace harness
