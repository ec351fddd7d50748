from __future__ import annotations

from datetime import timedelta

import pytest
from sqlite_utils import Database

from orebro_spiders.archive.crawls import Crawl, Verdict, store_crawl
from orebro_spiders.archive.fetches import pause_host
from orebro_spiders.archive.rhythm import LONGEST, PATIENCE, SHORTEST, next_crawl
from tests.archive.newsroom import DAY, HOUR, MINUTE, NOW, article, read

HOST = "bladet.example"


def pause(db: Database, *verdicts: Verdict, fresh_for: timedelta = timedelta()) -> timedelta:
    """How long after the last of these crawls the source is due again."""
    *earlier, last = (
        Crawl(run=f"r{number}", source="bladet", started_at=NOW + number * MINUTE, verdict=verdict)
        for number, verdict in enumerate(verdicts)
    )
    db.execute("delete from crawls")
    for crawl in earlier:
        store_crawl(db, crawl)
    return next_crawl(db, last, HOST, fresh_for) - last.started_at


def publish_every(db: Database, gap: timedelta, count: int = 30) -> None:
    for number in range(count):
        read(db, article(f"https://{HOST}/{number}", title=f"Nyhet {number}", published=NOW - number * gap))


@pytest.mark.parametrize("verdicts", [("ok",), ("unchanged",), ("unchanged",) * PATIENCE, ("failing",), ("stopped",)])
def test_a_source_is_asked_in_every_run_at_first(db: Database, verdicts: tuple[Verdict, ...]) -> None:
    publish_every(db, DAY)
    assert pause(db, *verdicts) == timedelta()


def test_quiet_runs_make_patient_up_to_a_share_of_the_usual_gap(db: Database) -> None:
    publish_every(db, timedelta(minutes=48))
    quiet = ["unchanged"] * PATIENCE
    assert pause(db, *quiet, "unchanged") == SHORTEST
    assert pause(db, *quiet, *["unchanged"] * 2) == 2 * SHORTEST
    assert pause(db, *quiet, *["unchanged"] * 3) == timedelta(minutes=12)
    assert pause(db, *quiet, *["unchanged"] * 9) == timedelta(minutes=12)


@pytest.mark.parametrize(("gap", "patience"), [(MINUTE, SHORTEST), (7 * DAY, LONGEST)])
def test_patience_has_bounds(db: Database, gap: timedelta, patience: timedelta) -> None:
    publish_every(db, gap)
    assert pause(db, *["unchanged"] * 20) == patience


def test_news_ends_the_patience(db: Database) -> None:
    publish_every(db, DAY)
    assert pause(db, *["unchanged"] * 9, "ok") == timedelta()
    assert pause(db, *["unchanged"] * 9, "ok", "unchanged") == timedelta()


def test_a_source_that_fails_again_and_again_is_asked_less_often(db: Database) -> None:
    assert [pause(db, *["failing"] * times) for times in (1, 2, 3)] == [timedelta(), SHORTEST, 2 * SHORTEST]
    assert pause(db, *["failing"] * 20) == LONGEST


def test_what_the_source_says_of_itself_is_believed_within_bounds(db: Database) -> None:
    assert pause(db, "ok", fresh_for=20 * MINUTE) == 20 * MINUTE
    assert pause(db, "ok", fresh_for=365 * DAY) == LONGEST


def test_a_host_that_asked_for_a_pause_gets_it(db: Database) -> None:
    pause_host(db, HOST, NOW + 2 * HOUR, "status 429")
    assert pause(db, "waiting") == 2 * HOUR
