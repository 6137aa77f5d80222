# Ports of this machine's loopback.

is_listening() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

# need_free_port PORT WHO VARIABLE
need_free_port() {
  if ! [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] || [ "$1" -gt 65535 ]; then
    die "$3=$1 is not a port number"
  fi
  if is_listening "$1"; then
    die "port $1, which $2 would use, is taken: stop what listens there or choose another with $3=PORT"
  fi
}
