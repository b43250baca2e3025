// harness/report/break_even_sentence_test.cpp: a thread that pays, and nobody knows on which interpreter.
#include "harness/report/break_even_sentence.h"

#include <gtest/gtest.h>

#include "harness/report/run_sentences.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

Row row_with(const std::string& way, const std::string& counter, double ns) {
  Row even = timed_row("start/break_even/" + way, 1);
  even.counters = {{counter, ns}};
  return even;
}

std::vector<Row> rows_of_a_run() {
  return {row_with("subinterpreters", "break_even_ns", 13'600),
          row_with("processes/start:fork", "break_even_ns", 167'000),
          row_with("python_threads", "no_break_even_ns", 2e7)};
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
      break_even_sentence({row_with("processes/start:fork", "break_even_ns", 410'000),
                           row_with("python_threads", "break_even_ns", 6'000),
                           row_with("thread_pool", "break_even_ns", 201'000)},
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
  const RowId threads = row_with("python_threads", "break_even_ns", 0).id;
  EXPECT_EQ(break_even_sentence(threads, {{"3.14t", 6'000}, {"3.15t", 5'500}}),
            "A thread pays from 6.00 µs a task on 3.14t, 5.50 µs on 3.15t.");
  EXPECT_EQ(break_even_sentence(threads, {}), "");
}

}  // namespace
}  // namespace harness
