// harness/report/renderers.h: the table of the ways to write a Document.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/report/console_text.h"
#include "harness/report/document.h"

namespace harness {

/// What --format=NAME writes.
struct Renderer {
  std::string_view name;
  std::string (*text)(const Document& document, const Screen& screen);
};

std::span<const Renderer> all_renderers();

/// The renderer of that name, or null.
const Renderer* find_renderer(std::string_view name);

}  // namespace harness
