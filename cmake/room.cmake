# A room is one static library hydrant_<room>, its header set, and one test program.

# Sets HYDRANT_ROOMS (in floor order) and HYDRANT_MAY_INCLUDE_<room> from the table.
function(hydrant_read_rooms table)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
  file(STRINGS ${table} lines REGEX "^[0-9]")
  set(rooms "")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "^[0-9]+ +([a-z]+) *: *(.*)$" _ "${line}")
    set(room ${CMAKE_MATCH_1})
    separate_arguments(below UNIX_COMMAND "${CMAKE_MATCH_2}")
    list(APPEND rooms ${room})
    set(HYDRANT_MAY_INCLUDE_${room} "${below}" PARENT_SCOPE)
  endforeach()
  set(HYDRANT_ROOMS "${rooms}" PARENT_SCOPE)
endfunction()

# Half of a small source's compile time is the standard library's headers. With HYDRANT_PCH the rooms
# and their tests share two precompiled ones; a source still includes what it uses, which the
# presets without HYDRANT_PCH and the header sets check.
if(HYDRANT_PCH)
  file(WRITE ${CMAKE_BINARY_DIR}/pch/empty.cc "")
  add_library(hydrant_pch OBJECT ${CMAKE_BINARY_DIR}/pch/empty.cc)
  target_link_libraries(hydrant_pch PRIVATE fmt::fmt)
  set(hydrant_common_headers
      <algorithm> <array> <atomic> <chrono> <coroutine> <cstdint> <cstring> <deque> <expected>
      <functional> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view>
      <unordered_map> <utility> <variant> <vector> <fmt/format.h>)
  target_precompile_headers(hydrant_pch PRIVATE ${hydrant_common_headers})
endif()

# Sources of `target` start from the shared precompiled header, where there is one.
function(hydrant_precompile target)
  if(HYDRANT_PCH)
    target_precompile_headers(${target} REUSE_FROM hydrant_pch)
  endif()
endfunction()

# The same for a test program, whose options are the tests' own.
function(hydrant_test_options target)
  target_compile_definitions(${target} PRIVATE HYDRANT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # What is tested is optimised; the tests themselves only need to compile soon.
  target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1>)
  if(NOT HYDRANT_PCH)
    return()
  endif()
  if(NOT TARGET hydrant_test_pch)
    add_library(hydrant_test_pch OBJECT ${CMAKE_BINARY_DIR}/pch/empty.cc)
    target_link_libraries(hydrant_test_pch PRIVATE fmt::fmt GTest::gtest GTest::gmock)
    target_compile_options(hydrant_test_pch PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1>)
    target_precompile_headers(hydrant_test_pch PRIVATE ${hydrant_common_headers} <gtest/gtest.h>
                              <gmock/gmock.h>)
  endif()
  target_precompile_headers(${target} REUSE_FROM hydrant_test_pch)
endfunction()

# hydrant_room([THIRD_PARTY target…] [TEST_THIRD_PARTY target…] [EXCLUDE file…]): the library of the
# current folder from every *.h and *.cc in it, and <room>_test from every *_test.cc. `main.cc` is
# left to `app`.
function(hydrant_room)
  cmake_parse_arguments(ARG "" "" "THIRD_PARTY;TEST_THIRD_PARTY" ${ARGN})
  get_filename_component(room ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS *.h)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  add_library(hydrant_${room} STATIC ${sources})
  target_sources(hydrant_${room} PUBLIC FILE_SET HEADERS
                 BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${headers})
  if("fmt::fmt" IN_LIST ARG_THIRD_PARTY)
    hydrant_precompile(hydrant_${room})
  endif()
  set(below "")
  foreach(other IN LISTS HYDRANT_MAY_INCLUDE_${room})
    if(TARGET hydrant_${other})
      list(APPEND below hydrant_${other})
    endif()
  endforeach()
  target_link_libraries(hydrant_${room} PUBLIC ${below} PRIVATE ${ARG_THIRD_PARTY})
  if(HYDRANT_TESTS AND tests)
    add_executable(${room}_test ${tests})
    target_link_libraries(${room}_test PRIVATE hydrant_${room} ${ARG_TEST_THIRD_PARTY} fmt::fmt
                          GTest::gtest_main GTest::gmock)
    hydrant_test_options(${room}_test)
    add_test(NAME ${room} COMMAND ${room}_test)
  endif()
endfunction()
