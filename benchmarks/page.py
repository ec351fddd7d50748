"""A whole page (fetched, read, compared, stored) against Scrapy only downloading it.

The cost of a page is what a large crawl takes more than a small one, divided by the articles that it has more: the
start of Python and Scrapy falls out. It is told from the medians of the runs, and from the calmest ones: on a busy
machine other programs push ours out of the caches, and the more a program does with a page, the more that costs.

Two crawls are measured:

- *article pages*: every request is one for an article's page, as in a run that reads what a list has named;
- *first crawl*: the walk through all lists too, ten articles to a page of the list. The peer downloads the lists as
  well, and both are divided by the number of articles.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import (
    BenchmarkError,
    Row,
    in_turns,
    orebro,
    run,
    script,
    typical,
    write_config,
)
from benchmarks.newsrooms import LIST, Journal
from benchmarks.server import serving

LIMIT = 1.8
"""Times the CPU of Scrapy downloading the page."""
SMALL, LARGE = 200, 1200
PEERS = (("ours", "with our loop, handler and concurrency"), ("stock", "as it comes"))

Pick = Callable[[Sequence[float]], float]


@dataclass(frozen=True, slots=True)
class Bed:
    """A journal of some size at its address, and the folder with the settings to crawl it."""

    folder: Path
    name: str
    journal: Journal
    address: str

    def crawl(self) -> float:
        """Seconds of CPU of our whole way, from an empty archive."""
        self._empty()
        return self._crawl()

    def read(self) -> float:
        """The same where all articles are known by address, and only the newest stand in the list."""
        known = self.folder / "known" / f"{self.name}.db"
        if not known.exists():
            self._know_addresses(known)
        self._empty()
        shutil.copy(known, self.folder)
        return self._crawl()

    def download(self, which: str) -> float:
        """The same of Scrapy alone."""
        file = self.folder / f"{self.name}.txt"
        file.write_text("\n".join(self.journal.addresses(self.address)), encoding="utf-8")
        return run(script("download_only.py", which, str(file)), self.folder).cpu

    def _empty(self) -> None:
        for file in self.folder.glob(f"{self.name}.db*"):
            file.unlink()

    def _know_addresses(self, archive: Path) -> None:
        archive.parent.mkdir(exist_ok=True)
        run(orebro("build", "--db", str(archive), "--out", "empty"), self.folder)
        with sqlite3.connect(archive) as database:
            rows = [(address, self.name) for address in self.journal.articles(self.address)]
            database.executemany("insert into fetches (url, source) values (?, ?)", rows)
        database.close()

    def _crawl(self) -> float:
        cpu = run(orebro("crawl", self.name, "--db", f"{self.name}.db"), self.folder).cpu
        with sqlite3.connect(self.folder / f"{self.name}.db") as database:
            stored = database.execute("select count(*) from articles where text <> ''").fetchone()[0]
        database.close()
        if stored != self.journal.size:
            raise BenchmarkError(f"{stored} of {self.journal.size} articles were stored")
        return cpu


def measure(rounds: int) -> Iterator[Row]:
    """The rows of this benchmark."""
    journals = {
        "read-small": Journal(1, SMALL, listed=LIST),
        "read-large": Journal(2, LARGE, listed=LIST),
        "walk-small": Journal(3, SMALL),
        "walk-large": Journal(4, LARGE),
        "rest-small": Journal(5, SMALL, has_rest=True),
        "rest-large": Journal(6, LARGE, has_rest=True),
    }
    with serving(list(journals.values())) as addresses, TemporaryDirectory() as name:
        folder = Path(name)
        keys = [{"title": "Bladet", "platform": "wordpress", "url": address} for address in addresses]
        write_config(folder, dict(zip(journals, keys, strict=True)), addresses)
        beds = [Bed(folder, *parts) for parts in zip(journals, journals.values(), addresses, strict=True)]
        yield from _against_scrapy("article pages", rounds, (beds[0], beds[1]), Bed.read)
        yield from _against_scrapy("first crawl", rounds, (beds[2], beds[3]), Bed.crawl)
        post = _marginal(in_turns(rounds, beds[4].crawl, beds[5].crawl), typical, 0)
        yield Row(what="one post of the REST API, read and stored", measured=f"{post * 1000:.2f} ms")


def _against_scrapy(what: str, rounds: int, beds: tuple[Bed, Bed], ours: Callable[[Bed], float]) -> Iterator[Row]:
    """How many times the CPU of a download a page takes, beside the figures that it comes from."""
    costs: list[Callable[[Bed], float]] = [ours, *(partial(Bed.download, which=which) for which, _ in PEERS)]
    taken = in_turns(rounds, *(partial(cost, bed) for cost in costs for bed in beds))
    for number, (_, peer) in enumerate(PEERS, 1):
        page, download = (_marginal(taken, typical, which) * 1000 for which in (0, number))
        calmest = _marginal(taken, min, 0) / _marginal(taken, min, number)
        yield Row(
            what=f"{what}: one page, against Scrapy {peer} only downloading",
            measured=f"{page / download:.2f}x ({page:.2f} ms / {download:.2f} ms; calmest {calmest:.2f}x)",
            limit=f"{LIMIT}x",
            is_kept=page / download <= LIMIT,
        )
    whole = [typical([one[2 * which + 1] for one in taken]) for which in range(len(PEERS) + 1)]
    shown = " / ".join(f"{seconds:.2f} s" for seconds in whole)
    yield Row(what=f"  whole process, start-up and {LARGE} articles: ours / {' / '.join(dict(PEERS))}", measured=shown)


def _marginal(taken: Sequence[tuple[float, ...]], pick: Pick, which: int) -> float:
    """Seconds of CPU of one article more: of each program there is a small crawl and a large one."""
    small, large = (pick([one[2 * which + size] for one in taken]) for size in (0, 1))
    return (large - small) / (LARGE - SMALL)
