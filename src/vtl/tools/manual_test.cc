// Goal: the page of functions says what the engine has, no more and no less.
#include "vtl/tools/manual.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace hyd::vtl {
namespace {

TEST(Manual, ThePageIsWhatTheTablesSay) {
  std::ifstream file(HYDRANT_SOURCE_DIR "/docs/vtl-functions.md");
  std::stringstream page;
  page << file.rdbuf();
  EXPECT_EQ(page.str(), manual()) << "write it anew: hydrant vtl functions > docs/vtl-functions.md";
}

}  // namespace
}  // namespace hyd::vtl
