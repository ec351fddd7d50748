from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlite_utils import Database

from feeds.archives import archives
from feeds.channels import ATOM, FORMATS, LEAST, MOST, RSS, WINDOW, channels, in_window, members_of
from feeds.topics import topics, topics_of
from orebro_spiders.archive.articles import Held, by_pk
from orebro_spiders.archive.database import instant_text
from orebro_spiders.reading.places import MUNICIPALITIES
from orebro_spiders.sources import SavedFeed
from tests.feeds.county import NOW, SOURCES, article, filled, settings


def titles_in(db: Database, name: str) -> list[str]:
    channel = next(channel for channel in channels(settings()) if channel.name == name)
    archive = archives(db, [channel]).get(name)
    held = by_pk(db, [member.pk for member in members_of(channel, db, archive.left if archive else ())])
    return [one.title for one in sorted(held.values(), key=lambda one: one.published, reverse=True)]


def held(number: int, first_seen: datetime = NOW) -> Held:
    """As `article`: published so many minutes before `NOW`."""
    return Held(number, 1, NOW - timedelta(minutes=number), first_seen)


def test_combined_first_then_every_enabled_source() -> None:
    off = msgspec.structs.replace(SOURCES["tyst"], enabled=False)
    config = msgspec.structs.replace(settings(), sources={**SOURCES, "tyst": off})
    names = [channel.name for channel in channels(config)]
    assert names[:4] == ["alla", "kalla/bladet", "kalla/polisen", "kalla/regionen"]
    assert not [name for name in names[4:] if name.startswith("kalla/")]


def test_one_for_every_kind_municipality_and_topic() -> None:
    """Addresses that people subscribe to: this list may grow, and nothing in it may change."""
    names = [channel.name for channel in channels(settings())][1 + len(SOURCES) :]
    assert names == [
        "stories", "slag/nyheter", "slag/pressmeddelanden", "slag/notiser",
        "kommun/askersund", "kommun/degerfors", "kommun/hallsberg", "kommun/hallefors", "kommun/karlskoga",
        "kommun/kumla", "kommun/laxa", "kommun/lekeberg", "kommun/lindesberg", "kommun/ljusnarsberg", "kommun/nora",
        "kommun/orebro",
        "amne/brott-olyckor", "amne/politik", "amne/naringsliv", "amne/kultur", "amne/sport", "amne/skola",
        "amne/vard", "amne/trafik", "amne/miljo", "amne/bygge-boende",
    ]  # fmt: skip


def test_kinds_municipalities_and_topics_hold_what_is_theirs() -> None:
    db = filled([
        article(1, municipalities=("Örebro", "Laxå"), categories=("Innebandy", "SPORT")),
        article(2, municipalities=("Laxå",), categories=("Nyheter", "Okänd")),
        article(3, kind="press", categories=("Vård & omsorg", "Trafik")),
    ])  # fmt: skip
    expected = {
        "slag/nyheter": ["Rubrik 1", "Rubrik 2"], "slag/pressmeddelanden": ["Rubrik 3"], "slag/notiser": [],
        "kommun/laxa": ["Rubrik 1", "Rubrik 2"], "kommun/orebro": ["Rubrik 1"], "kommun/nora": [],
        "amne/sport": ["Rubrik 1"], "amne/vard": ["Rubrik 3"], "amne/trafik": ["Rubrik 3"], "amne/kultur": [],
    }  # fmt: skip
    assert {name: titles_in(db, name) for name in expected} == expected


def test_what_an_article_is_about_may_be_told_better_later() -> None:
    db = filled([article(1, municipalities=("Kumla",), categories=("Sport",))])
    db.execute("update articles set municipalities = '[\"Nora\"]', categories = '[\"Film\"]'")
    assert titles_in(db, "kommun/kumla") == titles_in(db, "amne/sport") == []
    assert titles_in(db, "kommun/nora") == titles_in(db, "amne/kultur") == ["Rubrik 1"]


