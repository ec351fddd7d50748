"""The record of each source."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orebro_spiders.archive.crawls import Crawl, Verdict, store_crawl
from orebro_spiders.archive.database import open_archive
from orebro_spiders.desk.records import DAYS, Condition, Record, conditions, records
from orebro_spiders.sources import Source
from tests.archive.newsroom import DAY, HOUR, NOW, article, read

BLADET = Source(name="bladet", title="Bladet", platform="feed", url="https://bladet.example/", max_silence="3d")


def record_of(crawls: list[tuple[timedelta, Verdict]], published: list[timedelta]) -> Record:
    db = open_archive(None)
    for ago, verdict in crawls:
        when = NOW - ago
        store_crawl(db, Crawl(run=str(ago), source="bladet", started_at=when, finished_at=when, verdict=verdict))
    for number, ago in enumerate(published):
        read(db, article(f"https://bladet.example/{number}", title=f"Nyhet {number}", text="", published=NOW - ago))
    conditions_now, found = records(db, [BLADET])
    assert conditions_now == conditions(db, [BLADET])
    return found["bladet"]


@pytest.mark.parametrize(
    ("crawls", "newest", "condition"),
    [
        ([], HOUR, "never read"),
        ([(HOUR, "ok")], HOUR, "well"),
        ([(HOUR, "unchanged")], 4 * DAY, "silent"),
        ([(HOUR, "failing")], HOUR, "failing"),
        ([(2 * HOUR, "failing"), (HOUR, "ok")], HOUR, "well"),
        ([(2 * HOUR, "failing"), (HOUR, "stopped")], HOUR, "failing"),
        ([(2 * HOUR, "unchanged"), (HOUR, "waiting")], HOUR, "well"),
        ([(HOUR, "stopped")], HOUR, "never read"),
    ],
)
def test_condition(crawls: list[tuple[timedelta, Verdict]], newest: timedelta, condition: Condition) -> None:
    assert record_of(crawls, [newest]).condition == condition


def test_the_last_days_end_with_that_of_the_newest_crawl() -> None:
    record = record_of([(timedelta(), "ok")], [HOUR, 2 * HOUR, DAY, (DAYS - 1) * DAY, (DAYS + 2) * DAY])
    assert len(record.published) == DAYS
    assert (record.published[-2:], record.published[0], sum(record.published)) == ((1, 2), 1, 4)
    assert record.last_published == NOW - HOUR


def test_a_day_is_unread_when_nothing_succeeded_on_it() -> None:
    record = record_of([(DAY, "failing"), (DAY - HOUR, "failing"), (2 * HOUR, "failing"), (HOUR, "unchanged")], [HOUR])
    assert record.unread[-2:] == (True, False)
    assert sum(record.unread) == 1


def test_conditions_change_with_the_day_and_not_with_every_crawl() -> None:
    db = open_archive(None)
    assert conditions(db, [BLADET]).day is None
    read(db, article(published=NOW - HOUR))
    seen = []
    for ago in (DAY + HOUR, DAY, HOUR, timedelta()):
        when = NOW - ago
        store_crawl(db, Crawl(run=str(ago), source="bladet", started_at=when, finished_at=when, verdict="unchanged"))
        seen.append(conditions(db, [BLADET]))
    assert seen[0] == seen[1] != seen[2] == seen[3]
    assert seen[-1].day == date.fromisoformat(NOW.date().isoformat())
