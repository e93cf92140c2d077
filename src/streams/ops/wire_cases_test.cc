// The cases of tests/cases/wire/kinesis, played through the whole AWS port.
#include "aws/testing/wire_case.h"
#include "streams/testing/streams_life.h"
#include "sys/real_runtime.h"

#include <gtest/gtest.h>

namespace hyd::streams {
namespace {

TEST(KinesisWire, PlaysTheCasesOfTheTree) {
  const auto real = sys::make_real_runtime();
  ASSERT_TRUE(real) << real.error().what;
  const auto dir = (*real)->open_dir(HYDRANT_SOURCE_DIR "/tests/cases/wire");
  ASSERT_TRUE(dir) << dir.error().what;
  const auto cases = aws::testing::read_wire_cases(**dir, "kinesis");
  ASSERT_TRUE(cases) << cases.error().what;
  EXPECT_GE(cases->size(), 36u);

  sys::SimDisk disk;
  sys::SimRuntime runtime({.seed = 2, .on_end = {}}, disk);
  testing::StreamsLife life(runtime);
  aws::testing::WireServer server(
      {.loop = life.loop(), .clock = runtime.clock(), .dispatcher = life.dispatcher(), .pump = [&] {
         life.settle();
       }});
  for (const aws::testing::WireCase& one : *cases) {
    EXPECT_EQ(aws::testing::play(one, server), "") << one.name;
  }
}

}  // namespace
}  // namespace hyd::streams
