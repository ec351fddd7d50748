"""The readers' bed: what six real feed readers make of our combined feeds.

Two archives are given out: the WordPress bed's 300 posts, and the pretend county's many newsrooms as `orebro demo`
leaves them. Started by readers.sh, with WordPress and an nginx over `www/` running.
"""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import xml.etree.ElementTree as ET
from pathlib import Path

from tests.beds.checks import Checks
from tests.beds.wire import STATE, Wire

BEDS = Path(os.environ.get("BEDS", "../shared/beds"))
PLACE = STATE / "runs/readers"
READERS = ("newsboat", "rss2email", "feed2exec", "sfeed", "reader_lib", "liferea")
POLITE = dict.fromkeys(("rss2email", "feed2exec", "reader_lib"), "200 304 304")
"""Those that ask "has it changed?" from their second fetch on, and what they are answered."""
ATOM = "{http://www.w3.org/2005/Atom}"
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
LEAST = 100
"""A combined feed holds at least the newest so many articles, where there are as many."""
SHOWN = "select title from articles where duplicate_of is null and gone_at is null order by published desc, id limit ?"


def address(path: str) -> str:
    return f"http://127.0.0.1:{os.environ['NGINX_PORT']}/{path}"


def wordpress(checks: Checks) -> Wire:
    """The WordPress bed, read and given out."""
    site = f"127.0.0.1:{os.environ['WP_PORT']}"
    source = {"title": "Bädden", "platform": "wordpress", "url": f"http://{site}/"}
    wire = Wire(PLACE / "www/wordpress", {"bed": source}, allow=[site], base_url=address("wordpress/public/"))
    ran = [wire.run("crawl"), wire.run("build")]
    checks.equal("orebro crawl, orebro build: exit codes", [0, 0], [run.code for run in ran])
    return wire


def county(checks: Checks) -> Wire:
    """The pretend county, after its second run."""
    keep = PLACE / "www/county"
    command = [os.environ["OREBRO"], "demo", "--keep", str(keep)]
    checks.equal("orebro demo: exit code", 0, subprocess.run(command, capture_output=True).returncode)
    return Wire(keep)


def read(checks: Checks, url: str, newest: list[str], log: Path, polite: dict[str, str] = POLITE) -> None:
    """The newest articles are in the feed, and every reader shows every entry, with å, ä and ö."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        checks.equal("type", TYPES[url.partition("?")[0].rpartition(".")[2]], answer.headers.get_content_type())
        titles = entry_titles(answer.read())
    entries = len(titles)
    checks.equal(f"the newest {len(newest)} are in it", [], [title for title in newest if title not in titles])
    command = [BEDS / "readers/check.sh", "-l", log, "-r", " ".join(READERS), url, str(entries)]
    done = subprocess.run(command, capture_output=True, text=True)
    print(f"\n{done.stdout}{done.stderr}", flush=True)
    rows = {row[0]: row for row in ([cell.strip() for cell in line.split("|")] for line in done.stdout.splitlines())}
    checks.equal("check.sh: exit code", 0, done.returncode)
    for reader in READERS:
        _, seen, _, _, fetches, _, verdict = rows.get(reader, [reader, *["-"] * 6])
        checks.equal(f"{reader}: entries, verdict", (str(entries), "ok"), (seen, verdict))
        if reader in polite:
            checks.equal(f"{reader}: answers", polite[reader], fetches)


def entry_titles(feed: bytes) -> list[str]:
    """The titles of a feed's entries."""
    names = {"item": "title", f"{ATOM}entry": f"{ATOM}title"}
    return [e.findtext(names[e.tag], "") for e in ET.fromstring(feed).iter() if e.tag in names]


def main() -> int:
    checks = Checks()
    for name, make in (("county", county), ("wordpress", wordpress)):
        checks.section(f"{name}: read and given out")
        wire = make(checks)
        newest = [row["title"] for row in wire.query(SHOWN, [LEAST])]
        checks.holds("articles to give out", "some", len(newest), bool(newest))
        for form in TYPES:
            checks.section(f"{name}: alla.{form}")
            read(checks, address(f"{name}/public/alla.{form}"), newest, PLACE / "access.jsonl")
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
