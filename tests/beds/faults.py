"""The faults bed: a feed source at every address of a server that misbehaves on purpose.

Each address is read twice into an empty archive, and once by an archive that knew three articles before it went bad.
Started by faults.sh, with the server running.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.beds.checks import Checks, table
from tests.beds.wire import STATE, Ran, Wire, differing

BEDS = Path(os.environ.get("BEDS", "../shared/beds"))
PORT = int(os.environ.get("FAULTS_PORT", "18490"))
SITE = f"http://127.0.0.1:{PORT}"
LOG = STATE / "faults/access.jsonl"
PLACE = STATE / "runs/faults"
WORDS = "Åsa Öberg på Ängön i Örebro"
CANARIES = (b"CANARY-FILE", b"CANARY-PORT")
LOCAL = ZoneInfo("Europe/Stockholm")

TIMEOUT, MAX_SIZE = 4.0, 10_000_000
LONGEST, MOST_CPU = 60.0, 20.0
"""Seconds of one run of one source: two attempts, the longest wait that a host may ask for, a busy machine."""
MOST_MB = 400
MOST_REQUESTS = 14
AT_ONCE = 2

ANY = frozenset(range(100))
MORE_ITEMS: dict[str, Collection[int]] = {
    "/redirect/moved-feed": {3},
    "/gzip/not-gzip": {0, 3},
    "/gzip/raw-deflate": {0, 3},
    "/feed/xxe": {0, 1, 2},
    "/feed/xxe-dtd": {0, 3},
    "/feed/xinclude": {0, 1},
    "/feed/truncated": {0, 1, 2},
    "/feed/leading-junk": {0, 3},
    "/feed/bad-links": {2, 3},
    "/feed/huge-title": {2, 3},
    "/feed/paged": ANY - {0},
    "/feed/10k": {2000, 10000},
}
"""How many items may be kept where the list of faults states none or leaves a choice; else none, and a failure."""
NOT_A_FAILURE = {"/feed/no-items"}
OTHER_TITLES = {"/feed/invalid-utf8", "/feed/unescaped-amp", "/feed/xss", "/feed/huge-title", "/feed/xxe"}
"""Titles here need not be the words alone."""


@dataclass
class Outcome:
    """What reading one address came to."""

    fault: dict[str, Any]
    wire: Wire
    first: Ran
    second: Ran
    later: Ran
    items: int
    requests: tuple[int, int]
    asked: list[dict[str, Any]]
    deviations: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return str(self.fault["path"])

    def demand(self, is_so: bool, otherwise: str) -> None:
        if not is_so:
            self.deviations.append(otherwise)

    def row(self) -> tuple[str, ...]:
        runs = (self.first, self.second, self.later)
        return (
            self.path,
            str(self.items),
            " ".join(str(run.crawl.get("verdict")) for run in runs),
            f"{self.requests[0]} {self.requests[1]}",
            f"{max(run.seconds for run in runs):.1f}",
            f"{max(run.cpu for run in runs):.1f}",
            str(max(run.peak_mb for run in runs)),
            "; ".join(self.deviations) or "ok",
        )


HEAD = ("address", "items", "verdicts", "requests", "seconds", "CPU s", "MB", "deviations")


def faults() -> list[dict[str, Any]]:
    """Every address that a source can have, but the canary's."""
    said = subprocess.run([BEDS / "faults/faults.py", "list", "--json"], check=True, capture_output=True, text=True)
    rows = [json.loads(line) for line in said.stdout.splitlines()]
    return [row for row in rows if row["group"] != "canary"]


def address(fault: dict[str, Any]) -> str:
    url = str(fault["url"])
    if fault["path"].startswith(":"):
        return url + "feed.rss"
    return url + "?key=bed" if fault["path"] == "/429-then-ok" else url


def name_of(fault: dict[str, Any]) -> str:
    return re.sub(r"[^a-z0-9]+", "-", str(fault["path"]).lower()).strip("-")


