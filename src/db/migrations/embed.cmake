# cmake -DOUTPUT=x.cpp "-DFILES=a.sql;b.sql" -P embed.cmake: writes db::built_in_migrations() from files NNNN_name.sql.
cmake_minimum_required(VERSION 3.25)

list(SORT FILES)
set(entries "")
set(last "0000")
set(count 0)
foreach(file IN LISTS FILES)
  get_filename_component(title "${file}" NAME)
  get_filename_component(stem "${file}" NAME_WE)
  if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
    message(FATAL_ERROR "${title}: call it NNNN_name.sql, with a name of a-z, 0-9 and _")
  endif()
  set(version "${CMAKE_MATCH_1}")
  set(name "${CMAKE_MATCH_2}")
  if(version STREQUAL last)
    message(FATAL_ERROR "${title}: its number is 0000 or that of another migration")
  endif()
  set(last "${version}")
  math(EXPR count "${count} + 1")
  string(REGEX REPLACE "^0+" "" number "${version}")
  file(READ "${file}" sql)
  string(APPEND entries "    {${number}, \"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()

file(WRITE "${OUTPUT}" "#include <array>

#include \"db/migration.h\"

namespace symbolon::db {

std::span<const Migration> built_in_migrations() {
  static constexpr std::array<Migration, ${count}> kMigrations{{
${entries}  }};
  return kMigrations;
}

}  // namespace symbolon::db
")
