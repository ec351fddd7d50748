from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from orebro_spiders.archive.database import open_archive, transaction
from orebro_spiders.archive.fetches import (
    CONFIRM_PAUSE,
    FIRST_PAUSE,
    LOOK_AGAIN,
    TRIES,
    Host,
    done,
    fetch_of,
    host_of,
    is_confirmed,
    looked_at,
    miss,
    missing,
    pause_host,
    put_off,
    stop_looking,
    store_fetch,
    store_robots,
    take_over_hosts,
    want,
    want_again,
    wanted,
    was_looked_at,
)
from orebro_spiders.items import Fetch
from tests.archive.newsroom import BATH, DAY, FRONT, HOUR, MINUTE, NOW, fetched, rows

ROBOTS = "User-agent: *\nDisallow: /sök\n"


# Validators


def test_validators_come_back_as_they_were(db: Database) -> None:
    full = Fetch(url=FRONT, etag='W/"å1"', last_modified="Sat, 22 Aug 2026 10:00:00 GMT", body_hash="b1", status=200)
    store_fetch(db, full, "bladet", NOW)
    assert fetch_of(db, FRONT) == full
    assert fetch_of(db, BATH) is None


def test_newer_validators_replace_older_ones_and_lost_ones_are_forgotten(db: Database) -> None:
    store_fetch(db, fetched(last_modified="Sat, 22 Aug 2026 10:00:00 GMT"), "bladet", NOW)
    store_fetch(db, Fetch(url=FRONT, body_hash="b2"), "bladet", NOW + HOUR)
    assert fetch_of(db, FRONT) == Fetch(url=FRONT, body_hash="b2")
    assert len(rows(db, "fetches")) == 1


def test_a_page_that_is_only_wanted_has_no_validators(db: Database) -> None:
    with transaction(db):
        want(db, [BATH], "bladet")
    assert fetch_of(db, BATH) is None


# Wanted pages


def test_wanted_pages_are_due_at_once_and_only_to_their_source(db: Database) -> None:
    with transaction(db):
        want(db, [f"{BATH}-2", BATH], "bladet")
        want(db, ["https://kuriren.example/1"], "kuriren")
    assert wanted(db, "bladet", NOW) == [BATH, f"{BATH}-2"]
    assert wanted(db, "kuriren", NOW) == ["https://kuriren.example/1"]


def test_a_page_that_was_read_is_not_wanted_again_by_a_list(db: Database) -> None:
    store_fetch(db, fetched(BATH), "bladet", NOW)
    with transaction(db):
        want(db, [BATH], "bladet")
    assert wanted(db, "bladet", NOW + DAY) == []
    assert fetch_of(db, BATH) == fetched(BATH)


def test_a_wanted_page_that_was_put_off_is_not_wanted_sooner_by_a_list(db: Database) -> None:
    with transaction(db):
        want(db, [BATH], "bladet")
        put_off(db, BATH, 503, NOW)
        want(db, [BATH], "bladet")
    assert wanted(db, "bladet", NOW) == []


def test_a_page_that_failed_waits_twice_as_long_each_time_and_is_given_up(db: Database) -> None:
    with transaction(db):
        want(db, [BATH], "bladet")
    now, pauses = NOW, []
    for _ in range(TRIES - 1):
        put_off(db, BATH, 503, now)
        pause = next(n for n in range(2000) if wanted(db, "bladet", now + n * MINUTE))
        pauses.append(pause)
        now += pause * MINUTE
    assert pauses == [10, 20, 40, 80, 160, 320, 640]
    put_off(db, BATH, 503, now)
    assert wanted(db, "bladet", now + 365 * DAY) == []


def test_a_page_that_was_given_up_is_not_among_the_missing(db: Database) -> None:
    with transaction(db):
        want(db, [BATH], "bladet")
    for hour in range(TRIES):
        put_off(db, BATH, 503, NOW + hour * HOUR)
    assert missing(db, "bladet", NOW + 30 * DAY) == []


@pytest.mark.parametrize("known", [True, False], ids=["a page that was read", "a page that nobody wanted"])
def test_only_wanted_pages_are_put_off(db: Database, known: bool) -> None:
    if known:
        store_fetch(db, fetched(BATH), "bladet", NOW)
    before = rows(db, "fetches")
    put_off(db, BATH, 503, NOW + HOUR)
    assert rows(db, "fetches") == before