def wire_for(name: str, url: str, contact: str) -> Wire:
    """An installation that reads one address. The canary's port is not allowed."""
    allow = [f"127.0.0.1:{PORT + offset}" for offset in (0, 2, 3, 4)]
    source = {"title": "Felbladet", "platform": "feed", "url": url}
    http = {"timeout": TIMEOUT, "max_size": MAX_SIZE}
    return Wire(PLACE / name, {"felbladet": source}, allow=allow, contact=contact, http=http)


def log() -> list[dict[str, Any]]:
    return [json.loads(line) for line in LOG.read_text("utf-8").splitlines()] if LOG.exists() else []


def asked_by(contact: str) -> list[dict[str, Any]]:
    return [row for row in log() if f"; {contact})" in row["ua"]]


def read(fault: dict[str, Any], known: Wire) -> Outcome:
    """Twice into an empty archive; once more into one that knows three articles of the source."""
    name, url = name_of(fault), address(fault)
    wire = wire_for(name, url, f"{name}@first.example")
    first = wire.run("run", "--debug", limit=2 * LONGEST)
    items, asked = len(wire.articles()) if wire.db.exists() else -1, len(asked_by(f"{name}@first.example"))
    titles = [article["title"] for article in wire.articles()]
    second = wire.run("run", limit=2 * LONGEST)
    after = wire_for(f"{name}-later", url, f"{name}@later.example")
    after.take_over(known)
    later = after.run("run", "--debug", limit=2 * LONGEST)
    time.sleep(0.2)
    mine = asked_by(f"{name}@first.example")
    outcome = Outcome(fault, wire, first, second, later, items, (asked, len(mine) - asked), mine)
    judge(outcome, titles)
    judge_later(outcome, after, known)
    return outcome


def judge(o: Outcome, titles: list[str]) -> None:
    """What is demanded of the two runs into an empty archive."""
    stated = o.fault["items"]
    may = MORE_ITEMS.get(o.path, {stated} if stated is not None else {0})
    o.demand(o.items in may, f"{o.items} items kept, not {' or '.join(map(str, sorted(may)))}")
    for run, which in ((o.first, "first"), (o.second, "second"), (o.later, "later")):
        o.demand("Traceback" not in run.stderr, f"{which} run: traceback: {run.stderr.strip().splitlines()[-1:]}")
        o.demand(run.code in {0, 1} and len(run.crawls) == 1, f"{which} run: exit code {run.code}")
        o.demand(run.seconds <= LONGEST, f"{which} run took {run.seconds:.0f} s")
        o.demand(run.cpu <= MOST_CPU, f"{which} run took {run.cpu:.0f} s of the processor")
        o.demand(run.peak_mb <= MOST_MB, f"{which} run held {run.peak_mb} MB")
        ours = [p["problem"] for p in run.crawl.get("problems", []) if p["problem"].startswith("could not be read")]
        o.demand(not ours, f"{which} run: {ours}")
    is_failure = o.items == 0 and o.path not in NOT_A_FAILURE
    verdicts = {"failing", "waiting"} if is_failure else {"ok"} if o.items else {"ok", "unchanged"}
    o.demand(o.first.crawl.get("verdict") in verdicts, f"first verdict {o.first.crawl.get('verdict')}")
    o.demand(o.first.code == (o.first.crawl.get("verdict") == "failing"), f"exit code {o.first.code}")
    o.demand(not is_failure or bool(o.first.crawl.get("problems")), "a failure without a word")
    quiet = o.second.stderr.strip().splitlines()
    o.demand(len(quiet) <= 1 and all(line.startswith("orebro: ") for line in quiet), f"says {len(quiet)} lines")
    articles = o.wire.articles()
    again = (len(articles), o.second.crawl.get("new"), o.second.crawl.get("changed"))
    o.demand(again == (o.items, 0, 0), f"second run: articles, new, changed {again}")
    o.demand(max(o.requests) <= MOST_REQUESTS, f"{o.requests} requests")
    if o.path not in OTHER_TITLES:
        strange = [title for title in titles if not re.fullmatch(rf"{WORDS} \d+", title)]
        o.demand(not strange, f"titles {strange[:2]}")
    else:
        bare = [title for title in titles if not title.startswith(WORDS) and len(title) > 500]
        o.demand(not bare, f"titles {bare[:1]}")
    o.demand(all(article["url"].startswith("http") for article in articles), "a link that is none")
    for trouble in in_public(o.wire):
        o.demand(False, trouble)


