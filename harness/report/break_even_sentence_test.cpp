// harness/report/break_even_sentence_test.cpp: a thread that pays, and nobody knows on which interpreter.
#include "harness/report/break_even_sentence.h"

#include <gtest/gtest.h>

#include "harness/report/run_sentences.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

Row row_with(const std::string& way, const std::string& worker, const std::string& counter, double ns) {
  Row even = timed_row("start/break_even/" + way, 1);
  even.traits.worker = worker;
  even.counters = {{counter, ns}};
  return even;
}

/// A way whose workers share a GIL.
Row sharing(Row row) {
  row.traits.shares_gil = true;
  return row;
}

std::vector<Row> rows_of_a_run() {
  return {row_with("subinterpreters", "a subinterpreter", "break_even_ns", 13'600),
          row_with("processes/start:fork", "a process", "break_even_ns", 167'000),
          sharing(row_with("python_threads", "a thread", "no_break_even_ns", 2e7))};
}

TEST(BreakEvenSentence, SaysFromWhichTaskOnAWayPays) {
  EXPECT_EQ(
      break_even_sentence(rows_of_a_run(), ""),
      "A subinterpreter pays from 13.6 µs a task, a process (fork) from 167 µs. Two workers do not pay up to "
      "20.0 ms a task: a thread.");
  EXPECT_EQ(break_even_sentence({timed_row("start/subinterpreters/threads:2", 0.02)}, "3.14.7"), "");
}

TEST(BreakEvenSentence, NamesTheInterpreterWhereItIsAThreadThatPays) {
  EXPECT_EQ(
      break_even_sentence({row_with("processes/start:fork", "a process", "break_even_ns", 410'000),
                           sharing(row_with("python_threads", "a thread", "break_even_ns", 6'000)),
                           sharing(row_with("thread_pool", "a thread pool", "break_even_ns", 201'000))},
                          "3.14.7t"),
      "A process (fork) pays from 410 µs a task, a thread of 3.14.7t from 6.00 µs, a thread pool of 3.14.7t "
      "from 201 µs.");
}

TEST(BreakEvenSentence, IsWhatTheRunsSectionSays) {
  EXPECT_EQ(
      sentences_of(rows_of_a_run(), {.version = "3.14.7"}),
      "A subinterpreter pays from 13.6 µs a task, a process (fork) from 167 µs. Two workers do not pay up to "
      "20.0 ms a task: a thread of 3.14.7.");
}

TEST(BreakEvenSentence, NamesTheInterpretersThatAreCompared) {
  const Row threads = sharing(row_with("python_threads", "a thread", "break_even_ns", 0));
  EXPECT_EQ(break_even_sentence(threads.id, threads.traits, {{"3.14t", 6'000}, {"3.15t", 5'500}}),
            "A thread pays from 6.00 µs a task on 3.14t, 5.50 µs on 3.15t.");
  EXPECT_EQ(break_even_sentence(threads.id, threads.traits, {}), "");
}

TEST(BreakEvenSentence, NamesTheWayWhereNothingIsKnownOfIt) {
  EXPECT_EQ(break_even_sentence({row_with("somebodys", "", "break_even_ns", 6'000)}, "3.14.7"),
            "Somebodys pays from 6.00 µs a task.");
}

}  // namespace
}  // namespace harness
