#!/bin/bash
# generators.sh: reads sites made by Pelican and Nikola by their pages and feeds; compares with what the generators were given; exit 1 if it differs.
. "$(dirname "$0")/bed.sh"
program=$(command -v "$OREBRO") || die "$OREBRO is missing: make install, or set OREBRO"
OREBRO=$(realpath -s "$program")
S=$BEDS_STATE/runs/generators
export OREBRO GENERATORS=${GENERATORS:-$S/venv}
mkdir -p "$S"
if [ ! -x "$GENERATORS/bin/nikola" ] || [ ! -x "$GENERATORS/bin/pelican" ]; then
  python3 -m venv "$GENERATORS"
  "$GENERATORS/bin/python" -m pip install --quiet --disable-pip-version-check 'pelican[markdown]>=4.11,<5' 'nikola>=8.3,<9' >&2
fi
run generators