def judge_later(o: Outcome, after: Wire, known: Wire) -> None:
    """A source that goes bad takes nothing away and fouls no feed."""
    standing = {a["url"] for a in after.articles() if not a["gone_at"]}
    before = {a["url"] for a in known.articles()}
    o.demand(before <= standing, f"of {len(before)} known articles {len(before & standing)} stand")
    if o.items == 0 and not o.path.startswith(":"):  # those are another site, which the feeds name
        changed = differing(given_out(known), given_out(after))
        o.demand(changed == "nothing", f"feeds changed: {changed}")
    for trouble in in_public(after):
        o.demand(False, f"later: {trouble}")


def given_out(wire: Wire) -> dict[str, str]:
    """All but the pages that tell how the sources stand, and whom to write to."""
    left_out = (".", "halsa.html", "om.html")
    return {name: digest for name, digest in wire.files().items() if not name.startswith(left_out)}


# What we give out


class Dangerous(HTMLParser):
    """Finds what runs or embeds in HTML."""

    tags = frozenset("script iframe object embed form svg math applet meta base".split())
    schemes = re.compile(r"\s*(javascript:|vbscript:|data:(?!image/))", re.IGNORECASE)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_data = tag == "script" and ("type", "application/ld+json") in attrs
        self.found += [f"<{tag}>"] if tag in self.tags and not is_data else []
        for name, value in attrs:
            if name.startswith("on") or self.schemes.match(value or ""):
                self.found.append(f"{name}={value}")


def dangerous_in(markup: str, besides: Collection[str] = ()) -> list[str]:
    parser = Dangerous()
    parser.feed(markup)
    return [what for what in parser.found if what not in besides]


def in_public(wire: Wire) -> Iterator[str]:
    """What is wrong with what an installation holds and gives out."""
    for path in sorted([*wire.folder.glob("news.db*"), *wire.public.rglob("*")]):
        content = path.read_bytes() if path.is_file() else b""
        for word in CANARIES:
            if word in content:
                yield f"{word.decode()} in {path.name}"
        if path.suffix in {".rss", ".atom", ".opml"}:
            yield from _in_feed(path, content)
        elif path.suffix == ".html":
            page = dangerous_in(content.decode(), besides=("<meta>", "<svg>"))
            yield from (f"{what} in {path.name}" for what in page)


def _in_feed(path: Path, content: bytes) -> Iterator[str]:
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        yield f"{path.name} is not well-formed: {error}"
        return
    for element in root.iter():
        for what in dangerous_in(element.text or ""):
            yield f"{what} in {path.name}, {element.tag.rpartition('}')[2]}"
        link = (element.text if element.tag == "link" else None) or element.get("href") or ""
        if link and not link.startswith(("http://", "https://")):
            yield f"link {link!r} in {path.name}"


# What single faults demand besides


def special(checks: Checks, outcomes: dict[str, Outcome]) -> None:
    """What the list of faults says in words."""
    checks.section("what some addresses demand besides")
    paused(checks, outcomes)
    dates(checks, outcomes)
    links = {a["url"] for a in outcomes["/feed/bad-links"].wire.articles()}
    good = {f"{SITE}/article/{number}" for number in (1, 10)}
    checks.equal("/feed/bad-links: the good and the relative one", good, good & links)
    for path in ("/never-ending", "/page/50mb"):
        size = max((row["b"] for row in outcomes[path].asked), default=0)
        checks.at_most(f"{path}: bytes taken at most", 2 * MAX_SIZE, size)
    moved = [row["u"] for row in outcomes["/redirect/moved-feed"].asked if row["u"] != "/robots.txt"]
    checks.note("/redirect/moved-feed: asked for", ", ".join(moved))
    asked = [(row["u"], row["s"]) for row in outcomes["/good.rss"].asked]
    checks.equal("/good.rss", [("/robots.txt", 200), ("/good.rss", 200), ("/good.rss", 304)], asked)
    large = outcomes["/feed/10k"]
    checks.note("/feed/10k: seconds of the two runs", (round(large.first.seconds, 1), round(large.second.seconds, 1)))


