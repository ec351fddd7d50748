"""Whatever the web answers: one clear line in the crawl log, the right verdict, nothing lost, no feed made worse."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from orebro_spiders.archive.articles import StoredArticle
from orebro_spiders.demo import Site
from orebro_spiders.demo.server import Reply

if TYPE_CHECKING:
    from tests.conftest import Visit, Wire

RSS = {"Content-Type": "application/rss+xml"}
JSON = {"Content-Type": "application/json"}


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>Bladet</title>{"".join(items)}</channel></rss>'.encode()


def item(number: int, title: str | None = None, *, link: str | None = None, extra: str = "") -> str:
    title = f"Rubrik {number}" if title is None else title
    link = f"/nyheter/{number}/" if link is None else link
    return f"<item><title>{title}</title><link>{link}</link><guid>g{number}</guid>{extra}</item>"


GOOD = rss(item(1), item(2), item(3))


@dataclass(frozen=True)
class Bad:
    """An answer in the place of a feed, and what is to be said of it (and of which address, if of another)."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: RSS)
    says: str = ""
    at: str = ""


PACKED = gzip.compress(rss(*(item(number, "Ö" * 50) for number in range(200))))

# The whole answer is unfit: the source is failing, and what it gave before stays.
UNFIT = {
    "404": Bad(b"<html>Sidan finns inte</html>", 404, says="answered 404"),
    "410": Bad(status=410, says="answered 410"),
    "403": Bad(status=403, says="answered 403"),
    "500": Bad(status=500, says="answered 500"),
    "502": Bad(status=502, says="answered 502"),
    "503": Bad(status=503, says="answered 503"),
    "429": Bad(status=429, says="answered 429"),
    "HTML where a feed was": Bad(b"<!DOCTYPE html><html><body><h1>Hej</h1></body></html>", says="HTML"),
    "a challenge page": Bad(b"<html><head><title>Just a moment...</title></head></html>", says="HTML"),
    "an empty body": Bad(says="empty"),
    "white space": Bad(b" \r\n\t ", says="empty"),
    "plain text": Bad(b"Databasen gick inte att n\xe5.", says="not a feed"),
    "JSON that is no feed": Bad(b'{"fel": "internt"}', headers=JSON, says="no JSON Feed"),
    "JSON that is cut": Bad(b'{"items": [{"id": 1', headers=JSON, says="JSON"),
    "a picture": Bad(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", headers={"Content-Type": "image/png"}, says="not a feed"),
    "an XML bomb": Bad(b'<!DOCTYPE r [<!ENTITY a "a">]><rss><channel/></rss>', says="entities"),
    "an empty list": Bad(rss(), says="the list is empty"),
    "an empty list of an Atom feed": Bad(b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', says="empty"),
    "cut gzip": Bad(PACKED[:-40], headers=RSS | {"Content-Encoding": "gzip"}, says="cut"),
    "gzip that is none": Bad(GOOD, headers=RSS | {"Content-Encoding": "gzip"}, says=""),
    "a redirect to itself": Bad(status=302, headers={"Location": "/flode.xml"}, says="max redirections reached"),
    "a redirect to an address nobody may fetch": Bad(
        status=302, headers={"Location": "http://127.0.0.1:1/"}, says="private address", at="http://127.0.0.1:1/"
    ),
    "a redirect to a script": Bad(status=302, headers={"Location": "javascript:alert(1)"}, says=""),
    "a redirect to a file": Bad(status=302, headers={"Location": "file:///etc/passwd"}, says=""),
    "a redirect without an address": Bad(status=302, headers={}, says="302"),
}


@pytest.fixture
def flode(wire: Wire, serve: Callable[..., Site]) -> Site:
    """A feed of its own beside the county, with three good articles in the archive and in the feeds."""
    site = serve("bladet", lambda _: Reply(status=404))
    site.answer("/flode.xml", headers=RSS, body=GOOD)
    wire.set_http(allow_private=(*wire.config.http.allow_private, site.address))
    wire.add_source("bladet", url=f"{site.url}flode.xml")
    wire.keep_sources("bladet", "hockeyklubben")
    assert wire.crawl("bladet")["bladet"].new == 3
    return site


def answer(site: Site, bad: Bad) -> None:
    site.answer("/flode.xml", bad.status, bad.headers, bad.body)


@pytest.mark.parametrize("name", UNFIT)
def test_an_unfit_answer_is_one_line_and_changes_nothing(
    wire: Wire, flode: Site, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    answer(flode, UNFIT[name])
    articles, feeds = wire.articles("bladet"), wire.build()
    crawls = wire.crawl("bladet", "hockeyklubben")
    assert_one_line(wire, "bladet", UNFIT[name].at or f"{flode.url}flode.xml", UNFIT[name].says)
    assert crawls["bladet"].verdict == "failing"
    assert (crawls["hockeyklubben"].verdict, crawls["hockeyklubben"].problems) == ("ok", [])
    assert wire.articles("bladet") == articles
    given_out = wire.build()
    assert all(given_out[name] == feeds[name] for name in feeds if "bladet" in name)
    assert capfd.readouterr().err == ""

    answer(flode, Bad(rss(item(4), item(1), item(2), item(3))))
    wire.rows_changed("update hosts set not_before = null")
    recovered = wire.crawl("bladet")["bladet"]
    assert (recovered.verdict, recovered.new, recovered.problems) == ("ok", 1, [])


def assert_one_line(wire: Wire, source: str, url: str, says: str) -> None:
    problems = wire.problems(source)
    assert len(problems) == 1, problems
    assert problems[0][0] == url
    assert says in problems[0][1]
    assert problems[0][1].strip()
    assert "\n" not in problems[0][1]


def test_a_redirect_loop_is_left_after_a_few_steps(wire: Wire, flode: Site) -> None:
    answer(flode, UNFIT["a redirect to itself"])
    before = len(flode.requests)
    wire.crawl("bladet")
    assert 2 <= len(flode.requests) - before <= 10


def test_a_host_that_cannot_be_reached(wire: Wire, flode: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    wire.set_http(allow_private=(f"127.0.0.1:{port}",))
    wire.set_source("bladet", url=f"http://127.0.0.1:{port}/flode.xml")
    crawl = wire.crawl("bladet")["bladet"]
    assert crawl.verdict == "failing"
    assert_one_line(wire, "bladet", f"http://127.0.0.1:{port}/flode.xml", "")
    assert len(wire.articles("bladet")) == 3


def test_an_oversized_answer_is_not_read(wire: Wire, flode: Site) -> None:
    wire.set_http(max_size=20_000)
    answer(flode, Bad(rss(item(4), item(5, extra=f"<description>{'ö' * 20_000}</description>"))))
    assert wire.crawl("bladet")["bladet"].verdict == "failing"
    assert_one_line(wire, "bladet", f"{flode.url}flode.xml", "20")
    assert len(wire.articles("bladet")) == 3


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_read(wire: Wire, flode: Site) -> None:
    wire.set_http(max_size=20_000)
    bomb = gzip.compress(rss(item(4), item(5, extra=f"<description>{'ö' * 500_000}</description>")))
    assert len(bomb) < 20_000
    answer(flode, Bad(bomb, headers=RSS | {"Content-Encoding": "gzip"}))
    assert wire.crawl("bladet")["bladet"].verdict == "failing"
    assert_one_line(wire, "bladet", f"{flode.url}flode.xml", "")
    assert len(wire.articles("bladet")) == 3


def test_packed_answers_are_read(wire: Wire, flode: Site) -> None:
    answer(flode, Bad(PACKED, headers=RSS | {"Content-Encoding": "gzip"}))
    crawl = wire.crawl("bladet")["bladet"]
    assert (crawl.seen, crawl.problems) == (200, [])
    assert "gzip" in flode.requests[-1].headers["Accept-Encoding"]


def test_an_answer_that_takes_too_long_is_given_up(wire: Wire, flode: Site, watch: Callable[..., list[Visit]]) -> None:
    wire.set_http(timeout=0.1)
    visits = watch(flode, seconds=0.25, slow="flode.xml")
    assert wire.crawl("bladet")["bladet"].verdict == "failing"
    assert_one_line(wire, "bladet", f"{flode.url}flode.xml", "0.1")
    assert len(visits) <= 2


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that talks as it likes, once robots.txt is answered; gives its `host:port`."""
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client, suppress(OSError):
                asked = client.recv(65536)
                if b"GET /robots.txt" in asked:
                    client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                else:
                    talk(client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def _drip(client: socket.socket) -> None:
    """A byte now and then: never silent for as long as the timeout, never done within it."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")
    for byte in GOOD[:40]:
        client.sendall(bytes([byte]))
        time.sleep(0.02)


def _hang_up(client: socket.socket) -> None:
    """Less than was promised."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 9999\r\n\r\n" + GOOD)


def _cut_chunks(client: socket.socket) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n"
    client.sendall(head + b"%x\r\n" % len(GOOD) + GOOD + b"\r\n")  # the last chunk never comes


def _say_nothing(client: socket.socket) -> None:
    client.shutdown(socket.SHUT_WR)


def _speak_another_protocol(client: socket.socket) -> None:
    client.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


def _endless_header(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nX-Lang: " + b"a" * 200_000 + b"\r\n\r\n")


TALKS = (_drip, _hang_up, _cut_chunks, _say_nothing, _speak_another_protocol, _endless_header)


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.__name__)
def test_a_server_that_does_not_keep_to_http(wire: Wire, talk: Callable[[socket.socket], None]) -> None:
    with raw_server(talk) as address:
        wire.set_http(allow_private=(address,), timeout=0.2)
        wire.add_source("trasig", url=f"http://{address}/flode.xml")
        crawl = wire.crawl("trasig")["trasig"]
    assert (crawl.verdict, crawl.seen) == ("failing", 0)
    assert_one_line(wire, "trasig", f"http://{address}/flode.xml", "")
    assert wire.rows("select * from fetches") == []


# Some of the answer is unfit: the rest is kept.


def titles(wire: Wire) -> set[str]:
    return {article.title for article in wire.articles("bladet").values()}


def test_of_a_feed_that_is_cut_the_whole_entries_are_kept(wire: Wire, flode: Site) -> None:
    whole = rss(item(5), item(4), item(1), item(2), item(3))
    cut = whole[: whole.index(b"Rubrik 1") + 4]
    flode.answer("/flode.xml", headers=RSS | {"ETag": '"kapad"'}, body=cut)
    crawl = wire.crawl("bladet")["bladet"]
    assert_one_line(wire, "bladet", f"{flode.url}flode.xml", "ends in the middle")
    assert (crawl.verdict, crawl.new) == ("ok", 2)
    assert titles(wire) == {f"Rubrik {number}" for number in range(1, 6)}
    assert wire.rows("select * from articles where gone_at is not null") == []

    answer(flode, Bad(whole))
    wire.crawl("bladet")
    assert flode.requests[-1].headers["If-None-Match"] != '"kapad"'  # a cut answer leaves no validators behind


def test_a_cut_feed_withdraws_nothing(wire: Wire, flode: Site) -> None:
    dated = [item(n, extra=f"<pubDate>Sat, 21 Nov 2020 1{n}:00:00 GMT</pubDate>") for n in (9, 8, 7, 6, 5)]
    answer(flode, Bad(rss(*dated)))
    wire.crawl("bladet")
    cut = rss(dated[0], dated[4])
    answer(flode, Bad(cut[: cut.index(b"</channel>")]))
    before = len(flode.requests)
    wire.crawl("bladet")
    assert [request.path for request in flode.requests[before:]] == ["/flode.xml"]


@dataclass(frozen=True)
class Odd:
    """A feed with something odd in it, the headlines that are read from it, and the lines about it."""

    body: bytes
    titles: set[str]
    lines: tuple[str, ...] = ()


LATIN = b'<?xml version="1.0" encoding="utf-8"?>' + rss(item(4, "Smörgås"), item(5))
ODD = {
    "control characters": Odd(rss(item(4, "Kon\x00troll\x0btecken\x1b"), item(5)), {"Kontrolltecken", "Rubrik 5"}),
    "forbidden references": Odd(rss(item(4, "Radslut&#0;&#11;"), item(5)), {"Radslut", "Rubrik 5"}),
    "windows-1252 called UTF-8": Odd(LATIN.decode().encode("windows-1252"), {"Smörgås", "Rubrik 5"}),
    "single bytes of another encoding": Odd(rss(item(4, "Ö?verallt")).replace("Ö?".encode(), b"\xd6"), {"Överallt"}),
    "an encoding that nobody knows": Odd(b'<?xml version="1.0" encoding="x-klingon"?>' + rss(item(4)), {"Rubrik 4"}),
    "words before the declaration": Odd(b"\n\n<br>Warning: x\n" + rss(item(4)), {"Rubrik 4"}),
    "a huge headline": Odd(rss(item(4, "ord " * 5000)), {f"{'ord ' * 124}…"}),
    "entities twice": Odd(rss(item(4, "Bad &amp;amp; bastu")), {"Bad & bastu"}),
    "an empty headline": Odd(rss(item(4, ""), item(5)), {"4", "Rubrik 5"}, ("no headline",)),
    "no headline": Odd(rss("<item><link>/nyheter/sena-taget/</link></item>"), {"sena taget"}, ("no headline",)),
    "a script for a link": Odd(
        rss(item(4, link="javascript:alert(1)"), item(5)), {"Rubrik 5"}, ("'javascript:alert(1)'",)
    ),
    "a file for a link": Odd(rss(item(4, link="file:///etc/passwd"), item(5)), {"Rubrik 5"}, ("'file:/",)),
    "a link that is no address": Odd(rss(item(4, link="http://["), item(5)), {"Rubrik 5"}, ("no web address",)),
    "no link": Odd(rss("<item><title>Rubrik 4</title></item>", item(5)), {"Rubrik 5"}, ("no web address",)),
    "no address in a JSON Feed": Odd(
        b'{"items": [{"id": "1", "title": "A"}, {"id": "2", "title": "B", "url": "/b"}]}', {"B"}, ("no web address",)
    ),
    "the same guid on every item": Odd(
        rss(*(f"<item><title>R{n}</title><link>/r/{n}</link><guid>x</guid></item>" for n in (4, 5))), {"R4", "R5"}
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_feed_gives_what_is_in_it(wire: Wire, flode: Site, name: str) -> None:
    odd = ODD[name]
    answer(flode, Bad(odd.body))
    crawl = wire.crawl("bladet")["bladet"]
    assert titles(wire) == {"Rubrik 1", "Rubrik 2", "Rubrik 3"} | odd.titles
    assert len(crawl.problems) == len(odd.lines), crawl.problems
    for line, problem in zip(odd.lines, crawl.problems, strict=True):
        assert line in problem.problem
        assert problem.url.startswith(flode.url)
    assert crawl.verdict == "ok"
    wire.build()


MALFORMED = {
    "an ampersand": Odd(rss(item(4, "Bad & bastu"), item(5)), {"Bad & bastu", "Rubrik 5"}),
    "an unknown entity": Odd(rss(item(4, "Bad&nbsp;i dag"), item(5)), {"Bad i dag", "Rubrik 5"}),
    "a tag that is closed by another": Odd(rss(item(4).replace("</item>", "</itm>"), item(5)), {"Rubrik 5"}),
    "HTML that is not escaped": Odd(rss(item(4, extra="<description><p>Hej<br></description>"), item(5)), {"Rubrik 5"}),
    "an attribute without quotes": Odd(rss("<item a=1><title>R4</title><link>/4</link></item>"), {"R4"}),
    "a link that is not closed": Odd(rss("<item><title>R4</title><link>/4/</item>", item(5)), {"Rubrik 5"}),
    "an item in an item": Odd(rss(f"<item>{item(4)}</item>", item(5)), {"Rubrik 5"}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_xml_gives_what_can_be_read_of_it(wire: Wire, flode: Site, name: str) -> None:
    answer(flode, Bad(MALFORMED[name].body))
    crawl = wire.crawl("bladet")["bladet"]
    assert MALFORMED[name].titles <= titles(wire)
    assert crawl.verdict == "ok"
    assert len(crawl.problems) <= 1, crawl.problems
    assert flode.url + "flode.xml" not in wire.articles("bladet")


def test_malformed_xml_that_swallows_news_is_one_line(wire: Wire, flode: Site) -> None:
    answer(flode, Bad(rss("<item><title>Rubrik 4<link>/4/</link></item>", item(5))))
    wire.crawl("bladet")
    assert_one_line(wire, "bladet", f"{flode.url}flode.xml", "")
    assert flode.url + "flode.xml" not in wire.articles("bladet")


def test_items_without_an_address_are_not_one_article(wire: Wire, flode: Site) -> None:
    """They would overwrite each other at every run, and readers would be led to the feed."""
    answer(flode, Bad(rss(*(f"<item><title>Utan länk {number}</title></item>" for number in (1, 2)))))
    wire.crawl("bladet")
    answer(flode, Bad(rss(*(f"<item><title>Utan länk {number}</title></item>" for number in (1, 2, 3)))))
    wire.crawl("bladet")
    assert wire.rows("select * from versions") == []


@pytest.mark.parametrize(
    "stated",
    [
        "",
        "i förrgår kanske",
        "0000-00-00 00:00:00",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 30 Feb 2026 10:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "{ahead:%a, %d %b %Y %H:%M:%S} GMT",
    ],
)
def test_a_date_that_cannot_be_is_none(wire: Wire, flode: Site, stated: str) -> None:
    stated = stated.format(ahead=datetime.now(UTC) + timedelta(days=2))
    answer(flode, Bad(rss(item(4, extra=f"<pubDate>{stated}</pubDate>"))))
    crawl = wire.crawl("bladet")["bladet"]
    article = wire.articles("bladet")[f"{flode.url}nyheter/4/"]
    assert (article.published, article.published_from) == (article.first_seen, "first-seen")
    assert (crawl.verdict, crawl.problems) == ("ok", [])
    answer(flode, Bad(rss(item(4, "Ny rubrik", extra="<pubDate>Sat, 21 Nov 2020 10:00:00 GMT</pubDate>"))))
    wire.crawl("bladet")
    assert wire.articles("bladet")[article.url].published == article.published  # given out, so frozen


def test_an_article_page_that_fails_is_put_off_and_read_later(wire: Wire) -> None:
    wire.set_source("radio", follow=True)
    post = wire.county.truth("radio")[3]
    site = wire.site("radio")
    site.answer(post.path, 500)
    crawl = wire.crawl("radio")["radio"]
    assert (crawl.verdict, crawl.new) == ("ok", 8)
    assert_one_line(wire, "radio", post.url, "answered 500")
    assert wire.articles("radio")[post.url].summary == post.paragraphs[0]

    assert wire.crawl("radio")["radio"].problems == []
    assert post.path not in wire.asked("radio")

    site.restore()
    wire.rows_changed("update fetches set not_before = null")
    assert wire.crawl("radio")["radio"].problems == []
    assert wire.articles("radio")[post.url].text.startswith(post.paragraphs[0])


_LINES = "".join(f"<p>Bara {number**3} ord av artikeln kom fram innan {number**5} brast.</p>" for number in range(99))
HALF = f"<html><body><article><h1>Halva</h1>{_LINES}</article></body></html>".encode()
WALLS: dict[str, Bad] = {
    "a redirect to itself": Bad(status=302, headers={"Location": "."}),
    "a redirect to an address nobody may fetch": Bad(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    "a page without text": Bad(b"<html><body></body></html>"),
    "an empty page": Bad(),
    "gone": Bad(status=410),
    "a page that is cut": Bad(gzip.compress(HALF)[:-400], headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("name", WALLS)
def test_an_article_page_that_cannot_be_read_is_one_line_and_not_asked_for_at_once_again(wire: Wire, name: str) -> None:
    wire.set_source("radio", follow=True)
    post = wire.county.truth("radio")[3]
    answer_at(wire.site("radio"), post.path, WALLS[name])
    crawl = wire.crawl("radio")["radio"]
    assert (crawl.verdict, crawl.new) == ("ok", 8)
    assert len(crawl.problems) == 1, crawl.problems
    assert len([article for article in wire.articles("radio").values() if article.text]) == 7
    wire.crawl("radio")
    assert post.path not in wire.asked("radio")


def answer_at(site: Site, path: str, bad: Bad) -> None:
    site.answer(path, bad.status, bad.headers, bad.body)


# Platforms


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Underh\xc3\xa5ll</html>", b'{"code": "x"}', b"[{", b'"text"', b"null", b"\xff\xfe\x00"],
)
def test_garbage_from_the_police_is_one_line_and_changes_nothing(wire: Wire, body: bytes) -> None:
    wire.crawl("polisen")
    before, feeds = wire.dump(), wire.build()
    wire.site("polisen").answer("/api/events", headers=JSON, body=body)
    crawls = wire.crawl("polisen", "radio")
    assert crawls["polisen"].verdict == "failing"
    assert_one_line(wire, "polisen", wire.config.sources["polisen"].url, "no list of events")
    assert crawls["radio"].verdict == "ok"
    assert {row[1] for row in before["articles"]} <= {row[1] for row in wire.dump()["articles"]}
    after = wire.build()
    assert all(after[name] == feeds[name] for name in feeds if "polisen" in name)
    wire.site("polisen").restore()
    assert wire.crawl("polisen")["polisen"].problems == []


EVENT: dict[str, Any] = {
    "id": 700001,
    "datetime": "2026-08-22 9:13:04 +02:00",
    "name": "22 augusti 09.05, Brand, Nora",
    "summary": "Det brinner i en container.",
    "url": "/aktuellt/handelser/2026/augusti/22/22-augusti-09.05-brand-nora/",
    "type": "Brand",
    "location": {"name": "Örebro län", "gps": "59.5,15.0"},
}
READ = {
    "no date": {"datetime": None},
    "a date of the wrong type": {"datetime": 17},
    "no type": {"type": None},
    "a type of the wrong type": {"type": ["Brand"]},
    "a summary of the wrong type": {"summary": 5},
    "no location": {"location": None},
    "a number that is text": {"id": "700001"},
    "more than we know": {"nytt": {"a": [1]}},
}
UNREAD: dict[str, Any] = {
    "no number": {"id": None},
    "no name": {"name": ""},
    "no address": {"url": None},
    "an address that is none": {"url": "http://[fel"},
    "an address to another scheme": {"url": "javascript:alert(1)"},
}


def events(wire: Wire, *odd: Any) -> None:
    second = EVENT | {"id": 700002, "url": "/aktuellt/andra/", "name": "22 augusti 10.00, Stöld, Kumla"}
    body = json.dumps([*odd, second]).encode()
    wire.site("polisen").answer("/api/events", headers=JSON, body=body)


@pytest.mark.parametrize("name", READ)
def test_an_event_with_something_odd_is_read(wire: Wire, name: str) -> None:
    events(wire, EVENT | READ[name])
    crawl = wire.crawl("polisen")["polisen"]
    assert (crawl.verdict, crawl.new, crawl.problems) == ("ok", 2, [])


@pytest.mark.parametrize("odd", [*(EVENT | change for change in UNREAD.values()), None, 5, "x", [], {}], ids=str)
def test_an_event_that_cannot_be_read_is_one_line_and_the_next_is_read(wire: Wire, odd: Any) -> None:
    events(wire, odd)
    crawl = wire.crawl("polisen")["polisen"]
    assert crawl.new == 1
    assert_one_line(wire, "polisen", wire.config.sources["polisen"].url, "")
    assert crawl.verdict == "ok"


@pytest.mark.parametrize("body", [b"", b"<html>Varning: PHP</html>", b"{}", b"null", b"\xff\xfe\x00", b"[{"])
def test_garbage_from_rest_is_one_line_and_the_feed_is_read(wire: Wire, body: bytes) -> None:
    wire.site("narkebladet").answer("/wp-json/wp/v2/posts", headers=JSON, body=body)
    crawl = wire.crawl("narkebladet")["narkebladet"]
    assert (crawl.rung, crawl.verdict, crawl.new) == ("feed", "ok", 25)
    problems = wire.problems("narkebladet")
    assert len(problems) == 1, problems
    assert "/wp-json/wp/v2/posts" in problems[0][0]


def test_rest_that_fails_is_no_reason_to_go_lower(wire: Wire) -> None:
    wire.site("narkebladet").answer("/wp-json/wp/v2/posts", 500)
    crawl = wire.crawl("narkebladet")["narkebladet"]
    assert (crawl.rung, crawl.verdict, crawl.new) == ("rest", "failing", 0)
    assert [problem for _, problem in wire.problems("narkebladet")] == ["answered 500"]
    wire.site("narkebladet").restore()
    assert wire.crawl("narkebladet")["narkebladet"].new == 25


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"{}", b"[{"])
def test_garbage_in_the_look_for_withdrawn_posts_withdraws_none(wire: Wire, body: bytes) -> None:
    wire.crawl("narkebladet")
    wire.site("narkebladet").answer("/wp-json/wp/v2/posts?per_page=100&_fields=id,date_gmt", headers=JSON, body=body)
    crawl = wire.crawl("narkebladet")["narkebladet"]
    assert crawl.gone == 0
    assert len(crawl.problems) == 1, crawl.problems


POST: dict[str, Any] = {
    "id": 9,
    "date": "2026-08-22T09:13:04",
    "date_gmt": "2026-08-22T07:13:04",
    "modified_gmt": "2026-08-22T07:13:04",
    "link": "/nionde/",
    "title": {"rendered": "Nionde"},
    "excerpt": {"rendered": "<p>Kort.</p>"},
    "content": {"rendered": "<p>Hela texten.</p>"},
    "_embedded": {"author": [{"name": "Åsa Öberg"}], "wp:term": [[{"taxonomy": "category", "name": "Sport"}]]},
}
ODD_POSTS: dict[str, dict[str, Any]] = {
    "nothing embedded": {"_embedded": None},
    "an empty list embedded": {"_embedded": []},
    "a list embedded": {"_embedded": ["x"]},
    "an author who is gone": {"_embedded": {"author": [{"code": "rest_user_invalid_id", "message": "Ogiltigt"}]}},
    "an author of the wrong type": {"_embedded": {"author": {"name": "x"}}},
    "terms of the wrong type": {"_embedded": {"wp:term": {"a": 1}}},
    "terms that are none": {"_embedded": {"wp:term": [None, [None], ["x"], [{"code": "rest_no_term"}]]}},
    "a picture that is none": {"_embedded": {"wp:featuredmedia": [None]}},
    "a picture of the wrong type": {"_embedded": {"wp:featuredmedia": {"source_url": "/x.png"}}},
    "an address of a picture that is none": {"_embedded": {"wp:featuredmedia": [{"source_url": "http://["}]}},
    "no excerpt": {"excerpt": None},
    "content that is text": {"content": "Hela texten."},
    "content with a broken link": {"content": {"rendered": '<p><a href="http://[">länk</a></p>'}},
    "content that is broken HTML": {"content": {"rendered": "<p><b>Öppet <table><tr><p>"}},
    "content that is huge": {"content": {"rendered": "<p>" + "<div>" * 3000 + "djupt" + "</div>" * 3000}},
    "no date": {"date": None, "date_gmt": None},
    "a date of the wrong type": {"date_gmt": 5},
    "a date of the draft": {"date_gmt": "0000-00-00T00:00:00"},
    "an instant that is none": {"modified_gmt": "igår"},
    "an instant of the wrong type": {"modified_gmt": 5},
    "an instant of the draft": {"modified_gmt": "0000-00-00T00:00:00"},
    "an instant in a far future": {"modified_gmt": "9999-12-31T23:59:59"},
    "no instant": {"modified_gmt": None},
    "no number": {"id": None},
    "no address": {"link": ""},
    "an address that is none": {"link": "http://["},
    "an address to another scheme": {"link": "javascript:alert(1)"},
}


@pytest.mark.parametrize("name", ODD_POSTS)
def test_an_odd_post_takes_no_other_with_it(wire: Wire, serve: Callable[..., Site], name: str) -> None:
    """The post before and the one after it are read, now and whenever something new comes."""
    posts = [
        POST | {"id": 10, "link": "/tionde/", "title": {"rendered": "Tionde"}, "modified_gmt": "2026-08-22T08:00:00"},
        POST | ODD_POSTS[name],
        POST | {"id": 8, "link": "/attonde/", "title": {"rendered": "Åttonde"}, "modified_gmt": "2026-08-21T08:00:00"},
    ]
    site = serve("wp", lambda call: rest_of(posts, call))
    wire.set_http(allow_private=(site.address,))
    wire.add_source("wp", platform="wordpress", url=site.url)
    crawl = wire.crawl("wp")["wp"]
    assert {"Tionde", "Åttonde"} <= {article.title for article in wire.articles("wp").values()}
    assert len(crawl.problems) <= 1
    assert (crawl.verdict, crawl.rung) == ("ok", "rest")

    newest = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
    posts.insert(0, POST | {"id": 11, "link": "/elfte/", "title": {"rendered": "Elfte"}, "modified_gmt": newest})
    crawl = wire.crawl("wp")["wp"]
    assert "Elfte" in {article.title for article in wire.articles("wp").values()}
    assert crawl.verdict == "ok"


@pytest.mark.parametrize("odd", [None, 5, "x", [], {}], ids=str)
def test_what_is_no_post_at_all_takes_no_other_with_it(wire: Wire, serve: Callable[..., Site], odd: Any) -> None:
    body = json.dumps([POST | {"id": 10, "link": "/tionde/", "title": {"rendered": "Tionde"}}, odd, POST]).encode()
    site = serve("wp", lambda call: Reply(body) if call.path.startswith("/wp-json") else Reply(status=404))
    wire.set_http(allow_private=(site.address,))
    wire.add_source("wp", platform="wordpress", url=site.url)
    crawl = wire.crawl("wp")["wp"]
    assert {article.title for article in wire.articles("wp").values()} == {"Tionde", "Nionde"}
    assert len(crawl.problems) <= 1


def rest_of(posts: list[dict[str, Any]], call: Any) -> Reply:
    """WordPress's list of posts, as far as `modified_after` goes."""
    if not call.path.startswith("/wp-json"):
        return Reply(status=404)
    after = call.argument("modified_after").removesuffix("Z")
    if after:
        datetime.fromisoformat(after)
    found = [post for post in posts if not after or str(post["modified_gmt"]) > after]
    return Reply(json.dumps(found).encode(), content_type="application/json")


def test_a_press_room_without_its_list_keeps_what_it_has(wire: Wire) -> None:
    wire.crawl("tornet")
    before, feeds = articles_of(wire, "tornet"), wire.build()
    wire.site("mynewsdesk").answer("/se/bostads-ab-tornet/pressreleases", body=b"<html><body>Inget.</body></html>")
    crawl = wire.crawl("tornet")["tornet"]
    assert crawl.verdict == "failing"
    assert_one_line(wire, "tornet", f"{wire.config.sources['tornet'].url}/pressreleases", "the list is empty")
    assert articles_of(wire, "tornet") == before
    after = wire.build()
    assert {name for name in after if after[name] != feeds.get(name)} == {"halsa.html", "halsa.html.gz"}


def articles_of(wire: Wire, source: str) -> dict[str, StoredArticle]:
    return wire.articles(source)


def test_a_callback_that_raises_is_one_line_and_stops_nobody(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A fault of our own: the source is failing, the page is read again, and the neighbours do not notice."""
    from orebro_spiders.spiders import polisen

    def faulty(event: Any, url: str, now: datetime) -> Any:
        if event["id"] == 671152:
            raise ZeroDivisionError("påhittat fel")
        return read_event(event, url, now)

    read_event = polisen.read_event
    monkeypatch.setattr(polisen, "read_event", faulty)
    logging.disable(logging.CRITICAL)  # as the command does without --debug
    crawls = wire.crawl("polisen", "radio", "hockeyklubben")
    assert crawls["polisen"].verdict == "failing"
    assert_one_line(wire, "polisen", wire.config.sources["polisen"].url, "ZeroDivisionError('påhittat fel')")
    assert {crawls[name].verdict for name in ("radio", "hockeyklubben")} == {"ok"}
    assert crawls["polisen"].new == 3  # what was read before the fault is kept
    assert wire.rows("select * from fetches where source = 'polisen'") == []
    assert capfd.readouterr().err == ""

    monkeypatch.undo()
    assert wire.crawl("polisen")["polisen"].seen == 13


def test_a_spider_that_cannot_start_is_one_line_and_stops_nobody(wire: Wire) -> None:
    wire.rows_changed("insert into sources (name, cursor) values ('radio', 'ingen JSON')")
    logging.disable(logging.CRITICAL)
    crawls = wire.crawl("radio", "polisen")
    assert crawls["radio"].verdict == "failing"
    assert len(crawls["radio"].problems) == 1
    assert crawls["polisen"].verdict == "ok"


def test_the_crawl_log_holds_a_hundred_lines_at_most(wire: Wire, flode: Site) -> None:
    answer(flode, Bad(rss(*(item(number, link="javascript:x") for number in range(300)), item(4))))
    crawl = wire.crawl("bladet")["bladet"]
    assert len(crawl.problems) == 100
    assert "Rubrik 4" in titles(wire)
