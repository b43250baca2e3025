// harness/system/standard_streams.h: standard output and error that may be closed, or lose their reader.
#pragma once

namespace harness {

/// Makes it harmless that a standard stream is closed, or that its reader leaves: what is written to it is
/// then an error of that stream (badbit) and nothing else. A file that is opened later gets none of their
/// numbers, and SIGPIPE does not end the process. Before other files are opened.
void protect_standard_streams();

}  // namespace harness
