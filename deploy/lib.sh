# shellcheck shell=bash
# What the scripts of this project share. Sourced, not run.

# Says in one sentence what is wrong and what to do, and ends the script.
die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# Says what is being done, apart from what the programs print.
say() { echo "== $*" >&2; }

# The Debian packages named in the given lists (one a line, `#` begins a comment) that are not installed.
missing_packages() {
  local package
  sed 's/#.*//; /^ *$/d' "$@" | while read -r package; do
    [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      echo "$package"
  done
}

# Runs as root: installs packages and starts none of the services in them. Debian asks policy-rc.d before it starts
# a service; where there is one, the machine's owner has decided already, and it stays as it is.
apt_install() {
  set -eu
  policy=/usr/sbin/policy-rc.d
  local mark='# slotd: no service starts while packages are installed'
  exec 9>/run/slotd-apt.lock
  flock 9
  # One that carries the mark was left behind by a run that was killed.
  if [[ ! -e $policy ]] || grep -qsxF "$mark" "$policy"; then
    trap 'exit 1' HUP INT TERM
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
    chmod 755 "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get --quiet update || echo 'the package lists could not all be renewed; trying with those at hand' >&2
  apt-get --quiet --yes --no-install-recommends -o DPkg::Lock::Timeout=600 install "$@"
}

# Installs what the given package lists name and the machine lacks. Quick and silent when that is nothing.
install_packages() {
  command -v dpkg-query >/dev/null ||
    die "this is not Debian: install the like of $(sed 's/#.*//' "$@" | xargs) by hand, then build with swift build"
  local missing as_root=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      die "packages are missing and there is no sudo: as root, run apt-get install ${missing[*]}"
    as_root=(sudo)
    [[ -t 0 ]] || as_root+=(--non-interactive)
  fi
  say "installing ${missing[*]}"
  "${as_root[@]}" bash -c "$(declare -f apt_install); apt_install \"\$@\"" apt_install "${missing[@]}" </dev/null >&2 ||
    die "apt-get could not install ${missing[*]}: see its words above, mend that, and run this again"
}

# Ends the script where there is no Swift to build with.
need_swift() {
  command -v swift >/dev/null ||
    die 'swift is not on PATH: install Swift 6.3 (swift.org/install) and add its usr/bin to PATH'
}

# Builds the program as it is shipped: optimized, with Swift's own library inside.
build_release() { swift build -c release --product slotd --static-swift-stdlib "$@"; }
