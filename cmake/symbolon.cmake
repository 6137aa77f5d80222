# Warnings, hardening and symbolon_module(): one folder of src/ = one static library that names what it may include.

add_library(symbolon_flags INTERFACE)
target_compile_features(symbolon_flags INTERFACE cxx_std_23)
target_compile_options(symbolon_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wno-missing-designated-field-initializers
  # A field that is left out of a designated initializer has its default; that is what the default is for.
  -Wno-missing-designated-field-initializers
  -Werror=switch -Werror=return-type -Werror=unused-result
  -fstack-protector-strong
  $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>
  # Without this a precompiled header embeds its time and ccache never hits.
  -Xclang -fno-pch-timestamp)
target_compile_definitions(symbolon_flags INTERFACE
  _GLIBCXX_ASSERTIONS
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_NO_TS_EXECUTORS
  BOOST_BEAST_SEPARATE_COMPILATION BOOST_JSON_NO_LIB BOOST_URL_NO_LIB)
target_include_directories(symbolon_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_options(symbolon_flags INTERFACE -fuse-ld=lld)

foreach(sanitizer IN LISTS SYMBOLON_SANITIZE)
  target_compile_options(symbolon_flags INTERFACE -fsanitize=${sanitizer} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(symbolon_flags INTERFACE -fsanitize=${sanitizer})
endforeach()

# symbolon_module(oidc SOURCES a.cpp b.cpp DEPS jose json LIBS CURL::libcurl)
function(symbolon_module name)
  cmake_parse_arguments(MODULE "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  add_library(${name} STATIC ${MODULE_SOURCES})
  target_link_libraries(${name} PUBLIC symbolon_flags ${MODULE_DEPS} PRIVATE ${MODULE_LIBS})
  set_property(GLOBAL APPEND PROPERTY SYMBOLON_MODULES ${name})
  # ./dev lint compares every #include "folder/..." with this list.
  set_property(GLOBAL APPEND_STRING PROPERTY SYMBOLON_MODULE_DEPS "${name}: ${MODULE_DEPS}\n")
  if(SYMBOLON_PCH)
    if(name STREQUAL "base")
      target_precompile_headers(base PRIVATE ${CMAKE_SOURCE_DIR}/src/base/pch.h)
    else()
      target_precompile_headers(${name} REUSE_FROM base)
    endif()
  endif()
endfunction()

# symbolon_test(jose SOURCES a_test.cpp LIBS ... LABELS unit): one binary for each module, `ctest -L unit` runs it.
function(symbolon_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LIBS;LABELS" ${ARGN})
  add_executable(${name}_test ${TEST_SOURCES})
  target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name}_test PRIVATE symbolon_flags ${name} ${TEST_LIBS} GTest::gmock_main)
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 300
    ENVIRONMENT "ASAN_OPTIONS=detect_stack_use_after_return=1;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()
