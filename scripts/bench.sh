# The login storm against an optimised server: figures, never a verdict on them.

build_bench() {
  ensure_node
  build release symbolon
  build bench-release login_storm
}

run_bench() {
  build_bench
  SYMBOLON_BIN=$PWD/build/release/symbolon node bench/storm.mjs "$(login_storm)" "$@"
}

# A short storm that only has to end without a failed login.
bench_smoke() {
  build_bench
  SYMBOLON_BIN=$PWD/build/release/symbolon node bench/storm.mjs "$(login_storm)" \
    --concurrency 8 --warm-up 1 --duration 3 >&2
}

login_storm() { find "$PWD/build/bench-release" -type f -name login_storm -perm -u+x | head -n 1; }
