// harness/report/renderers.cpp: the table of the ways to write a Document.
#include "harness/report/renderers.h"

#include <algorithm>
#include <array>

#include "harness/report/csv.h"
#include "harness/report/markdown.h"

namespace harness {
namespace {

constexpr std::array kTable{
    Renderer{"console", console_text},
    Renderer{"csv", [](const Document& document, const Screen&) { return csv_text(document.data); }},
    Renderer{"markdown", [](const Document& document, const Screen&) { return markdown_text(document); }},
};

}  // namespace

std::span<const Renderer> all_renderers() {
  return kTable;
}

const Renderer* find_renderer(std::string_view name) {
  const auto found = std::ranges::find(kTable, name, &Renderer::name);
  return found == kTable.end() ? nullptr : &*found;
}

}  // namespace harness