def paused(checks: Checks, outcomes: dict[str, Outcome]) -> None:
    """Retry-After holds over a restart, and is understood in every form."""
    waits = {"/503-retry-after": (100, 120), "/429-date": (30, 60), "/429-huge": (80_000, 86_400)}
    for path, (least, most) in waits.items():
        o = outcomes[path]
        asked = [row for row in o.asked if row["u"].startswith(path)]
        checks.equal(f"{path}: asked in both runs together", 1, len(asked))
        rows = o.wire.query("select not_before from hosts where not_before is not null")
        until = datetime.fromisoformat(rows[0]["not_before"]).timestamp() - asked[0]["t"] if rows and asked else 0.0
        checks.holds(f"{path}: paused for seconds", f"{least} to {most}", round(until), least <= until <= most + 2)
    times = [row["t"] for row in outcomes["/429"].asked if row["u"] == "/429"]
    gaps = [round(later - earlier) for earlier, later in pairwise(times)]
    is_patient = all(gap >= 29 for gap in gaps)
    checks.holds("/429: seconds between two requests, over both runs", "30 or more", gaps, is_patient)
    asked = [row["t"] for row in outcomes["/429-then-ok"].asked if row["u"].startswith("/429-then-ok")]
    waited = asked[1] - asked[0] if len(asked) > 1 else 0.0
    checks.holds("/429-then-ok: seconds between the first two", "2 or more", round(waited, 1), waited >= 1.9)


def dates(checks: Checks, outcomes: dict[str, Outcome]) -> None:
    """No date is invented, none lies ahead."""
    for path in ("/feed/dates-future", "/feed/dates-extreme", "/feed/dates-garbage"):
        articles = outcomes[path].wire.articles()
        odd = [a["published"] for a in articles if not "1994" <= a["published"] <= iso(soon(a["first_seen"]))]
        checks.equal(f"{path}: dates before 1994 or ahead", [], odd)
    for article in outcomes["/feed/dates-garbage"].wire.articles():
        number = int(article["url"].rpartition("/")[2])
        stated, days = right_dates(datetime.fromisoformat(article["first_seen"]))[number - 1]
        seen = article["published"] if article["published_from"] != "first-seen" else "first-seen"
        is_ok = seen == "first-seen" or any(seen.startswith(day) for day in days)
        checks.holds(f"/feed/dates-garbage: {stated!r}", " or ".join([*days, "first-seen"]), seen, is_ok)


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def soon(text: str) -> datetime:
    return datetime.fromisoformat(text) + timedelta(minutes=10)


def right_dates(now: datetime) -> list[tuple[str, list[str]]]:
    """The spellings of the fault and what they can mean, as the archive writes it (a beginning is enough)."""
    today = now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    noon = iso(today + timedelta(hours=14, minutes=30))[:16]
    ago = iso(now - timedelta(hours=3))[:13]
    eve = "2024-12-21T23:00"
    return [
        ("Posted december 22, 2024", [eve]),
        ("22 december 2024", [eve]),
        ("tis 24 dec 2024 kl. 09.05", ["2024-12-24T08:05"]),
        ("den 1:a mars 2025", ["2025-02-28T23:00"]),
        ("2024-12-22", [eve]),
        ("22/12-24", [eve]),
        ("idag 14:30", [noon]),
        ("igår", [iso(today - timedelta(days=1))[:13]]),
        ("för 3 timmar sedan", [ago]),
        ("1734861600", ["2024-12-22T10:00"]),
        ("Sun, 22 Dec 2024 10:00:00 CET", ["2024-12-22T09:00"]),
        ("Sun, 22 Dec 2024 10:00:00 +9999", []),
        ("Mon, 30 Feb 2026 10:00:00 GMT", []),
        ("Sun, 29 Mar 2026 02:30:00", ["2026-03-29T00:30", "2026-03-29T01:30"]),
        ("Sun, 25 Oct 2026 02:30:00", ["2026-10-25T00:30", "2026-10-25T01:30"]),
        ("Thu, 22 Dec 2024 25:61:00 GMT", [eve]),
        ("not a date", []),
        ("", []),
        ("   ", []),
        ("٢٢ ديسمبر", []),
    ]


