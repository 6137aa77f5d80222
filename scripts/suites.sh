# The suites of ./test. Each builds what it needs; builds that are up to date cost a second.

STORE_TESTS='^(db|store)'

suite_unit() {
  run_step lint python3 -B scripts/lint/main.py
  run_python lint_rules scripts/lint/lint_test.py
  build asan
  run_ctest unit asan -E "$STORE_TESTS"
}

suite_store() {
  build asan
  run_ctest store asan -R "$STORE_TESTS"
}

suite_e2e() {
  ensure_packages "${RELYING_PARTY_PACKAGES[@]}"
  prepare_e2e
  build asan
  run_node e2e $(e2e_files seeds api login management options refresh logout zitadel)
}

suite_threats() {
  prepare_e2e
  build asan
  run_node threats $(e2e_files threats)
}

suite_crash() {
  prepare_e2e
  build release symbolon
  SYMBOLON_BIN=$PWD/build/release/symbolon run_node crash $(e2e_files crash)
}

suite_browser() {
  ensure_packages "${BROWSER_PACKAGES[@]}"
  prepare_e2e
  npm_install examples
  build release symbolon
  SYMBOLON_BIN=$PWD/build/release/symbolon run_node browser $(e2e_files browser pages lock)
}

# A short run of each target over its corpus; long ones are run by hand.
suite_fuzz() {
  build fuzz
  run_ctest fuzz fuzz -L fuzz
}

# Modules that touch one thing from several threads.
suite_tsan() {
  local targets
  mapfile -t targets < <(concurrent_tests)
  build tsan "${targets[@]/%/_test}"
  run_ctest tsan tsan -R "^($(IFS='|' && echo "${targets[*]}"))\$"
}

concurrent_tests() {
  local module
  for module in base db store net races; do
    [ -f "tests/$module/CMakeLists.txt" ] && echo "$module"
  done
}

suite_bench_smoke() {
  run_step bench_smoke bench/run --smoke
  build bench-release management_storm
  run_step bench_management_smoke python3 -B bench/management/run.py --smoke
}

prepare_e2e() {
  ensure_node
  npm_install tests/e2e
}

e2e_files() {
  local folder
  for folder in "$@"; do
    if [ -d "tests/e2e/$folder" ]; then (cd tests/e2e && find "$folder" -name '*_test.mjs' | sort); fi
  done
}
