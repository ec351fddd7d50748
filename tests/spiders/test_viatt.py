"""Press rooms at Via TT: beside the frozen cases of tests/replay, what goes wrong and what comes later."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from orebro_spiders.demo import Site
from orebro_spiders.demo.server import Reply

if TYPE_CHECKING:
    from tests.conftest import Wire

FEED = "/rss/releases/latest?publisherId=77"
TEXT = "Nya bussar kör i länet från och med måndag, och de går på skogens ved. " * 3


def rss(*links: str) -> bytes:
    items = "".join(f"<item><title>Nya bussar</title><link>{link}</link></item>" for link in links)
    return f'<rss version="2.0"><channel><title>Regionen</title>{items}</channel></rss>'.encode()


@pytest.fixture
def rooms(wire: Wire, serve: Callable[..., Site]) -> Site:
    """A Via TT where every release has a page and a press room shows one."""

    def answer(call: object) -> Reply:
        path: str = call.path  # type: ignore[attr-defined]
        if path.startswith("/pressmeddelande/"):
            return Reply(f"<html><body><article><h1>Nya bussar</h1><p>{TEXT}</p></article></body></html>".encode())
        room = '<li><a href="/pressmeddelande/5/ny?publisherId=77"><h3>Nytt</h3></a></li>'
        return Reply(room.encode()) if path == "/pressrum/77" else Reply(status=404)

    site = serve("viatt", answer)
    wire.set_http(allow_private=(site.address,))
    wire.add_source("regionen", platform="viatt", url=f"{site.url}{FEED[1:]}", kind="press")
    return site


def numbers(wire: Wire) -> set[str]:
    return {article.native_id for article in wire.articles("regionen").values()}


def pages_asked(site: Site) -> list[str]:
    return [request.path for request in site.requests if request.path.startswith("/pressmeddelande/")]


def test_other_things_in_a_feed_are_no_releases(wire: Wire, rooms: Site) -> None:
    rooms.answer(FEED, body=rss("/pressmeddelande/4/nya-bussar", "/pressrum/77/regionen", "/blogg/7/bussar"))
    wire.crawl("regionen")
    assert numbers(wire) == {"4"}


def test_a_release_under_a_new_address_is_the_same(wire: Wire, rooms: Site) -> None:
    rooms.answer(FEED, body=rss("/pressmeddelande/nya-bussar?publisherId=77&amp;releaseId=4"))
    wire.crawl("regionen")
    rooms.answer(FEED, body=rss("/pressmeddelande/4/nya-bussar?publisherId=77"))
    crawl = wire.crawl("regionen")["regionen"]
    assert (crawl.new, numbers(wire), crawl.problems) == (0, {"4"}, [])
    assert len(wire.articles("regionen")) == 1
    wire.crawl("regionen")
    assert wire.last["regionen"].requests == 1


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><html><body>Inget</body></html>", b""], ids=["a page", "nothing"])
def test_where_the_feed_is_none_the_room_is_read(wire: Wire, rooms: Site, body: bytes) -> None:
    rooms.answer(FEED, body=body)
    crawl = wire.crawl("regionen")["regionen"]
    assert (crawl.rung, crawl.verdict, numbers(wire)) == ("pages", "ok", {"5"})
    assert pages_asked(rooms) == ["/pressmeddelande/5/ny"]


def test_a_feed_that_fails_is_no_reason_to_read_the_room(wire: Wire, rooms: Site) -> None:
    rooms.answer(FEED, 500)
    crawl = wire.crawl("regionen")["regionen"]
    assert (crawl.rung, crawl.verdict, numbers(wire)) == ("feed", "failing", set())


def test_a_release_without_text_is_said(wire: Wire, rooms: Site) -> None:
    rooms.answer(FEED, body=rss("/pressmeddelande/4/nya-bussar"))
    rooms.answer("/pressmeddelande/4/nya-bussar", body=b"<html><body></body></html>")
    wire.crawl("regionen")
    assert [line for _, line in wire.problems("regionen")] == ["no text could be read from the page"]
