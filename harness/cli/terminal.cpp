// harness/cli/terminal.cpp: asks the terminal and the environment.
#include "harness/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "harness/cli/options.h"

namespace harness {

std::size_t width_of_terminal(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col > 0 ? size.ws_col : kNoTerminalWidth;  // one that does not say how wide it is
}

std::size_t width_of_output() {
  const std::size_t width = width_of_terminal(STDOUT_FILENO);
  return width > 0 ? width : kNoTerminalWidth;
}

bool color_wanted(const std::string& when) {
  if (when != "auto") return when == "always";
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

bool accounts_wanted(const std::string& when) {
  if (when != "auto") return when == "always";
  if (isatty(STDOUT_FILENO) == 0) return false;
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const locale = std::getenv(name);
    if (locale == nullptr || *locale == '\0') continue;
    const std::string_view text(locale);
    return text.find("UTF-8") != text.npos || text.find("utf8") != text.npos;
  }
  return false;
}

}  // namespace harness