def test_reading_a_page_ends_its_troubles(db: Database) -> None:
    with transaction(db):
        want(db, [BATH], "bladet")
        put_off(db, BATH, 503, NOW)
    store_fetch(db, fetched(BATH), "bladet", NOW + HOUR)
    assert wanted(db, "bladet", NOW + DAY) == []
    with transaction(db):
        want_again(db, BATH, "bladet")
        put_off(db, BATH, 503, NOW + 2 * HOUR)
    assert wanted(db, "bladet", NOW + 2 * HOUR + FIRST_PAUSE) == [BATH]


def test_redirecting_addresses_are_done_and_others_untouched(db: Database) -> None:
    with transaction(db):
        want(db, ["http://bladet.example/?p=1", BATH], "bladet")
        store_fetch(db, fetched(FRONT), "bladet", NOW)
        done(db, ["http://bladet.example/?p=1", FRONT, "https://bladet.example/okand"], NOW + HOUR)
    assert wanted(db, "bladet", NOW + DAY) == [BATH]
    kept = {row["url"]: row["checked_at"] for row in rows(db, "fetches")}
    assert kept == {
        BATH: None,
        FRONT: "2026-08-22T12:00:00Z",
        "http://bladet.example/?p=1": "2026-08-22T13:00:00Z",
    }


@pytest.mark.parametrize("known", [True, False], ids=["a page that was fetched", "a page that never was"])
def test_wanted_again_is_asked_at_once_and_without_validators(db: Database, known: bool) -> None:
    if known:
        store_fetch(db, fetched(BATH), "bladet", NOW)
    want_again(db, BATH, "bladet")
    assert wanted(db, "bladet", NOW) == [BATH]
    assert fetch_of(db, BATH) is None


# Missing pages


@pytest.mark.parametrize(
    ("misses", "span", "confirmed"),
    [
        (1, timedelta(days=30), False),
        (2, timedelta(days=30), False),
        (3, timedelta(hours=23, minutes=59), False),
        (3, timedelta(hours=24), True),
        (9, timedelta(hours=1), False),
        (4, timedelta(days=2), True),
    ],
)
def test_three_misses_over_a_day(misses: int, span: timedelta, confirmed: bool) -> None:
    assert is_confirmed(misses, span) is confirmed


def test_a_missing_page_is_due_after_a_pause(db: Database) -> None:
    store_fetch(db, fetched(BATH), "bladet", NOW)
    assert not miss(db, BATH, "bladet", 404, NOW)
    assert missing(db, "bladet", NOW + CONFIRM_PAUSE - MINUTE) == []
    assert missing(db, "bladet", NOW + CONFIRM_PAUSE) == [BATH]
    assert missing(db, "kuriren", NOW + CONFIRM_PAUSE) == []


def test_a_page_that_was_never_fetched_may_be_missing(db: Database) -> None:
    """Its text came with the feed."""
    assert [miss(db, BATH, "bladet", 404, NOW + hours * HOUR) for hours in (0, 12, 24)] == [False, False, True]


@pytest.mark.parametrize("end", ["looked at", "confirmed", "read"])
def test_looking_ends(db: Database, end: str) -> None:
    miss(db, BATH, "bladet", 404, NOW)
    if end == "looked at":
        looked_at(db, BATH, "bladet", NOW + HOUR)
    elif end == "confirmed":
        stop_looking(db, BATH)
    else:
        store_fetch(db, fetched(BATH), "bladet", NOW + HOUR)
    assert missing(db, "bladet", NOW + 30 * DAY) == []
    assert [miss(db, BATH, "bladet", 404, NOW + days * DAY) for days in (30, 31, 32)] == [False, False, True]


