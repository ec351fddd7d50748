"""`kill -9` at any moment: nothing is lost, nothing stored twice, nothing asked for again that was already stored."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orebro_spiders import crawling
from orebro_spiders.archive.database import open_archive
from orebro_spiders.demo import County
from orebro_spiders.errors import LockedError
from tests.conftest import command, county_of, wire_of

if TYPE_CHECKING:
    from tests.conftest import Visit, Wire

Watch = Callable[..., list["Visit"]]


@dataclass(frozen=True)
class Table:
    """What makes a row of it the same row, and which columns hang on the moment or the order of reading."""

    key: tuple[str, ...]
    moments: frozenset[str] = frozenset()


TABLES = {
    "articles": Table(("id",), frozenset({"pk", "revision", "first_seen", "last_seen", "gone_at"})),
    "aliases": Table(("kind", "source", "name")),
    "fetches": Table(("url",), frozenset({"checked_at"})),
    "hosts": Table(("host",), frozenset({"robots_at"})),
    "sources": Table(("name",), frozenset({"rung_at", "cursor"})),
    "versions": Table(("article", "content_hash"), frozenset({"pk", "seen_at", "replaced_at"})),
}
State = dict[str, Any]


def state(db: Any) -> State:
    """The archive without its moments: values by table, row and column."""
    found: State = {}
    for name, table in TABLES.items():
        for row in db.query(f"select * from {name}"):
            if name == "sources":
                row["walk"] = {k: v for k, v in json.loads(row["cursor"] or "{}").items() if k != "sitemap_at"}
            if name == "articles" and not row["updated"]:
                row["changed_at"] = bool(row["changed_at"])
            key = " ".join([name, *(row[column] for column in table.key)])
            found |= {f"{key}: {column}": value for column, value in row.items() if column not in table.moments}
    return found


def difference(found: State, expected: State) -> dict[str, tuple[Any, Any]]:
    """What is otherwise than expected: the value found and the one expected.

    Resuming a walk remembers the page that it begins with; that makes no difference.
    """
    pages = ("/page/", "?page=", "?paged=")
    return {
        name: (found.get(name), expected.get(name))
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name) and not (name.startswith("fetches") and any(p in name for p in pages))
    }


def unkilled(wire: Wire, path: Path, *names: str) -> State:
    """What a crawl of the same county leaves behind that nobody kills."""
    with closing(open_archive(path)) as db:
        crawling.crawl(db, wire.config, wire.config.chosen(names))
        return state(db)


def crawl_and_signal(wire: Wire, watch: Watch, request: int, number: signal.Signals, *names: str) -> int:
    """Run `orebro crawl` and send it a signal when that request arrives, before it is answered; the exit status."""
    wire.write_settings()
    counting, lock = itertools.count(1), threading.Lock()
    started = threading.Event()

    def tick(*_: object) -> None:
        with lock:
            now = next(counting)
        if now == request:
            started.wait()
            process.send_signal(number)
            if number == signal.SIGKILL:
                process.wait()

    for site in wire.county.sites.values():
        watch(site, at_visit=tick)
    process = subprocess.Popen(
        command("crawl", *names), cwd=wire.folder, env=wire.environment(), stderr=subprocess.PIPE, text=True
    )
    started.set()
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    return process.returncode


def stored_pages(wire: Wire) -> set[str]:
    """The articles' own pages that have been read."""
    sql = "select url from fetches where checked_at is not null and url in (select url from articles)"
    return {row["url"] for row in wire.rows(sql)}


def whole_articles(wire: Wire) -> set[str]:
    return {row["url"] for row in wire.rows("select url from articles where text <> ''")}


def assert_validators_are_not_ahead(wire: Wire) -> None:
    """Whatever the next run will ask for conditionally has been read into the archive."""
    known, whole = {row["url"] for row in wire.rows("select url from articles")}, whole_articles(wire)
    open_pages = {row["url"] for row in wire.rows("select url from fetches where checked_at is null")}
    truth = {post.url: post for name in wire.county.newsrooms for post in wire.county.truth(name)}
    for row in wire.rows("select url, source from fetches where checked_at is not null"):
        if row["url"] in truth:
            assert row["url"] in whole
        elif row["source"] != "narkebladet":
            listed = {post.url for post in wire.county.truth(row["source"])[:6]}
            assert listed <= known, row["url"]
            follows = wire.config.sources[row["source"]].platform == "mynewsdesk"
            assert not follows or listed <= whole | open_pages, row["url"]


