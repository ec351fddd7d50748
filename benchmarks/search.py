"""How fast an archive is searched, and what keeping its index costs.

    python -m benchmarks.search --articles 1000000 --folder /var/tmp

The archive is made up: words of Swedish make, as frequent as in a language (Zipf), in all inflections, over twenty
years of news. It stays in the folder, if one is given, for the next time. Queries are made from words of all
frequencies. Times are those of one call in a process that has been called before, in milliseconds: the median, the
slowest twentieth (p95) and the slowest.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from sqlite_utils import Database

from benchmarks.measuring import MEGABYTE, Row, table
from orebro_spiders.archive.articles import COLUMNS, StoredArticle, row_of
from orebro_spiders.archive.database import open_archive, transaction
from orebro_spiders.archive.search import best, found, index
from orebro_spiders.reading.places import MUNICIPALITIES

NEWEST_LIMIT, BEST_LIMIT = 50.0, 100.0
"""Milliseconds that the slowest twentieth of the queries may take, newest first and by rank."""
ARTICLES = 100_000
CALLS = 200
NOW = datetime(2026, 8, 22, 12, tzinfo=UTC)
YEARS = timedelta(days=20 * 365)
BATCH = 5000
STEMS = 60_000
COMMONEST = 50
"""Words that stand in most articles, like och and i: to leave them out means to look at everything."""
WORDS = 150
"""Words of a text."""

_ONSETS = "b bl br d dr f fl fr g gl gr h j k kl kr l m n p pr r s sk sl sn st str t tr v".split()
_VOWELS = "a a a e e i o u å ä ö".split()
_CODAS = "d g k l ll m mm n nd ng r rg rk s sk st t tt v".split()
_ENDINGS = ("", "", "", "en", "et", "ar", "er", "arna", "ens", "s", "a", "de", "ade", "hus", "väg")


class Language:
    """Words of Swedish make: the commonest first."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        stems = ["".join(self._syllables(1 + (number > 300) + (number > 8000))) for number in range(STEMS)]
        self.words = [stem + ending for stem in stems for ending in dict.fromkeys(dice.sample(_ENDINGS, 5))]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def _syllables(self, count: int) -> Iterator[str]:
        for _ in range(count):
            yield self.dice.choice(_ONSETS) + self.dice.choice(_VOWELS) + self.dice.choice(_CODAS)

    def text(self, length: int) -> str:
        """So many words."""
        return " ".join(self.dice.choices(self.words, cum_weights=self.weights, k=length))


def articles(count: int, language: Language) -> Iterator[dict[str, Any]]:
    """Rows of an archive, the oldest first, a few of them out of order as a walk back stores them."""
    dice, step = language.dice, YEARS / count
    for number in range(count):
        published = NOW - YEARS + step * (number if dice.random() > 0.1 else dice.randrange(count))
        yield row_of(
            StoredArticle(
                id=f"tag:nyheter.example.se,2026:kalla-{number % 30}/{number}",
                url=f"https://kalla-{number % 30}.example/{number}",
                source=f"kalla-{number % 30}",
                kind=dice.choice(("news", "news", "press", "notice")),
                title=language.text(7).capitalize(),
                text=language.text(WORDS),
                municipalities=(dice.choice(MUNICIPALITIES),),
                published=published.replace(microsecond=0),
                first_seen=published,
                last_seen=published,
                content_hash=f"{number:032x}",
            )
        )


def fill(db: Database, count: int, language: Language) -> float:
    """Store the articles; how many of them in a second of storing alone."""
    insert = f"insert into articles ({', '.join(COLUMNS)}) values ({', '.join(f':{name}' for name in COLUMNS)})"
    rows, spent = articles(count, language), 0.0
    while batch := list(islice(rows, BATCH)):
        begun = time.perf_counter()
        with transaction(db):
            db.conn.executemany(insert, batch)
        spent += time.perf_counter() - begun
    return count / spent


