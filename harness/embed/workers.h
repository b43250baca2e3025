// harness/embed/workers.h: the functions of the Api that are about workers of Python's own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/embed/runtime.h"

namespace harness::embed {

// As Api has them.
Workers* start_workers(const WorkersConfig& config);
Script* open_workers(Workers* workers, std::span<const SharedBuffer> buffers,
                     std::span<const std::vector<std::int64_t>> slices, std::int64_t no_items);
std::vector<std::int64_t> worker_processes(Workers* workers);
std::vector<std::int64_t> worker_threads(Workers* workers);
std::vector<WorkerTime> worker_times(Workers* workers);
std::string warm_up_workers(Workers* workers);
Verdict workers_verdict(Workers* workers);
void end_workers(Workers* workers);

}  // namespace harness::embed
