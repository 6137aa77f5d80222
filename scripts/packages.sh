# Debian packages: what is missing is installed, and when nothing is missing apt is not called at all.

BUILD_PACKAGES=(
  clang-19 lld-19 llvm-19 libclang-rt-19-dev cmake ninja-build ccache pkg-config
  libboost1.81-dev libssl-dev libcurl4-openssl-dev libsqlite3-dev libspdlog-dev libfmt-dev libcli11-dev
  libtomlplusplus-dev libidn2-dev libpsl-dev libyaml-cpp-dev python3 python3-yaml ca-certificates
)
DEMO_PACKAGES=(curl openssl procps)
TEST_PACKAGES=(curl openssl procps git libgtest-dev libgmock-dev libbenchmark-dev sqlite3)
RELYING_PARTY_PACKAGES=(libapache2-mod-auth-openidc)
BROWSER_PACKAGES=(chromium fonts-dejavu-core)

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# ensure_packages NAME...
ensure_packages() {
  command -v dpkg-query >/dev/null ||
    die "packages are installed through apt, and this system has none: Debian 12 is the reference platform"
  local package missing=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return

  can_be_root || die "these Debian packages are missing, and installing them needs root or sudo: ${missing[*]}"
  step "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  # An update that fails in part may still be enough; the installation decides.
  apt_get update >"$log" 2>&1 </dev/null || true
  if ! apt_get install --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null; then
    grep -E '^(E|W):' "$log" | tail -n 5 >&2 || true
    local reason="apt-get could not install: ${missing[*]}"
    grep -qE 'Failed to fetch|Temporary failure resolving|Could not resolve' "$log" &&
      reason="Debian's packages could not be fetched; is there a network?"
    rm -f "$log"
    die "$reason"
  fi
  rm -f "$log"
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 "$@"; }
