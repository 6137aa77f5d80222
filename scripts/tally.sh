# Counts over all suites. A suite that could not run at all counts as one failure.

start_tally() {
  PASSED=0
  FAILED=0
  SKIPPED=0
  FAILURES=()
  RESULTS=$(mktemp -d)
  TALLY_PRINTED=no
  trap 'finish_tally $?' EXIT
}

# A build that fails ends the run at once; the closing line still says so.
finish_tally() {
  rm -rf "$RESULTS"
  [ "$TALLY_PRINTED" = yes ] && exit "$1"
  add_counts "interrupted" 0 1
  print_tally || true
  exit $(($1 == 0 ? 1 : $1))
}

# add_counts NAME PASSED FAILED [SKIPPED]
add_counts() {
  PASSED=$((PASSED + $2))
  FAILED=$((FAILED + $3))
  SKIPPED=$((SKIPPED + ${4:-0}))
  [ "$3" -eq 0 ] || FAILURES+=("$1")
  step "$1: $2 passed, $3 failed${4:+, $4 skipped}"
}

print_tally() {
  local name
  TALLY_PRINTED=yes
  for name in "${FAILURES[@]}"; do printf 'failed: %s\n' "$name"; done
  if [ "$SKIPPED" -eq 0 ]; then
    printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
  else
    printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
  fi
  [ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}

# run_ctest NAME PRESET [ctest argument...]: counts single cases where a binary reports them, otherwise the binary.
run_ctest() {
  local name=$1 preset=$2 cases
  shift 2
  cases=$(mktemp -d -p "$RESULTS")
  GTEST_OUTPUT="xml:$cases/" ctest --test-dir "build/$preset" --output-on-failure -j "${JOBS:-$(nproc)}" \
    --output-junit "$cases.ctest" --no-tests=ignore "$@" </dev/null || true
  # shellcheck disable=SC2046
  add_counts "$name" $(python3 -B scripts/count_ctest.py "$cases.ctest" "$cases")
}

# run_node NAME FILE...: node's own runner, in the folder of the end-to-end tests.
run_node() {
  local name=$1 tap status=0
  shift
  tap=$(mktemp -p "$RESULTS")
  (cd tests/e2e && node --test --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$tap" "$@" </dev/null) || status=$?
  local passed failed skipped
  passed=$(tap_count "$tap" pass)
  failed=$(($(tap_count "$tap" fail) + $(tap_count "$tap" cancelled)))
  skipped=$(($(tap_count "$tap" skipped) + $(tap_count "$tap" todo)))
  # The runner itself may die, or a file may fail outside of its tests.
  if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  add_counts "$name" "$passed" "$failed" "$skipped"
}

tap_count() {
  local found
  found=$(sed -n "s/^# $2 \([0-9][0-9]*\)\$/\1/p" "$1" | tail -n 1)
  echo "${found:-0}"
}

# run_python NAME FILE: a unittest file.
run_python() {
  local name=$1 out ran bad
  out=$(python3 -B "$2" 2>&1 </dev/null) || true
  ran=$(sed -n 's/^Ran \([0-9]*\) tests\{0,1\}.*/\1/p' <<<"$out")
  bad=$(sed -n 's/^FAILED (\(.*\))$/\1/p' <<<"$out" | tr -c '0-9\n' ' ' | awk '{ for (i = 1; i <= NF; i++) n += $i; print n }')
  case "$out" in *$'\nOK'*) bad=0 ;; *) bad=${bad:-1} && printf '%s\n' "$out" ;; esac
  add_counts "$name" "$((${ran:-0} > bad ? ${ran:-0} - bad : 0))" "$bad"
}

# run_step NAME COMMAND...: something that has only an exit code.
run_step() {
  local name=$1
  shift
  if "$@" </dev/null; then add_counts "$name" 1 0; else add_counts "$name" 0 1; fi
}