def test_a_saved_query_holds_what_answers_it_newest_first() -> None:
    saved = {
        "badhus": SavedFeed(title=" Bad ", query="simhall* OR badhus"),
        "press-i-nora": SavedFeed(title="Press i Nora", query="", kind="press", municipality="Nora"),
        "tva-kallor": SavedFeed(title="Två", query="badet", source=("bladet", "polisen")),
    }
    config = msgspec.structs.replace(settings(), feeds=saved)
    db = filled([
        article(3, title="Ny simhallsvakt"),
        article(1, title="Badhuset öppnar", municipalities=("Nora",)),
        article(2, source="regionen", kind="press", title="Badet stänger", municipalities=("Nora",)),
        article(4, source="polisen", kind="notice", title="Larm på badet"),
    ])  # fmt: skip
    made = {channel.name: channel for channel in channels(config) if channel.group == "Egna frågor"}
    assert {name: channel.title for name, channel in made.items()} == {
        "fraga/badhus": "Bad", "fraga/press-i-nora": "Press i Nora", "fraga/tva-kallor": "Två"
    }  # fmt: skip
    held = {name: [one.pk for one in channel.query(db, limit=9)] for name, channel in made.items()}
    pk = {row[0]: row[1] for row in db.execute("select native_id, pk from articles")}
    assert held == {
        "fraga/badhus": [pk["1"], pk["3"]], "fraga/press-i-nora": [pk["2"]], "fraga/tva-kallor": [pk["4"]]
    }  # fmt: skip
    assert [one.pk for one in made["fraga/badhus"].query(db, limit=1)] == [pk["1"]]


def test_a_story_is_one_entry_the_first_that_stands() -> None:
    db = filled([article(number) for number in range(1, 6)])
    assert titles_in(db, "stories") == []
    for number, story in ((1, "branden"), (2, "branden"), (3, "branden"), (4, "badet")):
        db.execute("update articles set story = ? where title = ?", [story, f"Rubrik {number}"])
    assert titles_in(db, "stories") == ["Rubrik 3", "Rubrik 4"]
    db.execute("update articles set gone_at = ? where title = 'Rubrik 3'", [instant_text(NOW)])
    assert titles_in(db, "stories") == ["Rubrik 2", "Rubrik 4"]


def test_a_withdrawn_article_leaves_every_channel() -> None:
    db = filled([article(1, municipalities=("Kumla",), categories=("Sport",))])
    db.execute("update articles set gone_at = first_seen")
    assert [channel.name for channel in channels(settings()) if titles_in(db, channel.name)] == []


def test_no_category_has_two_topics_and_an_unknown_one_has_none() -> None:
    listed = [category for topic in topics() for category in topic.categories]
    assert len(set(listed)) == len(listed) > 200
    assert topics_of(["Nyheter", "Lokalt", "", "brott-olyckor"]) == ()
    assert [topic.name for topic in topics_of(["sport", "Kultur  &  Nöje", "Fotboll"])] == ["sport", "kultur"]


def test_municipalities_are_the_twelve() -> None:
    assert {channel.title.partition(":")[0] for channel in channels(settings()) if channel.group == "Kommuner"} == set(
        MUNICIPALITIES
    )


def test_no_two_files_have_one_name() -> None:
    paths = [channel.path(form) for channel in channels(settings()) for form in FORMATS]
    assert len(set(paths)) == len(paths)


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
    old = [held(n, NOW - WINDOW - timedelta(seconds=1)) for n in range(1, LEAST + 30)]
    assert [one.pk for one in in_window([held(0), *old])] == list(range(LEAST))


def test_window_ends_with_the_archive_not_the_clock() -> None:
    """What was first seen late is held although it was published long before the rest."""
    early = NOW - timedelta(days=2000)
    many = [held(n, early) for n in range(LEAST)]
    late = held(9000, early + timedelta(hours=1))
    before = held(9001, early - timedelta(hours=48))
    assert in_window([*many, late, before])[LEAST:] == [late]
    assert in_window([]) == []
