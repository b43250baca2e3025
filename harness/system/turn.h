// harness/system/turn.h: processes of which one runs at a time, each a piece of its work, in turns.
//
// Who gives the turns holds one end of a socket, the process the other. A turn lasts until the process asks
// for its next one, or ends.
#pragma once

#include <cstdint>
#include <optional>

#include "harness/system/file_descriptor.h"

namespace harness {

/// How far a process has come: in which row of its plan, and in which piece of that.
struct TurnPlace {
  std::uint32_t row = 0;
  std::uint32_t piece = 0;

  bool operator==(const TurnPlace&) const = default;
  bool operator<(const TurnPlace& other) const {
    return row < other.row || (row == other.row && piece < other.piece);
  }
};

struct TurnEnds {
  FileDescriptor giver;
  FileDescriptor taker;
};

/// Both are closed by exec(). Throws std::system_error.
TurnEnds open_turns();

/// Asks for the next turn and waits until it is given. Returns at once where nobody gives turns any more.
void take_turn(int taker, TurnPlace place);

/// What a process has asked for. Nothing where it has not, or takes no more turns.
std::optional<TurnPlace> asked_turn(const FileDescriptor& giver);

/// Lets the process go on that has asked. Of one that has ended meanwhile, nothing.
void give_turn(const FileDescriptor& giver);

}  // namespace harness
