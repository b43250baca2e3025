// harness/end_to_end/json.h: what these tests ask of JSON. The library behind it costs seconds of each file
// that sees it, so json.cpp alone does.
#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace harness {

/// A value in a JSON text. A copy is cheap and sees the same text, which lives as long as one of them. Throws
/// a std::exception that says what is wrong when asked for a member or a type that is not there.
class Json {
 public:
  /// null.
  Json();

  /// null where `text` is no JSON.
  static Json parse(const std::string& text);

  bool is_null() const;
  bool contains(const std::string& name) const;  ///< false of what is no object

  Json at(const std::string& name) const;
  Json at(std::size_t index) const;
  std::size_t size() const;  ///< how many members; 0 of null, 1 of text and numbers

  std::vector<Json> elements() const;                       ///< those of an array; none of null
  std::vector<std::pair<std::string, Json>> items() const;  ///< those of an object, by name

  std::string text() const;
  double number() const;
  bool flag() const;

  /// The text and the number of that name; `otherwise` where there is none.
  std::string text(const std::string& name, const std::string& otherwise) const;
  double number(const std::string& name, double otherwise) const;

  /// In one line.
  std::string dump() const;

  friend bool operator==(const Json& left, const Json& right);
  friend bool operator==(const Json& left, std::string_view right);  ///< false of what is no text
  friend bool operator==(const Json& left, double right);            ///< false of what is no number
  friend std::ostream& operator<<(std::ostream& out, const Json& json);

 private:
  explicit Json(std::shared_ptr<const nlohmann::json> value);
  Json member(const nlohmann::json& value) const;

  std::shared_ptr<const nlohmann::json> value_;  // keeps the whole text, wherever in it the value is
};

}  // namespace harness
