"""A whole page (fetched, read, compared, stored) against Scrapy only downloading it.

The marginal cost of a page is what a large crawl takes more than a small one, divided by the articles that it has
more: the start of Python and Scrapy falls out. Two crawls are measured:

- *article pages*: every request is one for an article's page, as in a run that reads what a list has named;
- *first crawl*: the walk through all lists too, ten articles to a page of the list. The peer downloads the lists as
  well, and both are divided by the number of articles.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

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
from benchmarks.newsrooms import LIST, Journal
from benchmarks.server import serving

LIMIT = 1.8
"""Times the CPU of Scrapy downloading the page."""
SMALL, LARGE = 200, 1200
POSTS = 1200


@dataclass(frozen=True, slots=True)
class Bed:
    """A journal of some size at its address, and the folder with the settings to crawl it."""

    folder: Path
    name: str
    journal: Journal
    address: str

    @property
    def _archive(self) -> Path:
        return self.folder / f"{self.name}.db"

    def crawl(self) -> float:
        """Our whole way: seconds of CPU of a first crawl."""
        self._forget()
        return self._crawl()

    def read(self) -> float:
        """The same where all articles are known by address, and only the newest stand in the list."""
        self._forget()
        run(orebro("build", "--db", self._archive.name, "--out", "empty"), self.folder)
        with sqlite3.connect(self._archive) as archive:
            rows = [(address, self.name) for address in self.journal.articles(self.address)]
            archive.executemany("insert into fetches (url, source) values (?, ?)", rows)
        archive.close()
        return self._crawl()

    def download(self, which: str) -> float:
        """Scrapy alone."""
        file = self.folder / f"{self.name}.txt"
        file.write_text("\n".join(self.journal.addresses(self.address)), encoding="utf-8")
        return run(script("download_only.py", which, str(file)), self.folder).cpu

    def _forget(self) -> None:
        for file in self.folder.glob(f"{self.name}.db*"):
            file.unlink()

    def _crawl(self) -> float:
        cpu = run(orebro("crawl", self.name, "--db", self._archive.name), self.folder).cpu
        with sqlite3.connect(self._archive) as archive:
            stored = archive.execute("select count(*) from articles where text <> ''").fetchone()[0]
        archive.close()
        if stored != self.journal.size:
            raise BenchmarkError(f"{stored} of {self.journal.size} articles were stored")
        return cpu


def measure(rounds: int) -> Iterator[Row]:
    """The rows of this benchmark."""
    journals = {
        "walk-small": Journal(1, SMALL),
        "walk-large": Journal(2, LARGE),
        "read-small": Journal(3, SMALL, listed=LIST),
        "read-large": Journal(4, LARGE, listed=LIST),
        "rest-small": Journal(5, SMALL, has_rest=True),
        "rest-large": Journal(6, POSTS, has_rest=True),
    }
    with serving(list(journals.values())) as addresses, TemporaryDirectory() as name:
        folder = Path(name)
        keys = [{"title": "Bladet", "platform": "wordpress", "url": address} for address in addresses]
        write_config(folder, dict(zip(journals, keys, strict=True)), addresses)
        beds = [Bed(folder, *parts) for parts in zip(journals, journals.values(), addresses, strict=True)]
        yield from _against_scrapy("article pages", rounds, beds[2], beds[3], Bed.read)
        yield from _against_scrapy("first crawl", rounds, beds[0], beds[1], Bed.crawl)
        yield _posts(rounds, beds[4], beds[5])


def _against_scrapy(what: str, rounds: int, small: Bed, large: Bed, ours: Callable[[Bed], float]) -> Iterator[Row]:
    """How many times the CPU of a download a page takes, beside the figures that it comes from."""
    taken = in_turns(
        rounds,
        lambda: _marginal(small, large, ours),
        lambda: _marginal(small, large, lambda bed: bed.download("ours")),
        lambda: _marginal(small, large, lambda bed: bed.download("stock")),
        lambda: ours(large) / large.journal.size,
    )
    page, download, stock, whole = (typical(column) * 1000 for column in zip(*taken, strict=True))
    for peer, cost, column in (("the same settings", download, 1), ("Scrapy's defaults", stock, 2)):
        times = ratio(taken, 0, column)
        yield Row(
            what=f"{what}: one page, against {peer} only downloading",
            measured=f"{times:.2f}x ({page:.2f} ms / {cost:.2f} ms)",
            limit=f"{LIMIT}x",
            is_kept=times <= LIMIT,
        )
    yield Row(what=f"  start-up included, {large.journal.size} articles", measured=f"{whole:.2f} ms a page")


def _marginal(small: Bed, large: Bed, cost: Callable[[Bed], float]) -> float:
    return (cost(large) - cost(small)) / (large.journal.size - small.journal.size)


def _posts(rounds: int, small: Bed, large: Bed) -> Row:
    taken: Sequence[float] = [_marginal(small, large, Bed.crawl) for _ in range(rounds)]
    return Row(what="one post of the REST API, read and stored", measured=f"{typical(taken) * 1000:.2f} ms")
