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
  set(below "")
  foreach(other IN LISTS HYDRANT_MAY_INCLUDE_${room})
    if(TARGET hydrant_${other})
      list(APPEND below hydrant_${other})
    endif()
  endforeach()
  target_link_libraries(hydrant_${room} PUBLIC ${below} PRIVATE ${ARG_THIRD_PARTY})
  if(HYDRANT_TESTS AND tests)
    add_executable(${room}_test ${tests})
    target_link_libraries(${room}_test PRIVATE hydrant_${room} ${ARG_TEST_THIRD_PARTY}
                          GTest::gtest_main GTest::gmock)
    target_compile_definitions(${room}_test PRIVATE
                               HYDRANT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    # What is tested is optimised; the tests themselves only need to compile soon.
    target_compile_options(${room}_test PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1>)
    add_test(NAME ${room} COMMAND ${room}_test)
  endif()
endfunction()
