# Sourced by the other scripts: every one runs in the project's root.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Home Assistant starts many times faster from compiled modules; some containers switch them off.
unset PYTHONDONTWRITEBYTECODE

# fail SENTENCE...: says what to do, and ends the script.
fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# as_root_install PACKAGES...: from the distribution, where we may.
as_root_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  echo "installing $* ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qq --yes --no-install-recommends "$@" >/dev/null 2>&1 ||
    { apt-get update -qq && apt-get install -qq --yes --no-install-recommends "$@" >/dev/null; }
}

# enter: sees that .venv is ready and puts it first on PATH.
enter() {
  # Standard output belongs to what is run in it.
  scripts/setup >&2
  export PATH="$PWD/.venv/bin:$PATH"
}

# find_chromium: prints the path of a Chromium, or fails.
find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable
}
