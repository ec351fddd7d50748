from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from orebro_spiders.archive.crawls import Crawl, Problem, Verdict, store_crawl
from orebro_spiders.archive.database import open_archive
from orebro_spiders.desk.verdicts import health_of
from orebro_spiders.sources import Source
from tests.archive.newsroom import DAY, HOUR, NOW, article, read

BLADET = Source(name="bladet", title="Bladet", platform="feed", url="https://bladet.example/", max_silence="3d")


def verdict(last: Verdict | None, newest: timedelta | None, max_silence: str = "3d") -> str:
    db = open_archive(None)
    if last:
        store_crawl(db, Crawl(run="r1", source="bladet", started_at=NOW - HOUR, finished_at=NOW - HOUR, verdict=last))
    if newest is not None:
        read(db, article(published=NOW - newest))
    source = Source(**{name: getattr(BLADET, name) for name in Source.__struct_fields__} | {"max_silence": max_silence})
    return health_of(db, source, NOW).verdict


@pytest.mark.parametrize(
    ("last", "newest", "expected"),
    [
        (None, None, "never read"),
        ("ok", 2 * DAY, "ok"),
        ("unchanged", 3 * DAY, "unchanged"),
        ("unchanged", 3 * DAY + HOUR, "silent"),
        ("ok", 3 * DAY + HOUR, "silent"),
        ("unchanged", None, "silent"),
        ("failing", 9 * DAY, "failing"),
        ("waiting", 9 * DAY, "waiting"),
    ],
)
def test_a_source_is_silent_when_its_news_stops(last: Verdict | None, newest: timedelta | None, expected: str) -> None:
    assert verdict(last, newest) == expected


def test_a_source_of_which_nothing_is_expected_is_never_silent() -> None:
    assert verdict("unchanged", 400 * DAY, max_silence="") == "unchanged"


def test_the_last_success_and_problem_are_told() -> None:
    db = open_archive(None)
    problem = Problem(url=BLADET.url, problem="answered 500")
    for hours, last, problems in ((5, "ok", []), (1, "failing", [problem])):
        when: datetime = NOW - hours * HOUR
        crawl = Crawl(run=f"r{hours}", source="bladet", started_at=when, finished_at=when, problems=problems)
        crawl.verdict = "ok" if last == "ok" else "failing"
        store_crawl(db, crawl)
    health = health_of(db, BLADET, NOW)
    assert (health.last_crawl, health.last_success, health.problem) == (NOW - HOUR, NOW - 5 * HOUR, problem)
