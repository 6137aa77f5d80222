# Three processes on loopback: Symbolon on embedded storage, a demo identity provider, a demo application.

SYMBOLON_PORT=${SYMBOLON_PORT:-3000}
DEMO_IDP_PORT=${DEMO_IDP_PORT:-3001}
DEMO_APP_PORT=${DEMO_APP_PORT:-3002}

# Everything that the demo keeps; remove it to start afresh.
DEMO_STATE=${DEMO_STATE:-$PWD/.run}
declare -A DEMO_PIDS=()

check_demo_ports() {
  need_free_port "$SYMBOLON_PORT" Symbolon SYMBOLON_PORT
  need_free_port "$DEMO_IDP_PORT" "the demo identity provider" DEMO_IDP_PORT
  need_free_port "$DEMO_APP_PORT" "the demo application" DEMO_APP_PORT
}

run_demo() {
  mkdir -p "$DEMO_STATE"
  chmod 700 "$DEMO_STATE"
  load_demo_environment
  trap stop_demo EXIT
  trap 'exit 0' INT TERM HUP

  write_demo_settings >"$DEMO_STATE/symbolon.toml"
  start_demo_part symbolon "$SYMBOLON_BIN" serve --config "$DEMO_STATE/symbolon.toml"
  start_demo_part idp node examples/idp/main.js
  await_demo_part symbolon "$SYMBOLON_URL/readyz"
  await_demo_part idp "$DEMO_IDP_URL/.well-known/openid-configuration"
  node examples/setup/main.js || die "the demo could not be connected through the Management API (see above)"
  start_demo_part app node examples/app/main.js
  await_demo_part app "$DEMO_APP_URL"

  print_demo
  wait_for_demo
}

# Secrets are made once and kept, so that what Symbolon stores at the first start still fits at the second.
load_demo_environment() {
  local secrets=$DEMO_STATE/secrets.env
  if [ ! -f "$secrets" ]; then
    (umask 077 && printf '%s=%s\n' DEMO_IDP_CLIENT_SECRET "$(openssl rand -hex 32)" \
      DEMO_APP_SESSION_SECRET "$(openssl rand -hex 32)" >"$secrets")
  fi
  set -a
  # shellcheck source=/dev/null
  . "$secrets"
  set +a
  export DEMO_STATE
  export SYMBOLON_URL=http://localhost:$SYMBOLON_PORT
  export SYMBOLON_BIN=$PWD/build/release/symbolon
  export SYMBOLON_DATA=$DEMO_STATE/data
  export DEMO_IDP_URL=http://localhost:$DEMO_IDP_PORT
  export DEMO_IDP_CLIENT_ID=symbolon
  export DEMO_IDP_KEYS=$DEMO_STATE/idp-keys.json
  export DEMO_APP_URL=http://localhost:$DEMO_APP_PORT
  export DEMO_APP_CLIENT=$DEMO_STATE/app.json
}

# The last two are for this demo: a real provider is reached over https at a public address.
write_demo_settings() {
  cat <<TOML
public_url = "$SYMBOLON_URL"
listen = "127.0.0.1:$SYMBOLON_PORT"
data_dir = "$SYMBOLON_DATA"
insecure_upstreams = true
allowed_networks = ["127.0.0.0/8", "::1/128"]
TOML
}

# start_demo_part NAME COMMAND...: its output goes to NAME.log in the state folder.
start_demo_part() {
  local name=$1
  shift
  "$@" >"$DEMO_STATE/$name.log" 2>&1 </dev/null &
  DEMO_PIDS[$name]=$!
}

await_demo_part() {
  local name=$1 url=$2
  for _ in $(seq 150); do
    curl -fsS -o /dev/null --max-time 2 "$url" 2>/dev/null && return
    kill -0 "${DEMO_PIDS[$name]}" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 5 "$DEMO_STATE/$name.log" >&2 || true
  die "$name did not start; its log is ${DEMO_STATE#"$PWD"/}/$name.log"
}

print_demo() {
  local link
  cat <<TEXT

  Application        $DEMO_APP_URL   (sign in here)
  Symbolon           $SYMBOLON_URL/docs   (its Management API)
  Identity provider  $DEMO_IDP_URL

  API token          curl -s $SYMBOLON_URL/oauth/token -H 'content-type: application/json' -d @${DEMO_STATE#"$PWD"/}/token-request.json
TEXT
  # The command comes with the dashboard.
  if link=$("$SYMBOLON_BIN" admin link --data-dir "$SYMBOLON_DATA" 2>/dev/null); then
    printf '  Administrator      %s\n' "$link"
  fi
  printf '\n  Logs and data are in %s/. Ctrl-C stops all three.\n\n' "${DEMO_STATE#"$PWD"/}"
}

wait_for_demo() {
  local ended name
  wait -n -p ended "${DEMO_PIDS[@]}" || true
  for name in "${!DEMO_PIDS[@]}"; do
    [ "${DEMO_PIDS[$name]}" = "${ended:-}" ] || continue
    tail -n 5 "$DEMO_STATE/$name.log" >&2 || true
    die "$name stopped by itself; its log is ${DEMO_STATE#"$PWD"/}/$name.log"
  done
}

stop_demo() {
  trap - EXIT INT TERM HUP
  [ ${#DEMO_PIDS[@]} -eq 0 ] && return
  step "stopping"
  kill "${DEMO_PIDS[@]}" 2>/dev/null || true
  wait "${DEMO_PIDS[@]}" 2>/dev/null || true
}