@pytest.mark.parametrize("before", ["wanted", "wanted again", "redirected"])
def test_failures_are_no_misses(db: Database, before: str) -> None:
    """A 5xx, a time-out or a challenge page says nothing about the article."""
    with transaction(db):
        if before == "wanted again":
            miss(db, BATH, "bladet", 404, NOW - DAY)
            want_again(db, BATH, "bladet")
        else:
            want(db, [BATH], "bladet")
        for hour in range(3):
            put_off(db, BATH, 503, NOW + hour * HOUR)
        if before == "redirected":
            done(db, [BATH], NOW + 4 * HOUR)
    assert [miss(db, BATH, "bladet", 404, NOW + days * DAY) for days in (1, 3)] == [False, False]
    assert miss(db, BATH, "bladet", 404, NOW + 4 * DAY)


def test_a_page_that_is_wanted_stays_wanted_when_it_is_looked_at(db: Database) -> None:
    """It fell out of its list before its text could be read, and is there."""
    with transaction(db):
        want(db, [BATH], "bladet")
        put_off(db, BATH, 503, NOW)
        looked_at(db, BATH, "bladet", NOW + HOUR)
    assert wanted(db, "bladet", NOW + DAY) == [BATH]


@pytest.mark.parametrize(
    ("since", "later", "looked"),
    [
        (-HOUR, HOUR, True),
        (-HOUR, LOOK_AGAIN - MINUTE, True),
        (-HOUR, LOOK_AGAIN, False),
        (HOUR, 2 * HOUR, False),
        (timedelta(0), HOUR, False),
    ],
    ids=["an hour ago", "just lately enough", "a day ago", "before it was last seen", "as it was last seen"],
)
def test_was_looked_at(db: Database, since: timedelta, later: timedelta, looked: bool) -> None:
    looked_at(db, BATH, "bladet", NOW)
    assert was_looked_at(db, BATH, NOW + since, NOW + later) is looked


def test_what_was_never_looked_at(db: Database) -> None:
    with transaction(db):
        want(db, [BATH], "bladet")
    assert not was_looked_at(db, BATH, NOW - DAY, NOW)
    assert not was_looked_at(db, FRONT, NOW - DAY, NOW)


# Hosts


def test_a_host_nobody_asked_has_said_nothing(db: Database) -> None:
    assert host_of(db, "bladet.example") == Host(host="bladet.example")


def test_a_pause_is_remembered_across_runs(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "news.db")
    pause_host(db, "bladet.example:8080", NOW + HOUR, "status 429")
    db.close()
    host = host_of(open_archive(tmp_path / "news.db"), "bladet.example:8080")
    assert (host.not_before, host.reason) == (NOW + HOUR, "status 429")


def test_the_last_word_on_a_pause_counts(db: Database) -> None:
    pause_host(db, "bladet.example", NOW + DAY, "status 503")
    pause_host(db, "bladet.example", NOW + HOUR, "status 429")
    assert host_of(db, "bladet.example").not_before == NOW + HOUR


@pytest.mark.parametrize("robots_first", [True, False])
def test_pause_and_robots_do_not_erase_each_other(db: Database, robots_first: bool) -> None:
    if robots_first:
        store_robots(db, "bladet.example", ROBOTS, 200, NOW)
    pause_host(db, "bladet.example", NOW + HOUR, "status 429")
    if not robots_first:
        store_robots(db, "bladet.example", ROBOTS, 200, NOW)
    assert host_of(db, "bladet.example") == Host(
        host="bladet.example",
        not_before=NOW + HOUR,
        reason="status 429",
        robots=ROBOTS,
        robots_status=200,
        robots_at=NOW,
    )


def test_a_host_may_have_no_robots(db: Database) -> None:
    store_robots(db, "bladet.example", ROBOTS, 200, NOW)
    store_robots(db, "bladet.example", None, 404, NOW + DAY)
    host = host_of(db, "bladet.example")
    assert (host.robots, host.robots_status, host.robots_at) == (None, 404, NOW + DAY)


def test_hosts_are_taken_over_from_another_archive(db: Database) -> None:
    theirs = open_archive(None)
    store_robots(theirs, "bladet.example", ROBOTS, 200, NOW)
    pause_host(theirs, "bladet.example", NOW + HOUR, "status 429")
    store_robots(db, "bladet.example", "gammal", 200, NOW)
    store_robots(db, "annat.example", "egen", 200, NOW)
    take_over_hosts(db, theirs)
    assert host_of(db, "bladet.example") == host_of(theirs, "bladet.example")
    assert host_of(db, "annat.example").robots == "egen"
    theirs.close()
