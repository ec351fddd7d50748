"""Feeds and pages: one more article in an archive of 100,000, and what a feed costs against string templates.

`measure` starts this module as a program, which prints what it took as JSON, so that the process that measures stays
small.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.measuring import BenchmarkError, Row, in_turns, ratio, run, typical

if TYPE_CHECKING:
    from sqlite_utils import Database

    from feeds.entries import Feed
    from orebro_spiders.archive.articles import StoredArticle
    from orebro_spiders.sources import Config

ARTICLES = 100_000
PAIR_LIMIT = 3.5
"""Times the CPU of string templates, for RSS and Atom of 100 entries."""
ONE_MORE_LIMIT = 1 / 20
"""Of the CPU of a full build."""

_NEWEST = datetime(2026, 11, 21, 17, tzinfo=UTC)
_STEP = timedelta(minutes=15)
_SOURCES = tuple(f"kalla-{number}" for number in range(1, 31))
_WORDS = "badet öppnar igen efter två år i centrum och kommunen säger att det blir fest på torget för alla".split()
_REPEATED = 20


def measure(rounds: int) -> Iterator[Row]:
    """The rows of this benchmark."""
    with TemporaryDirectory() as name:
        run([sys.executable, "-m", "benchmarks.feeds", str(rounds), str(ARTICLES)], Path(name))
        took = json.loads((Path(name) / "out.txt").read_text())
    pairs = [(ours, plain) for ours, plain in took["pairs"]]
    times = ratio(pairs, 0, 1)
    ours, plain = (typical([pair[which] for pair in pairs]) * 1000 for which in (0, 1))
    yield Row(
        what="RSS and Atom of 100 entries, against string templates",
        measured=f"{times:.2f}x ({ours:.1f} ms / {plain:.1f} ms)",
        limit=f"{PAIR_LIMIT}x",
        is_kept=times <= PAIR_LIMIT,
    )
    one, full = typical(took["one"]), took["full"]
    yield Row(
        what=f"all channels and pages after one new article, of a full build of {ARTICLES:,}",
        measured=f"1/{full / one:.0f} ({one:.2f} s / {full:.0f} s)",
        limit=f"1/{1 / ONE_MORE_LIMIT:.0f}",
        is_kept=one <= full * ONE_MORE_LIMIT,
    )
    yield Row(what="  files written then, of all", measured=f"{took['written']} of {took['files']}")
    yield Row(what="  finding that nothing has changed", measured=f"{took['current'] * 1000:.0f} ms")


def _took(rounds: int, articles: int, folder: Path) -> dict[str, object]:
    from feeds.publish import build, is_current
    from orebro_spiders.archive.database import open_archive
    from orebro_spiders.sources import Config, Site, Source

    sources = {
        name: Source(name=name, title=name.title(), platform="feed", url=f"https://{name}.example/")
        for name in _SOURCES
    }
    config = Config(site=Site(base_url="https://nyheter.example.se/"), sources=sources)
    pairs = _pairs(rounds, config)
    db, out = open_archive(folder / "news.db"), folder / "public"
    _fill(db, range(articles))
    full = _seconds(lambda: build(db, config, out))
    current = _seconds(lambda: is_current(db, config, out))
    one, written = [], 0
    for more in range(rounds):
        _fill(db, [articles + more])
        started = time.process_time()
        built = build(db, config, out)
        one.append(time.process_time() - started)
        written, files = built.written, built.written + built.unchanged
    if not 0 < written < files / 100:
        raise BenchmarkError(f"{written} of {files} files were written for one article")
    return {"pairs": pairs, "full": full, "one": one, "current": current, "written": written, "files": files}


def _pairs(rounds: int, config: Config) -> list[tuple[float, ...]]:
    """Seconds of CPU of both documents, ours and the peer's, round by round; both must say the same."""
    from benchmarks import string_templates
    from feeds import syndication
    from feeds.addresses import home_of
    from feeds.channels import channels
    from feeds.entries import entry_of, feed_of

    entries = [entry_of(_article(number), config, home_of(config.site)) for number in range(100)]
    feed = feed_of(channels(config)[0], entries, config)
    ours = (syndication.rss, syndication.atom)
    plain = (string_templates.rss, string_templates.atom)
    if any(_meaning(one(feed)) != _meaning(other(feed)) for one, other in zip(ours, plain, strict=True)):
        raise BenchmarkError("the string templates do not say what our feeds say")
    return in_turns(rounds, partial(_pair, ours, feed), partial(_pair, plain, feed))


def _pair(writers: Sequence[Callable[[Feed], bytes]], feed: Feed) -> float:
    """Seconds of CPU of the feed by all the writers, once."""
    return _seconds(lambda: [write(feed) for _ in range(_REPEATED) for write in writers]) / _REPEATED


def _meaning(document: bytes) -> bytes:
    """The document without what XML leaves to the writer."""
    from lxml import etree

    root = etree.fromstring(document, etree.XMLParser(remove_blank_text=True))
    return bytes(etree.tostring(root, method="c14n", exclusive=True))


def _seconds(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return time.process_time() - started


def _fill(db: Database, numbers: range | list[int]) -> None:
    from orebro_spiders.archive.articles import row_of

    db["articles"].insert_all(row_of(_article(number)) for number in numbers)  # type: ignore[union-attr]


def _article(number: int) -> StoredArticle:
    """The article of that number: the higher, the newer."""
    from orebro_spiders.archive.articles import StoredArticle

    chance = random.Random(number)
    seen = _NEWEST - (ARTICLES - number) * _STEP
    source = chance.choice(_SOURCES)
    kind = chance.choice(("news", "news", "news", "press"))
    text = " ".join(chance.choices(_WORDS, k=250))
    return StoredArticle(
        id=f"tag:nyheter.example.se,2026:{source}/{number}",
        url=f"https://{source}.example/{number}",
        native_id=str(number),
        source=source,
        kind=kind,  # type: ignore[arg-type]
        title=" ".join(chance.choices(_WORDS, k=7)).capitalize(),
        summary=text[:200],
        text=text,
        html=f"<p>{text}</p>",
        authors=("Åsa Öberg",),
        published=seen,
        published_from="api",
        image=f"https://{source}.example/{number}.jpg",
        categories=(chance.choice(("Sport", "Blåljus", "Kultur", "Nyheter")),),
        municipalities=(chance.choice(("Örebro", "Kumla", "Nora", "Laxå")),),
        content_hash=f"{number:032x}",
        first_seen=seen,
        last_seen=seen,
    )


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        print(json.dumps(_took(int(sys.argv[1]), int(sys.argv[2]), Path(name))))
