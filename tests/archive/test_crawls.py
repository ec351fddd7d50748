from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlite_utils import Database

from orebro_spiders.archive.crawls import (
    MAX_PROBLEMS,
    Crawl,
    Problem,
    Standing,
    Verdict,
    Walk,
    crawls_of_run,
    is_due,
    last_crawl,
    last_success,
    may_ask,
    standings,
    store_crawl,
    store_cursor,
    store_rung,
    unread,
    verdict_of,
    walk_of,
)
from orebro_spiders.archive.database import transaction
from tests.archive.newsroom import BATH, DAY, HOUR, MINUTE, NOW, article, read, rows

STATES = ("is_stopped", "is_waiting", "is_broken")


def crawl(started_at: datetime = NOW, **said: Any) -> Crawl:
    return Crawl(**{"run": "r1", "source": "bladet", "started_at": started_at, **said})


@pytest.mark.parametrize(
    ("counted", "states", "verdict"),
    [
        ({}, (), "unchanged"),
        ({"seen": 20, "unchanged": 1}, (), "unchanged"),
        ({"seen": 20, "duplicates": 3}, (), "unchanged"),
        ({"seen": 20, "new": 1}, (), "ok"),
        ({"seen": 20, "changed": 1}, (), "ok"),
        ({"gone": 1}, (), "ok"),
        ({}, ("is_broken",), "failing"),
        ({"seen": 20, "new": 3}, ("is_broken",), "failing"),
        ({}, ("is_waiting",), "waiting"),
        ({"seen": 20, "new": 3}, ("is_waiting",), "ok"),
        ({"seen": 20}, ("is_waiting",), "unchanged"),
        ({}, ("is_waiting", "is_broken"), "waiting"),
        ({"seen": 20}, ("is_waiting", "is_broken"), "failing"),
        ({}, ("is_stopped",), "stopped"),
        ({"seen": 20, "new": 3}, STATES, "stopped"),
    ],
)
def test_what_a_crawl_was_worth(counted: dict[str, int], states: tuple[str, ...], verdict: Verdict) -> None:
    said = {state: state in states for state in STATES}
    assert verdict_of(crawl(**counted), **said) == verdict


def test_a_row_holds_all_of_a_crawl(db: Database) -> None:
    counts = dict.fromkeys(("requests", "bytes", "unchanged", "seen", "new", "changed", "duplicates", "gone"), 0)
    whole = crawl(
        finished_at=NOW + MINUTE,
        verdict="failing",
        rung="feed",
        seconds=61.25,
        problems=[Problem(url=BATH, problem="svarade ”500” på en å")],
        **{name: number for number, name in enumerate(counts, start=1)},
    )
    store_crawl(db, whole)
    assert last_crawl(db, "bladet") == whole
    assert rows(db, "crawls")[0]["problems"] == f'[{{"url": "{BATH}", "problem": "svarade ”500” på en å"}}]'


def test_a_crawl_that_did_not_end_has_no_end(db: Database) -> None:
    store_crawl(db, crawl())
    kept = last_crawl(db, "bladet")
    assert kept is not None
    assert (kept.finished_at, kept.verdict, kept.problems) == (None, None, [])


def test_a_row_holds_a_hundred_problems_at_most(db: Database) -> None:
    store_crawl(db, crawl(problems=[Problem(url=f"{BATH}-{n}", problem="svarade 500") for n in range(250)]))
    kept = last_crawl(db, "bladet")
    assert kept is not None
    assert [problem.url for problem in kept.problems] == [f"{BATH}-{n}" for n in range(MAX_PROBLEMS)]


def test_the_last_crawl_is_the_one_begun_last(db: Database) -> None:
    for hour, run in ((2, "r2"), (1, "r1"), (2, "r3")):
        store_crawl(db, crawl(NOW + hour * HOUR, run=run))
    store_crawl(db, crawl(NOW + DAY, source="kuriren"))
    kept = last_crawl(db, "bladet")
    assert kept is not None
    assert kept.run == "r3"
    assert last_crawl(db, "tidningen") is None


def test_a_run_has_a_row_for_each_source_in_the_order_they_ended(db: Database) -> None:
    for source in ("kuriren", "bladet", "polisen"):
        store_crawl(db, crawl(source=source))
    store_crawl(db, crawl(run="r2"))
    assert [one.source for one in crawls_of_run(db, "r1")] == ["kuriren", "bladet", "polisen"]
    assert crawls_of_run(db, "r9") == []