@dataclass(frozen=True)
class Unkilled:
    """A county that only has pages, how its radio is read, and what a crawl that nobody kills makes of it."""

    county: County
    expected: State


@pytest.fixture(scope="module")
def unkilled_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unkilled]:
    with county_of(tmp_path_factory.mktemp("unkilled")) as wire:
        wire.county.switches.rest = wire.county.switches.feed = False
        wire.set_source("radio", follow=True)
        wire.crawl()
        yield Unkilled(wire.county, state(wire.db))


@pytest.fixture
def pages(unkilled_pages: Unkilled, tmp_path: Path) -> Iterator[Wire]:
    """That county and an empty archive."""
    with wire_of(unkilled_pages.county, tmp_path) as wire:
        wire.set_source("radio", follow=True)
        yield wire


@pytest.mark.parametrize("request_number", [1, 8, 20, 35, 60])
def test_a_first_crawl_that_is_killed_is_completed(
    pages: Wire, watch: Watch, unkilled_pages: Unkilled, request_number: int
) -> None:
    wire = pages
    assert crawl_and_signal(wire, watch, request_number, signal.SIGKILL) == -signal.SIGKILL
    assert_validators_are_not_ahead(wire)
    stored = stored_pages(wire)
    crawls = wire.crawl()
    assert {crawl.verdict for crawl in crawls.values()} <= {"ok", "unchanged"}
    assert [problem for crawl in crawls.values() for problem in crawl.problems] == []
    asked = {site.url + path[1:] for name, site in wire.county.sites.items() for path in wire.asked(name)}
    assert asked & stored == set()
    assert difference(state(wire.db), unkilled_pages.expected) == {}


@pytest.mark.parametrize(("rest", "request_number"), [(True, 2), (False, 3), (False, 4), (False, 5), (False, 6)])
def test_a_walk_by_rest_or_feed_that_is_killed_is_completed(
    wire: Wire, watch: Watch, tmp_path: Path, rest: bool, request_number: int
) -> None:
    wire.county.switches.rest = rest
    expected = unkilled(wire, tmp_path / "unkilled.db", "narkebladet")
    assert crawl_and_signal(wire, watch, request_number, signal.SIGKILL, "narkebladet") == -signal.SIGKILL
    wire.crawl("narkebladet")
    assert difference(state(wire.db), expected) == {}


@pytest.mark.parametrize("request_number", [2, 5, 8])
def test_a_later_crawl_that_is_killed_is_completed(
    wire: Wire, watch: Watch, tmp_path: Path, request_number: int
) -> None:
    """New articles once, one version for each edit, the withdrawn one gone."""
    wire.crawl()
    copy = tmp_path / "unkilled.db"
    wire.db.execute("vacuum into ?", [str(copy)])
    wire.advance()
    expected = unkilled(wire, copy)
    assert crawl_and_signal(wire, watch, request_number, signal.SIGKILL) == -signal.SIGKILL
    wire.crawl()
    assert difference(state(wire.db), expected) == {}
    assert len(wire.rows("select * from versions")) == 2
    assert len(wire.rows("select * from articles where gone_at is not null")) == 1


def test_killed_again_and_again_it_still_gets_there(pages: Wire, watch: Watch, unkilled_pages: Unkilled) -> None:
    wire = pages
    for request_number in (20, 15):
        crawl_and_signal(wire, watch, request_number, signal.SIGKILL)
    wire.crawl()
    assert difference(state(wire.db), unkilled_pages.expected) == {}
    before = wire.dump()
    wire.crawl()
    assert wire.dump() == before


def test_a_killed_run_holds_no_lock(wire: Wire, watch: Watch) -> None:
    crawl_and_signal(wire, watch, 2, signal.SIGKILL)
    with crawling.lock(wire.path), pytest.raises(LockedError), crawling.lock(wire.path):
        pytest.fail("two runs hold the archive")


def test_a_run_that_is_asked_to_stop_says_so_and_is_completed_by_the_next(
    pages: Wire, watch: Watch, unkilled_pages: Unkilled
) -> None:
    wire = pages
    crawl_and_signal(wire, watch, 30, signal.SIGTERM)
    verdicts = {row["verdict"] for row in wire.rows("select verdict from crawls")}
    assert "stopped" in verdicts
    assert verdicts <= {"ok", "stopped", "unchanged"}
    wire.crawl()
    assert difference(state(wire.db), unkilled_pages.expected) == {}
