"""Sveriges Radio: beside the frozen cases of tests/replay, one article by two ways in, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from orebro_spiders.demo import Site
from orebro_spiders.demo.server import Reply
from orebro_spiders.spiders.lists import BLANK_TRIES

if TYPE_CHECKING:
    from tests.conftest import Wire

API = "/api/v2/news?programid=901&format=json"
FEED = "/api/rss/program/901"


@pytest.fixture
def radio(wire: Wire, serve: Callable[..., Site]) -> Site:
    site = serve("sr", lambda _: Reply(status=404))
    wire.set_http(allow_private=(site.address,))
    wire.add_source("p4", platform="sverigesradio", url=site.url.rstrip("/") + API)
    return site


def news(*numbers: int, onward: str = "") -> bytes:
    articles = [
        {"id": n, "title": f"Nyhet {n}", "url": f"/artikel/{n}", "publishdateutc": f"/Date({1746509400 + n}000)/"}
        for n in numbers
    ]
    return json.dumps({"articles": articles, "pagination": {"nextpage": onward}}).encode()


def atom(*numbers: int) -> bytes:
    entries = "".join(
        f'<entry><id>rss:sr.se/article/{n}</id><title>Nyhet {n}</title><link href="/artikel/nyhet-{n}x"/></entry>'
        for n in numbers
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><id>sr</id>{entries}</feed>'.encode()


def numbers(wire: Wire) -> list[str]:
    return sorted(article.native_id for article in wire.articles("p4").values())


def test_an_article_is_one_by_both_ways_in(wire: Wire, radio: Site) -> None:
    radio.answer(API, body=news(1, 2))
    wire.crawl("p4")
    radio.answer(API, 404)
    radio.answer(FEED, body=atom(2, 3))
    crawl = wire.crawl("p4")["p4"]
    assert (crawl.rung, crawl.new, numbers(wire)) == ("feed", 1, ["1", "2", "3"])


@pytest.mark.parametrize(
    "answer",
    [{"status": 404}, {"body": b"<html></html>"}, {"body": b"{}"}, {"body": b"[]"}],
    ids=["no API", "a page", "no articles", "a list"],
)
def test_an_api_that_is_none_gives_way_to_the_feed(wire: Wire, radio: Site, answer: dict[str, Any]) -> None:
    radio.answer(API, **answer)
    radio.answer(FEED, body=atom(1))
    crawl = wire.crawl("p4")["p4"]
    assert (crawl.rung, crawl.verdict, numbers(wire)) == ("feed", "ok", ["1"])


def test_a_robots_txt_that_closes_both_ways_is_one_line(wire: Wire, radio: Site) -> None:
    radio.answer("/robots.txt", headers={"Content-Type": "text/plain"}, body=b"User-agent: *\nDisallow: /")
    crawl = wire.crawl("p4")["p4"]
    assert crawl.verdict == "failing"
    assert [line for _, line in wire.problems("p4")] == ["robots.txt forbids it"]


def test_a_robots_txt_that_cannot_be_read_closes_the_host_and_no_other_way_is_tried(wire: Wire, radio: Site) -> None:
    radio.answer("/robots.txt", 500)
    crawl = wire.crawl("p4")["p4"]
    assert (crawl.rung, crawl.verdict) == ("api", "failing")


def test_a_later_page_that_is_none_is_asked_for_again_for_a_while(wire: Wire, radio: Site) -> None:
    radio.answer(API, body=news(3, 2, onward="/api/v2/news?page=2"))
    radio.answer("/api/v2/news?page=2", body=b"Fel")
    lines = []
    for _ in range(BLANK_TRIES + 1):
        assert wire.crawl("p4")["p4"].rung == "api"
        lines.append([line for _, line in wire.problems("p4")])
    assert lines == [["no list of news"]] * BLANK_TRIES + [[]]
    assert numbers(wire) == ["2", "3"]


def test_a_later_page_that_does_not_exist_is_the_end(wire: Wire, radio: Site) -> None:
    radio.answer(API, body=news(3, 2, onward="/api/v2/news?page=2"))
    crawl = wire.crawl("p4")["p4"]
    assert (crawl.verdict, crawl.problems, crawl.requests) == ("ok", [], 3)
    assert wire.crawl("p4")["p4"].requests == 1


def test_an_article_that_is_no_longer_listed_is_looked_at(wire: Wire, radio: Site) -> None:
    radio.answer(API, body=news(3, 2, 1))
    wire.crawl("p4")
    radio.answer(API, body=news(3, 1))
    wire.crawl("p4")
    assert "/artikel/2" in [request.path for request in radio.requests]


def test_an_empty_list_after_news_is_a_failure(wire: Wire, radio: Site) -> None:
    radio.answer(API, body=news(1))
    wire.crawl("p4")
    radio.answer(API, body=news())
    crawl = wire.crawl("p4")["p4"]
    assert (crawl.verdict, [line for _, line in wire.problems("p4")]) == ("failing", ["the list is empty"])