def manners(checks: Checks) -> None:
    """What the server's log must not hold."""
    checks.section("manners, over all runs")
    rows = log()
    canary = [row["u"] for row in rows if row["port"] == PORT + 1]
    checks.equal("asked of the canary port", [], canary)
    for offset, what in ((2, "disallows all"), (3, "answers 503"), (4, "never answers")):
        paths = {row["u"] for row in rows if row["port"] == PORT + offset}
        checks.equal(f"asked of the site whose robots.txt {what}", {"/robots.txt"}, paths)
    private = [row["u"] for row in rows if row["u"].startswith("/robots-private/")]
    checks.equal("asked for what robots.txt disallows", [], private)
    agents = {row["ua"].split("/")[0] for row in rows}
    checks.equal("we say who we are", {"OrebroNews"}, agents - {"Python-urllib"})


TOGETHER = ("/no-answer", "/reset-at-once", "/bad-status", "/feed/quadratic", "/feed/control-chars", "/status/*")


def together(checks: Checks, every: list[dict[str, Any]]) -> None:
    """Many sources in one run: the bad ones stop no other."""
    checks.section("bad and good sources in one run")
    chosen = [fault for fault in every if fault["path"] in TOGETHER or fault["path"].startswith(":")]
    urls = {name_of(fault): address(fault) for fault in chosen} | {"good": f"{SITE}/good.rss"}
    sources = {name: {"platform": "feed", "url": url, "every": 0} for name, url in urls.items()}
    allow = [f"127.0.0.1:{PORT + offset}" for offset in (0, 2, 3, 4)]
    wire = Wire(PLACE / "together", sources, allow=allow, contact="together@bed.example", http={"timeout": TIMEOUT})
    ran = wire.run("run", "--debug", limit=120)
    rows = {crawl["source"]: crawl for crawl in ran.crawls}
    checks.equal("every source has its row", sorted(urls), sorted(rows))
    checks.equal("exit code", 1, ran.code)
    good = (rows["good"]["verdict"] in {"ok", "unchanged"}, rows["good"]["seen"])
    checks.equal("the good one is well, and seen", (True, 3), good)
    bad = {name: row["verdict"] for name, row in rows.items() if name not in {"good", "feed-control-chars"}}
    checks.equal("the bad ones", {"failing"}, set(bad.values()))
    checks.equal("traceback", False, "Traceback" in ran.stderr)
    checks.note("seconds", round(ran.seconds, 1))


def main() -> int:
    checks, began = Checks(), time.monotonic()
    every = faults()
    known = wire_for("known", f"{SITE}/good.rss", "known@bed.example")
    known.run("run")
    checks.section("every address")
    checks.equal("articles known before", 3, len(known.articles()))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = {o.path: o for o in pool.map(lambda fault: read(fault, known), every)}
    print(table(HEAD, [outcome.row() for outcome in outcomes.values()]), flush=True)
    for path, outcome in outcomes.items():
        for deviation in outcome.deviations:
            checks.holds(path, "no deviation", deviation, is_ok=False)
    checks.equal("addresses read as they should be", len(every), sum(not o.deviations for o in outcomes.values()))
    special(checks, outcomes)
    together(checks, every)
    manners(checks)
    print(f"\n{time.monotonic() - began:.0f} s")
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
