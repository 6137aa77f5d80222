# Builds: build/<preset>, by as many jobs as there are cores unless JOBS says otherwise.

# build PRESET [TARGET...]
build() {
  local preset=$1 log
  shift
  log=$(mktemp)
  if [ ! -f "build/$preset/build.ninja" ]; then
    step "configuring build/$preset"
    cmake --preset "$preset" >"$log" 2>&1 || {
      cat "$log" >&2
      rm -f "$log"
      # A half-written cache would make the next configure fail for another reason.
      rm -f "build/$preset/CMakeCache.txt"
      die "the build of preset $preset could not be configured"
    }
  fi
  step "building build/$preset${*:+ ($*)}"
  if [ -t 2 ]; then
    ninja -C "build/$preset" -j "${JOBS:-$(nproc)}" "$@" >&2 || die "the build of preset $preset failed"
  else
    ninja -C "build/$preset" -j "${JOBS:-$(nproc)}" "$@" >"$log" 2>&1 || {
      grep -v '^\[' "$log" | tail -n 200 >&2
      rm -f "$log"
      die "the build of preset $preset failed"
    }
  fi
  rm -f "$log"
}

# built_targets PRESET PATTERN: names of targets that this tree has, for suites that come with a module.
built_targets() { ninja -C "build/$1" -t targets all 2>/dev/null | sed 's/:.*//' | grep -E "$2" || true; }
