// harness/embed/object.h: owned references and scopes, by function calls of the limited API alone.
#pragma once

#include <Python.h>

#include <utility>

namespace harness::embed {

/// A strong reference. Only for an attached thread. Released by Py_DecRef, the function: the macro Py_DECREF
/// reads the object's layout, which differs on a free-threaded build.
class Object {
 public:
  Object() = default;
  explicit Object(PyObject* owned) : object_(owned) {}
  static Object borrowed(PyObject* object) {
    Py_IncRef(object);
    return Object(object);
  }
  Object(Object&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Object& operator=(Object&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Object() { Py_DecRef(object_); }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

}  // namespace harness::embed