def test_the_last_success_is_the_last_that_did_not_fail(db: Database) -> None:
    assert last_success(db, "bladet") is None
    verdicts: tuple[Verdict, ...] = ("ok", "unchanged", "failing", "waiting", "stopped")
    for hour, verdict in enumerate(verdicts):
        store_crawl(db, crawl(NOW + hour * HOUR, finished_at=NOW + hour * HOUR + MINUTE, verdict=verdict))
    assert last_success(db, "bladet") == NOW + HOUR + MINUTE
    assert last_success(db, "kuriren") is None


@pytest.mark.parametrize(
    ("last", "every", "due"),
    [
        (None, 86_400, True),
        (crawl(NOW - 2 * MINUTE), 120, True),
        (crawl(NOW - 2 * MINUTE), 121, False),
        (crawl(NOW), 0, True),
        (crawl(NOW - MINUTE, finished_at=NOW), 60, True),
        (crawl(NOW + DAY), 60, False),
    ],
    ids=["never", "just due", "a second too early", "always", "counted from its beginning", "a clock put back"],
)
def test_a_source_may_be_asked_again_after_its_floor(last: Crawl | None, every: float, due: bool) -> None:
    assert may_ask(last, every, NOW) is due


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        (crawl(NOW), True),
        (crawl(NOW - HOUR, due_at=NOW), True),
        (crawl(NOW - HOUR, due_at=NOW + MINUTE), False),
        (crawl(NOW + DAY, due_at=NOW + DAY), True),
    ],
    ids=["never", "by an older version", "just due", "a minute early", "a clock put back"],
)
def test_a_source_is_due_by_its_own_rhythm(last: Crawl | None, due: bool) -> None:
    assert is_due(last, NOW) is due


# Walks


def test_a_walk_that_never_began(db: Database) -> None:
    assert walk_of(db, "bladet") == Walk()


def test_cursor_and_rung_do_not_erase_each_other(db: Database) -> None:
    with transaction(db):
        store_cursor(db, "bladet", '{"page": 2}')
    store_rung(db, "bladet", "feed", NOW)
    with transaction(db):
        store_cursor(db, "bladet", '{"page": 3}')
    assert walk_of(db, "bladet") == Walk(rung="feed", rung_at=NOW, cursor='{"page": 3}')
    assert walk_of(db, "kuriren") == Walk()


def test_a_rung_is_dated_from_when_it_was_last_said_to_work(db: Database) -> None:
    for hour, rung in enumerate(("feed", "feed", "rest")):
        store_rung(db, "bladet", rung, NOW + hour * HOUR)
        assert walk_of(db, "bladet") == Walk(rung=rung, rung_at=NOW + hour * HOUR)


def test_a_cursor_that_did_not_move_writes_nothing(db: Database) -> None:
    with transaction(db):
        store_cursor(db, "bladet", "{}")
    written = db.conn.total_changes
    with transaction(db):
        store_cursor(db, "bladet", "{}")
    assert db.conn.total_changes == written


# In short, for all sources at once


def log(db: Database, source: str, *crawls: tuple[datetime, Verdict]) -> None:
    for at, verdict in crawls:
        store_crawl(db, crawl(at, source=source, finished_at=at, verdict=verdict))


def test_what_the_log_says_of_each_source_in_short(db: Database) -> None:
    log(db, "bladet", (NOW - DAY, "failing"), (NOW - HOUR, "unchanged"), (NOW, "waiting"))
    log(db, "kuriren", (NOW - DAY, "ok"), (NOW - HOUR, "failing"))
    read(db, article(published=NOW - 3 * HOUR))
    assert standings(db, ["kuriren", "bladet", "tyst"]) == [
        Standing("kuriren", True, NOW - HOUR, None),
        Standing("bladet", False, NOW, NOW - 3 * HOUR),
        Standing("tyst", None, None, None),
    ]


def test_a_span_is_unread_when_the_source_was_asked_in_it_and_never_read(db: Database) -> None:
    log(db, "bladet", (NOW - 3 * HOUR, "failing"), (NOW - 2 * HOUR, "failing"), (NOW - HOUR, "failing"), (NOW, "ok"))
    log(db, "kuriren", (NOW - 3 * HOUR, "failing"), (NOW - 3 * HOUR + MINUTE, "unchanged"), (NOW - HOUR, "stopped"))
    hours = [NOW - back * HOUR for back in (4, 3, 2, 1, 0)]
    spans = [(since, since + HOUR) for since in hours]
    found = {("bladet", NOW - back * HOUR) for back in (3, 2, 1)}
    assert unread(db, ["bladet", "kuriren", "tyst"], spans) == found
    assert unread(db, ["bladet"], [(NOW - 2 * HOUR, NOW + HOUR)]) == set()
