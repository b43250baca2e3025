// harness/end_to_end/json.cpp: the tests' JSON, by nlohmann's.
#include "harness/end_to_end/json.h"

#include <nlohmann/json.hpp>

namespace harness {

Json::Json() : Json(std::make_shared<const nlohmann::json>()) {}

Json::Json(std::shared_ptr<const nlohmann::json> value) : value_(std::move(value)) {}

Json Json::parse(const std::string& text) {
  auto parsed = nlohmann::json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return {};
  return Json(std::make_shared<const nlohmann::json>(std::move(parsed)));
}

Json Json::member(const nlohmann::json& value) const {
  return Json(std::shared_ptr<const nlohmann::json>(value_, &value));
}

bool Json::is_null() const {
  return value_->is_null();
}

bool Json::contains(const std::string& name) const {
  return value_->contains(name);
}

Json Json::at(const std::string& name) const {
  return member(value_->at(name));
}

Json Json::at(std::size_t index) const {
  return member(value_->at(index));
}

std::size_t Json::size() const {
  return value_->size();
}

std::vector<Json> Json::elements() const {
  std::vector<Json> elements;
  for (const nlohmann::json& element : *value_) elements.push_back(member(element));
  return elements;
}

std::vector<std::pair<std::string, Json>> Json::items() const {
  std::vector<std::pair<std::string, Json>> items;
  for (const auto& [name, value] : value_->items()) items.emplace_back(name, member(value));
  return items;
}

std::string Json::text() const {
  return value_->get<std::string>();
}

double Json::number() const {
  return value_->get<double>();
}

bool Json::flag() const {
  return value_->get<bool>();
}

std::string Json::text(const std::string& name, const std::string& otherwise) const {
  return contains(name) ? at(name).text() : otherwise;
}

double Json::number(const std::string& name, double otherwise) const {
  return contains(name) ? at(name).number() : otherwise;
}

std::string Json::dump() const {
  return value_->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool operator==(const Json& left, const Json& right) {
  return *left.value_ == *right.value_;
}

bool operator==(const Json& left, std::string_view right) {
  return left.value_->is_string() && left.value_->get_ref<const std::string&>() == right;
}

bool operator==(const Json& left, double right) {
  return left.value_->is_number() && left.number() == right;
}

std::ostream& operator<<(std::ostream& out, const Json& json) {
  return out << json.dump();
}

}  // namespace harness
