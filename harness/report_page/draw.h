// harness/report_page/draw.h: has results/report.py draw a page, by a Python that has what it needs.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace harness {

/// A Python that may draw.
struct DrawingPython {
  std::string name;               ///< for people: "python3 on PATH"
  std::vector<std::string> argv;  ///< what starts it; its arguments follow
};

/// The one on the path, which may be a virtual environment's, and the system's; or `asked` alone, where it is
/// not empty.
std::vector<DrawingPython> drawing_pythons(const std::string& asked);

/// Has `script` draw `page` of `json`, which page_json() made, by the first of `pythons` that can; at least
/// one. Throws UserError where none can: with the words of those that failed, or, where all that are there
/// lack packages, with what each lacks and how to get it.
void draw_page(const std::filesystem::path& script, const std::string& json,
               const std::filesystem::path& page, std::span<const DrawingPython> pythons);

}  // namespace harness
