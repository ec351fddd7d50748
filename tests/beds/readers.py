"""The readers' bed: what six real feed readers make of our combined feeds.

Two archives are given out: the WordPress bed's 300 posts, and the pretend county's many newsrooms as `orebro demo`
leaves them. Started by readers.sh, with WordPress and an nginx over `www/` running.
"""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.beds.checks import Checks
from tests.beds.wire import STATE, Wire

BEDS = Path(os.environ.get("BEDS", "../shared/beds"))
PLACE = STATE / "runs/readers"
READERS = ("newsboat", "rss2email", "feed2exec", "sfeed", "reader_lib", "liferea")
POLITE = ("rss2email", "feed2exec", "reader_lib")
"""Those that ask "has it changed?" from their second fetch on."""
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
SHOWN = "select count(*) n from articles where duplicate_of is null and gone_at is null"


def address(path: str) -> str:
    return f"http://127.0.0.1:{os.environ['NGINX_PORT']}/{path}"


def wordpress(checks: Checks) -> int:
    """The WordPress bed, read and given out; how many entries the combined feed must have."""
    site = f"127.0.0.1:{os.environ['WP_PORT']}"
    source = {"title": "Bädden", "platform": "wordpress", "url": f"http://{site}/"}
    wire = Wire(PLACE / "www/wordpress", {"bed": source}, allow=[site], base_url=address("wordpress/public/"))
    ran = [wire.run("crawl"), wire.run("build")]
    checks.equal("orebro crawl, orebro build: exit codes", [0, 0], [run.code for run in ran])
    return int(wire.query(SHOWN)[0]["n"])


def county(checks: Checks) -> int:
    """The pretend county, after its second run."""
    keep = PLACE / "www/county"
    command = [os.environ["OREBRO"], "demo", "--keep", str(keep)]
    checks.equal("orebro demo: exit code", 0, subprocess.run(command, capture_output=True).returncode)
    return int(Wire(keep).query(SHOWN)[0]["n"])


def read(checks: Checks, feed: str, entries: int) -> None:
    """Every reader shows every entry, and å, ä and ö."""
    url = address(feed)
    with urllib.request.urlopen(url, timeout=30) as answer:
        checks.equal("type", TYPES[feed.rpartition(".")[2]], answer.headers.get_content_type())
    command = [BEDS / "readers/check.sh", "-l", PLACE / "access.jsonl", "-r", " ".join(READERS), url, str(entries)]
    done = subprocess.run(command, capture_output=True, text=True)
    print(f"\n{done.stdout}{done.stderr}", flush=True)
    rows = {row[0]: row for row in ([cell.strip() for cell in line.split("|")] for line in done.stdout.splitlines())}
    checks.equal("check.sh: exit code", 0, done.returncode)
    for reader in READERS:
        _, seen, _, _, fetches, _, verdict = rows.get(reader, [reader, *["-"] * 6])
        checks.equal(f"{reader}: entries, verdict", (str(entries), "ok"), (seen, verdict))
        if reader in POLITE:
            checks.equal(f"{reader}: answers", "200 304 304", fetches)


def main() -> int:
    checks = Checks()
    for name, make in (("county", county), ("wordpress", wordpress)):
        checks.section(f"{name}: read and given out")
        entries = make(checks)
        checks.holds("entries in the combined feed", "some", entries, entries > 0)
        for form in TYPES:
            checks.section(f"{name}: alla.{form}")
            read(checks, f"{name}/public/alla.{form}", entries)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