def queries(language: Language) -> dict[str, Callable[[], str]]:
    """Makes of query, each from words of any frequency."""
    dice, words = language.dice, language.words

    def word(most: int = len(words)) -> str:
        """A word; every order of magnitude of its frequency is as likely."""
        return words[min(int(most ** dice.random()), most) - 1]

    return {
        "a word": word,
        "two words": lambda: f"{word()} {word()}",
        "either of three": lambda: f"{word()} OR {word()} OR {word()}",
        "the beginning of a word": lambda: f"{word()[:5]}*",
        "a phrase": lambda: f'"{word(200)} {word(200)}"',
        "without a word": lambda: f"{word()} -{words[dice.randrange(COMMONEST, 5000)]}",
        "in the headline": lambda: f"titel:{word(20000)}",
        "source, kind and place": lambda: f"{word()} källa:kalla-{dice.randrange(30)} typ:press kommun:Örebro",
        "of one year": lambda: f"{word()} från:{dice.randint(2007, 2025)} till:{dice.randint(2007, 2025)}",
    }


def milliseconds(ask: Callable[[str], object], make: Callable[[], str], calls: int) -> list[float]:
    """What each of so many different queries takes."""
    spent = []
    for _ in range(calls):
        query = make()
        begun = time.perf_counter()
        ask(query)
        spent.append((time.perf_counter() - begun) * 1000)
    return spent


def measure(db: Database, language: Language, calls: int) -> Iterator[Row]:
    """How long searches take, make by make, and all together."""
    ways: tuple[tuple[str, float, Callable[[str], object]], ...] = (
        ("newest first", NEWEST_LIMIT, lambda query: found(db, query, limit=20)),
        ("best of 90 days", BEST_LIMIT, lambda query: best(db, query, limit=20, now=NOW)),
    )
    for way, limit, ask in ways:
        everything: list[float] = []
        for name, make in queries(language).items():
            spent = milliseconds(ask, make, calls)
            everything += spent
            yield Row(what=f"  {way}, {name}", measured=_told(spent))
        slow = quantiles(everything, n=20)[-1]
        yield Row(what=f"{way}, all", measured=_told(everything), limit=f"{limit:.0f} ms p95", is_kept=slow <= limit)


def _told(spent: list[float]) -> str:
    middle, slow = quantiles(spent, n=20)[9], quantiles(spent, n=20)[-1]
    return f"{middle:6.1f}  p95 {slow:6.1f}  most {max(spent):6.1f} ms"


def archive(path: Path, count: int) -> Iterator[Row]:
    """Make the archive and its index."""
    with_queue, without = (open_archive(None) for _ in range(2))
    for trigger in ("search_added", "search_changed"):
        without.execute(f"drop trigger {trigger}")
    sample = min(count, 20_000)
    rates = [fill(db, sample, Language(random.Random(1))) for db in (without, with_queue)]
    yield Row(what="articles stored in a second, without a search", measured=f"{rates[0]:,.0f}")
    yield Row(what="  with the note that they are to be indexed", measured=f"{rates[1]:,.0f}")
    db = open_archive(path)
    rate, stored = fill(db, count, Language(random.Random(1))), path.stat().st_size
    begun = time.perf_counter()
    index(db)
    spent = time.perf_counter() - begun
    db.execute("pragma wal_checkpoint(truncate)")
    yield Row(what=f"  into a file of {count:,}", measured=f"{rate:,.0f}")
    yield Row(what="articles indexed in a second", measured=f"{count / spent:,.0f}")
    size = (path.stat().st_size - stored) / MEGABYTE
    yield Row(what="size of the index", measured=f"{size:,.0f} MB of {path.stat().st_size / MEGABYTE:,.0f} MB")


def main() -> int:
    """The exit code: with `--strict` 1 when a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES, help="in the archive (%(default)s)")
    parser.add_argument("--calls", type=int, default=CALLS, help="of each make of query (%(default)s)")
    parser.add_argument("--folder", type=Path, help="where the archive stays; otherwise it is thrown away")
    parser.add_argument("--strict", action="store_true", help="fail when a limit is missed")
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        path = (options.folder or Path(name)) / f"search-{options.articles}.db"
        rows = [] if path.exists() else list(archive(path, options.articles))
        rows += measure(open_archive(path), Language(random.Random(1)), options.calls)
    print(f"{options.articles:,} articles")
    print(table(rows))
    return int(options.strict and not all(row.is_kept for row in rows))


if __name__ == "__main__":
    sys.exit(main())
