#!/bin/bash
# faults.sh: a feed source at every address of a server that misbehaves on purpose; a table of what it came to; exit 1 for a deviation.
. "$(dirname "$0")/bed.sh"
bed
export FAULTS_PORT=${FAULTS_PORT:-$(free_port 5)}
stop() {
  end_run
  "$BEDS/faults/faults.py" stop >/dev/null 9>&- || true
}
rm -f "$BEDS_STATE/faults/access.jsonl"
"$BEDS/faults/faults.py" start >&2 9>&-
run faults
