// What IncreaseStreamRetentionPeriod and DecreaseStreamRetentionPeriod share.
#pragma once

#include "streams/ops/stream_settings.h"

#include <cstdint>

namespace hyd::streams {

// Whether the period of a stream that is active may become so many hours, at least 24.
using MayRetain = aws::Outcome<void> (*)(const Stream& now, std::int32_t hours);

void change_retention(Streams& streams, const aws::Call& call, const RetentionInput& input,
                      MayRetain may, aws::Done<aws::Nothing> done);

}  // namespace hyd::streams
