# Node.js: one that is already there serves if it is new enough, whoever packaged it.

ensure_node() {
  local wanted=()
  command -v node >/dev/null || wanted+=(nodejs)
  command -v npm >/dev/null || wanted+=(npm)
  [ ${#wanted[@]} -eq 0 ] || ensure_packages "${wanted[@]}"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]') || die "node does not run"
  [ "$major" -ge 18 ] || die "node $(node --version) is too old: version 18 or newer is needed"
}

# npm_install FOLDER: exactly what its lock file says, once for each lock file.
npm_install() {
  local folder=$1 stamp="$1/node_modules/.installed"
  cmp -s "$folder/package-lock.json" "$stamp" && return
  step "installing the npm packages of $folder"
  (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error </dev/null >&2) ||
    die "npm could not install the packages of $folder; is there a network?"
  cp "$folder/package-lock.json" "$stamp"
}
