// A file descriptor with one owner.
#pragma once

#include <utility>

namespace hyd::sys {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { close(); }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  // The descriptor, which the caller now owns.
  int release() { return std::exchange(fd_, -1); }

 private:
  void close();

  int fd_ = -1;
};

}  // namespace hyd::sys
