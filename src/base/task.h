// Work handed over: a Task runs once; a Done is told the outcome exactly once, also on shutdown.
#pragma once

#include "base/result.h"

#include <functional>

namespace hyd::base {

using Task = std::move_only_function<void()>;

template <class T>
using Done = std::move_only_function<void(Result<T>)>;

}  // namespace hyd::base
