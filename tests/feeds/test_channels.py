from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlite_utils import Database

from feeds.channels import ATOM, LEAST, MOST, RSS, WINDOW, articles_of, channels, in_window
from tests.feeds.county import NOW, SOURCES, article, filled, settings, stored


def titles_in(db: Database, name: str) -> list[str]:
    channel = next(channel for channel in channels(settings()) if channel.name == name)
    return [one.title for one in articles_of(channel, db)]


def test_combined_first_then_every_enabled_source() -> None:
    off = msgspec.structs.replace(SOURCES["tyst"], enabled=False)
    config = msgspec.structs.replace(settings(), sources={**SOURCES, "tyst": off})
    assert [channel.name for channel in channels(config)] == [
        "alla", "kalla/bladet", "kalla/polisen", "kalla/regionen",
    ]  # fmt: skip


def test_names_titles_and_descriptions_differ() -> None:
    made = channels(settings())
    assert len({channel.name for channel in made}) == len({channel.title for channel in made}) == len(made)
    assert all(channel.description.endswith(".") for channel in made)
    assert made[0].title == "Örebro just nu"
    assert (made[0].path(RSS), made[1].path(ATOM)) == ("alla.rss", "kalla/bladet.atom")


def test_a_blank_site_title_still_gives_one() -> None:
    assert channels(settings(title=" "))[0].title == "Nyheter från Örebro län"


def test_holds_what_stands_and_is_no_duplicate(county: Database) -> None:
    held = titles_in(county, "alla")
    assert held.count("Samma ord") == 1
    assert "Borttagen" not in held
    assert "Stöld, Nora" in held
    assert titles_in(county, "kalla/polisen") == ["Stöld, Nora"]
    assert titles_in(county, "kalla/tyst") == []


def test_freshly_filled_archive_of_300_is_held_whole() -> None:
    db = filled(article(number) for number in range(300))
    assert titles_in(db, "alla") == [f"Rubrik {number}" for number in range(300)]


def test_never_more_than_most() -> None:
    db = filled(article(number) for number in range(MOST + 50))
    assert len(titles_in(db, "alla")) == MOST


def test_hourly_poller_misses_nothing() -> None:
    """Each hour twenty new ones: what came since the last hour is always there, and so is all of two days."""
    db, at = None, NOW
    for hour in range(60):
        at = NOW + timedelta(hours=hour)
        numbers = range(hour * 20, hour * 20 + 20)
        db = filled((article(n, published=at - timedelta(minutes=n % 20)) for n in numbers), at, db)
        assert db is not None
    assert db is not None
    held = titles_in(db, "alla")
    assert {f"Rubrik {number}" for number in range(60 * 20 - 500, 60 * 20)} <= set(held)


def test_at_least_the_newest_however_old_they_are() -> None:
    old = [stored(n, first_seen=NOW - WINDOW - timedelta(seconds=1)) for n in range(1, LEAST + 30)]
    held = in_window([stored(0), *old])
    assert [one.title for one in held] == [f"Rubrik {number}" for number in range(LEAST)]


def test_window_ends_with_the_archive_not_the_clock() -> None:
    """What was first seen late is held although it was published long before the rest."""
    early = NOW - timedelta(days=2000)
    many = [stored(n, first_seen=early) for n in range(LEAST)]
    late = stored(9000, first_seen=early + timedelta(hours=1))
    before = stored(9001, first_seen=early - timedelta(hours=48))
    assert in_window([*many, late, before])[LEAST:] == [late]
    assert in_window([]) == []
