// Strong numbers: a Place cannot be passed where a ShardNumber is meant.
//
//   using Place = base::Named<std::uint64_t, struct PlaceTag>;
#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace hyd::base {

template <class T, class Tag>
class Named {
 public:
  using Raw = T;
  constexpr Named() = default;
  constexpr explicit Named(T raw) : raw_(raw) {}
  constexpr T raw() const { return raw_; }
  friend constexpr auto operator<=>(const Named&, const Named&) = default;

 private:
  T raw_{};
};

}  // namespace hyd::base

template <class T, class Tag>
struct std::hash<hyd::base::Named<T, Tag>> {
  std::size_t operator()(const hyd::base::Named<T, Tag>& value) const noexcept {
    return std::hash<T>{}(value.raw());
  }
};
