"""How large the process grows in a crawl of 2,000 pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import MEGABYTE, Row, orebro, run, typical, write_config
from benchmarks.newsrooms import LIST, Journal
from benchmarks.server import serving

LIMIT = 150
"""Megabytes."""
PAGES = 2000


def measure(rounds: int) -> Iterator[Row]:
    """The rows of this benchmark; the largest of the runs counts."""
    journal = Journal(1, PAGES)
    with serving([journal]) as addresses, TemporaryDirectory() as name:
        folder = Path(name)
        write_config(folder, {"bladet": {"title": "Bladet", "platform": "wordpress", "url": addresses[0]}}, addresses)
        crawls = [run(orebro("crawl", "--db", f"{number}.db"), folder) for number in range(min(rounds, 3))]
        build = run(orebro("build", "--db", "0.db"), folder)
    peak = max(crawl.peak for crawl in crawls) / MEGABYTE
    yield Row(
        what=f"memory of a crawl of {PAGES} pages and {PAGES // LIST} lists, at its largest",
        measured=f"{peak:.0f} MB",
        limit=f"{LIMIT} MB",
        is_kept=peak <= LIMIT,
    )
    yield Row(what="  CPU of that crawl", measured=f"{typical([crawl.cpu for crawl in crawls]):.1f} s")
    yield Row(what="  memory of the build after it", measured=f"{build.peak / MEGABYTE:.0f} MB")
