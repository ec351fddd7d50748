# bed.sh: what the acceptance runs share (sourced, not run): the beds, `orebro`, free ports, and an end to all that was started.
# Environment (defaults): OREBRO (.venv/bin/orebro)  BEDS (../shared/beds)  BEDS_STATE (build/beds)  WP_PORT, NGINX_PORT, FAULTS_PORT (free ones)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
OREBRO=${OREBRO:-.venv/bin/orebro}
BEDS=${BEDS:-../shared/beds}
export BEDS_STATE=${BEDS_STATE:-$PWD/build/beds}

die() { echo "$(basename "$0"): $*" >&2; exit 2; }

# bed WHAT...: everything that the run needs is there, and nobody else uses the state folder.
bed() {
  [ -x "$BEDS/install.sh" ] || die "the test beds are missing: no $BEDS/install.sh"
  local program
  program=$(command -v "$OREBRO") || die "$OREBRO is missing: make install, or set OREBRO"
  BEDS=$(cd "$BEDS" && pwd); OREBRO=$(realpath -s "$program"); export BEDS OREBRO
  mkdir -p "$BEDS_STATE"
  exec 9>"$BEDS_STATE/.lock"
  flock --nonblock 9 || die "another acceptance run uses $BEDS_STATE"
  [ $# -eq 0 ] || "$BEDS/install.sh" "$@" >&2 9>&-
}

# free_port [COUNT]: the first of COUNT ports in a row that nobody listens on.
free_port() {
  python3 - "${1:-1}" <<'P'
import random
import socket
import sys


def is_free(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) != 0


count = int(sys.argv[1])
while True:
    first = random.randrange(20000, 32000)
    if all(is_free(port) for port in range(first, first + count)):
        break
print(first)
P
}

# run MODULE: a module of tests.beds; a signal to this script ends it too.
run() {
  nice python3 -u -m "tests.beds.$1" 9>&- &
  child=$!
  wait "$child"
}

# stop: end what this script started; a script that starts servers has its own, which calls end_run.
end_run() { [ -z "${child:-}" ] || kill "$child" 2>/dev/null || true; }
stop() { end_run; }
trap 'rc=$?; trap - EXIT INT TERM; stop; exit "$rc"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
