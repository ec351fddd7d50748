"""A run that finds nothing new at 30 sources, against a bare loop of 30 conditional GETs and one SQLite open."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measuring import (
    BenchmarkError,
    Row,
    in_turns,
    orebro,
    ratio,
    run,
    script,
    typical,
    write_config,
)
from benchmarks.newsrooms import Journal, Paper, Police, PressRoom
from benchmarks.server import PROBE, PROBE_TAG, Site, serving

LIMIT = 15.0
"""Times the CPU of the bare loop."""
MOST_REQUESTS = 2
MOST_BYTES = 0.05
"""Share of the bytes of the first round."""
IMPORTS = "import orebro_spiders.crawling, orebro_spiders.handlers, scrapy.crawler"

SITES: dict[str, Site] = {
    **{f"flode-{number}": Paper(number, is_atom=number % 2 == 0) for number in range(1, 16)},
    **{f"tidning-{number}": Journal(20 + number, size=120, has_rest=True) for number in range(1, 9)},
    **{f"rum-{number}": PressRoom(40 + number, has_feed=number <= 3) for number in range(1, 7)},
    "polisen-lan": Police(50),
}
_PLATFORMS = {
    Paper: ("feed", "news", "flode.xml"),
    Journal: ("wordpress", "news", ""),
    PressRoom: ("mynewsdesk", "press", "se/rum"),
    Police: ("polisen", "notice", "api/events"),
}


def measure(rounds: int) -> Iterator[Row]:
    """The rows of this benchmark."""
    with serving(list(SITES.values())) as addresses, TemporaryDirectory() as name:
        folder = Path(name)
        write_config(folder, dict(zip(SITES, map(_keys, SITES, addresses), strict=True)), addresses)
        _remember(folder, addresses)
        first, quiet = _settle(folder)
        fresh = count()
        everything = in_turns(
            rounds,
            lambda: run(orebro("run", "--all"), folder).cpu,
            lambda: run(script("bare_loop.py", "http"), folder).cpu,
            lambda: run(script("bare_loop.py", "urllib"), folder).cpu,
            lambda: run(orebro("crawl", "--all"), folder).cpu,
            lambda: run([sys.executable, "-c", IMPORTS], folder).cpu,
            lambda: run(orebro("build"), folder).cpu,
            lambda: run(orebro("build", "--out", f"out-{next(fresh)}"), folder).cpu,
        )
    yield from _rows(everything)
    yield from _traffic(first, quiet)


def _keys(name: str, address: str) -> dict[str, str]:
    platform, kind, path = _PLATFORMS[type(SITES[name])]
    return {"title": name.capitalize(), "platform": platform, "kind": kind, "url": address + path}


def _remember(folder: Path, addresses: Sequence[str]) -> None:
    """What the bare loop knows from its last visit."""
    with sqlite3.connect(folder / "bare.db") as database:
        database.execute("create table fetches (url text primary key, etag text)")
        rows = [(address.rstrip("/") + PROBE, PROBE_TAG) for address in addresses]
        database.executemany("insert into fetches values (?, ?)", rows)
    database.close()


Crawls = list[dict[str, Any]]


def _settle(folder: Path) -> tuple[Crawls, Crawls]:
    """Crawl until nothing is new, and give the first and the last round's rows of the crawl log.

    Raises `BenchmarkError` when something still is new.
    """
    first, _, crawls = [_round(folder) for _ in range(3)]
    moved = [crawl for crawl in crawls if crawl["verdict"] != "unchanged" or crawl["problems"]]
    if moved or len(crawls) != len(SITES):
        raise BenchmarkError(f"{len(crawls)} sources were read; these are not unchanged: {moved}")
    return first, crawls


def _round(folder: Path) -> Crawls:
    run(orebro("run", "--json", "--all"), folder)
    crawls: Crawls = json.loads((folder / "out.txt").read_text(encoding="utf-8"))
    return crawls


def _traffic(first: Crawls, quiet: Crawls) -> Iterator[Row]:
    """Requests and bytes of a round without news; two requests where the platform needs them."""
    most = max(crawl["requests"] for crawl in quiet)
    yield Row(
        what="requests of a source in a round without news",
        measured=f"{sum(crawl['requests'] for crawl in quiet) / len(quiet):.1f}, at most {most}",
        limit=f"{MOST_REQUESTS}",
        is_kept=most <= MOST_REQUESTS,
    )
    share = sum(crawl["bytes"] for crawl in quiet) / sum(crawl["bytes"] for crawl in first)
    yield Row(
        what="bytes of a round without news, of those of the first round",
        measured=f"{share:.2%}",
        limit=f"{MOST_BYTES:.0%}",
        is_kept=share < MOST_BYTES,
    )


def _rows(rounds: Sequence[tuple[float, ...]]) -> Iterator[Row]:
    columns = list(zip(*rounds, strict=True))
    for peer, name in ((1, "http.client"), (2, "urllib.request")):
        times = ratio(rounds, 0, peer)
        yield Row(
            what=f"run of {len(SITES)} sources, nothing new, against a bare loop of {name}",
            measured=f"{times:.1f}x ({_milliseconds(columns[0])} / {_milliseconds(columns[peer])})",
            limit=f"{LIMIT:.0f}x",
            is_kept=times <= LIMIT,
        )
    yield Row(what="  its crawl alone", measured=_milliseconds(columns[3]))
    yield Row(what="  the imports of a crawl", measured=_milliseconds(columns[4]))
    yield Row(what="a build that changes nothing, whole process", measured=_milliseconds(columns[5]))
    yield Row(what=f"a first build of {len(SITES)} sources, whole process", measured=_milliseconds(columns[6]))


def _milliseconds(seconds: Sequence[float]) -> str:
    return f"{typical(seconds) * 1000:.0f} ms"
