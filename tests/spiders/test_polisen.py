"""The police's events: one list, edited in place, where old events fall off the end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from orebro_spiders.spiders.polisen import municipality_of, read_event

if TYPE_CHECKING:
    from tests.conftest import Wire

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
URL = "https://polisen.se/api/events?locationname=%C3%96rebro%20l%C3%A4n"
EVENT: dict[str, Any] = {
    "id": 700001,
    "datetime": "2026-08-22 9:13:04 +02:00",
    "name": "22 augusti 09.05, Trafikolycka, singel, Nora",
    "summary": "En  bil har kört\xa0av vägen.",
    "url": "/aktuellt/handelser/2026/augusti/22/22-augusti-09.05-trafikolycka-singel-nora/",
    "type": "Trafikolycka, singel",
    "location": {"name": "Örebro län", "gps": "59.535036,15.006573"},
}


def test_an_event_is_read_whole() -> None:
    article = read_event(EVENT, URL, NOW)
    assert article is not None
    assert article.url == "https://polisen.se" + EVENT["url"]
    assert (article.native_id, article.title, article.summary) == (
        "700001",
        EVENT["name"],
        "En bil har kört av vägen.",
    )
    assert article.published == datetime(2026, 8, 22, 9, 13, 4, tzinfo=timezone(timedelta(hours=2)))
    assert (article.published_precision, article.published_from) == ("minute", "api")
    assert (article.categories, article.municipalities) == (("Trafikolycka, singel",), ("Nora",))


@pytest.mark.parametrize(
    ("stated", "instant"),
    [
        ("2026-08-22 9:13:04 +02:00", "2026-08-22T07:13:04+00:00"),
        ("2026-01-24 19:05:28 +01:00", "2026-01-24T18:05:28+00:00"),
        ("2026-03-29 2:30:00 +01:00", "2026-03-29T01:30:00+00:00"),
        ("2025-10-26 2:30:00 +02:00", "2025-10-26T00:30:00+00:00"),
        ("2025-10-26 2:30:00 +01:00", "2025-10-26T01:30:00+00:00"),
        ("2026-08-22 0:00:00 +02:00", "2026-08-21T22:00:00+00:00"),
    ],
)
def test_the_offset_is_believed(stated: str, instant: str) -> None:
    article = read_event(EVENT | {"datetime": stated}, URL, NOW)
    assert article is not None
    assert article.published is not None
    assert article.published.astimezone(UTC).isoformat() == instant


@pytest.mark.parametrize(
    ("name", "municipality"),
    [
        ("22 augusti 09.05, Trafikolycka, singel, Nora", "Nora"),
        ("1 maj 07:00, Brand, Hällefors", "Hällefors"),
        ("1 maj 07.00, Brand, ÖREBRO", "Örebro"),
        ("1 maj 07.00, Sammanfattning natt, Örebro län", None),
        ("1 maj 07.00, Brand, Västerås", None),
        ("Örebro", "Örebro"),
        ("", None),
    ],
)
def test_municipality_of(name: str, municipality: str | None) -> None:
    assert municipality_of(name) == municipality


def test_a_number_alone_makes_two_events_one(wire: Wire) -> None:
    """Name and address follow the type, which the police correct ("Misshandel" becomes "Mord/dråp, försök")."""
    wire.site("polisen").answer("/api/events", body=json.dumps([EVENT]).encode())
    wire.crawl("polisen")
    (before,) = wire.articles("polisen").values()
    corrected = EVENT | {"name": "22 augusti 09.05, Rattfylleri, Nora", "url": "/aktuellt/rattfylleri-nora/"}
    wire.site("polisen").answer("/api/events", body=json.dumps([corrected]).encode())
    crawl = wire.crawl("polisen")["polisen"]
    (after,) = wire.articles("polisen").values()
    assert (crawl.new, crawl.changed, after.id) == (0, 1, before.id)
    assert after.title == corrected["name"]
    assert [row["title"] for row in wire.rows("select title from versions")] == [EVENT["name"]]


def test_the_same_words_on_two_mornings_are_two_events(wire: Wire) -> None:
    words = "Nedan följer ett urval av nattens händelser."
    events = [
        EVENT
        | {"id": 700010 + day, "name": f"{day} augusti 06.00, Sammanfattning natt, Örebro län", "summary": words}
        | {"url": f"/natt/{day}/", "datetime": f"2026-08-{day} 6:1{9 - day}:00 +02:00"}
        for day in (7, 8, 9)
    ]
    wire.site("polisen").answer("/api/events", body=json.dumps(events).encode())
    crawl = wire.crawl("polisen")["polisen"]
    assert (crawl.new, crawl.duplicates) == (3, 0)


def test_events_that_fall_off_the_list_are_not_withdrawn(wire: Wire) -> None:
    wire.crawl("polisen")
    newsroom = wire.county.newsrooms["polisen"]
    newsroom.posts = newsroom.posts[:5]
    crawl = wire.crawl("polisen")["polisen"]
    assert (crawl.gone, crawl.seen) == (0, 5)
    assert wire.asked("polisen") == ["/api/events?locationname=%C3%96rebro%20l%C3%A4n"]
    assert wire.rows("select * from articles where gone_at is not null") == []


def test_an_empty_list_of_a_police_that_had_news_is_a_failure(wire: Wire) -> None:
    wire.crawl("polisen")
    wire.site("polisen").answer("/api/events", body=b"[]")
    crawl = wire.crawl("polisen")["polisen"]
    assert (crawl.verdict, [line for _, line in wire.problems("polisen")]) == ("failing", ["the list is empty"])
    assert len(wire.articles("polisen")) == 13


def test_the_pages_of_events_are_never_asked_for(wire: Wire) -> None:
    """Reading them by machine is not allowed; the list says what we need."""
    wire.crawl("polisen")
    wire.advance()
    wire.crawl("polisen")
    assert {request.path.partition("?")[0] for request in wire.site("polisen").requests} == {
        "/robots.txt",
        "/api/events",
    }


# What the list drops


def day_of_events(wire: Wire, numbers: Iterable[int]) -> None:
    """Let the API list these of the day's events, one an hour, number 0 the newest."""
    start = datetime(2026, 8, 22, 20, 0, tzinfo=UTC)
    events = [
        EVENT
        | {
            "id": 800_000 - number,
            "datetime": f"{start - timedelta(hours=number):%Y-%m-%d %H:%M:%S} +00:00",
            "name": f"22 augusti, Stöld {number}, Kumla",
            "url": f"/aktuellt/{number}/",
        }
        for number in numbers
    ]
    body = json.dumps(events).encode()
    wire.site("polisen").answer("/api/events", headers={"Content-Type": "application/json"}, body=body)


@pytest.mark.parametrize(
    ("listed", "gone"),
    [
        ({*range(40)} - {7}, {7}),
        ({*range(40)} - {7, 8}, {7, 8}),
        ({*range(36)}, set()),
        ({*range(40)} - {37}, set()),
        ({*range(1, 40)}, set()),
        ({*range(10, 40)}, set()),
        ({*range(40)} - {*range(5, 15)}, set()),
        ({0, 1}, set()),
    ],
    ids=["one", "two", "by age", "not the oldest first", "the newest", "an old copy", "a gap", "a stump"],
)
def test_an_event_that_the_list_drops_among_others_is_withdrawn(wire: Wire, listed: set[int], gone: set[int]) -> None:
    day_of_events(wire, range(40))
    wire.crawl("polisen")
    day_of_events(wire, sorted(listed))
    assert wire.crawl("polisen")["polisen"].gone == len(gone)
    rows = wire.rows("select native_id from articles where gone_at is not null")
    assert {800_000 - int(row["native_id"]) for row in rows} == gone
    day_of_events(wire, range(40))
    wire.crawl("polisen")
    assert wire.rows("select native_id from articles where gone_at is not null") == []
