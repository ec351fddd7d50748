"""Feeds of any kind, what identifies an item, and the pages behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orebro_spiders.archive.database import instant_text
from orebro_spiders.demo import Site
from orebro_spiders.demo.server import Reply

if TYPE_CHECKING:
    from tests.conftest import Wire

PAGE = "<html><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
BODY = "Badhuset i Kumla öppnar igen på måndag efter två års ombyggnad, meddelar kommunen. " * 3


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>Bladet</title>{"".join(items)}</channel></rss>'.encode()


def item(title: str, link: str, guid: str = "", *, date: str = "", text: str = "") -> str:
    parts = {"title": title, "link": link, "guid": guid, "pubDate": date, "description": text}
    return f"<item>{''.join(f'<{name}>{value}</{name}>' for name, value in parts.items() if value)}</item>"


@pytest.fixture
def bladet(wire: Wire, serve: Callable[..., Site]) -> Site:
    """A newspaper with nothing but a feed at /flode."""
    site = serve("bladet", lambda _: Reply(status=404))
    wire.set_http(allow_private=(site.address,))
    wire.add_source("bladet", url=f"{site.url}flode")
    return site


def found(wire: Wire) -> dict[str, str]:
    return {url.partition("/n/")[2]: article.title for url, article in wire.articles("bladet").items()}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("RSS 2.0", rss(item("Bad", "/n/1"), item("Bastu", "/n/2"))),
        (
            "RSS 1.0",
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            b"<channel/><item><title>Bad</title><link>/n/1</link></item>"
            b"<item><title>Bastu</title><link>/n/2</link></item></rdf:RDF>",
        ),
        (
            "Atom",
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Bad</title><link href="n/1"/></entry>'
            b'<entry><title>Bastu</title><link rel="self" href="/x"/><link href="/n/2"/></entry></feed>',
        ),
        ("JSON Feed", b'{"items": [{"id": 1, "title": "Bad", "url": "/n/1"}, {"title": "Bastu", "url": "n/2"}]}'),
        ("a byte order mark", b"\xef\xbb\xbf" + rss(item("Bad", "/n/1"), item("Bastu", "/n/2"))),
        ("UTF-16", rss(item("Bad", "/n/1"), item("Bastu", "/n/2")).decode().encode("utf-16")),
    ],
)
def test_every_kind_of_feed_is_read(wire: Wire, bladet: Site, kind: str, body: bytes) -> None:
    bladet.answer("/flode", headers={"Content-Type": "text/html"}, body=body)
    crawl = wire.crawl("bladet")["bladet"]
    assert (crawl.verdict, crawl.problems) == ("ok", []), kind
    assert found(wire) == {"1": "Bad", "2": "Bastu"}


# What identifies an item


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/n/badet?utm_source=rss", "/n/badet?utm_source=webb&amp;utm_medium=x"),
        ("/n/badet/", "/n/badet"),
        ("/n/badet", "/n/badet#kommentarer"),
        ("/n/badet?mobilmeny=1", "/n/badet"),
    ],
)
def test_one_address_written_in_two_ways_is_one_article(wire: Wire, bladet: Site, before: str, after: str) -> None:
    bladet.answer("/flode", body=rss(item("Badet öppnar", before)))
    wire.crawl("bladet")
    bladet.answer("/flode", body=rss(item("Badet öppnar", after), item("Annat", "/n/annat")))
    assert wire.crawl("bladet")["bladet"].new == 1
    assert len(found(wire)) == 2


def test_a_guid_holds_an_article_together_when_its_address_changes(wire: Wire, bladet: Site) -> None:
    bladet.answer("/flode", body=rss(item("Badet öppnar", "/n/1", "g1")))
    wire.crawl("bladet")
    bladet.answer("/flode", body=rss(item("Badet öppnar i dag", "/n/badet-oppnar-i-dag", "g1")))
    crawl = wire.crawl("bladet")["bladet"]
    assert (crawl.new, crawl.changed, len(wire.articles("bladet"))) == (0, 1, 1)


def test_a_guid_that_every_item_has_means_nothing(wire: Wire, bladet: Site) -> None:
    bladet.answer("/flode", body=rss(item("Ett", "/n/1", "g")))
    wire.crawl("bladet")
    bladet.answer("/flode", body=rss(item("Tre", "/n/3", "g"), item("Ett", "/n/1", "g"), item("Två", "/n/2", "g")))
    wire.crawl("bladet")
    assert found(wire) == {"1": "Ett", "2": "Två", "3": "Tre"}


def test_a_headline_alone_never_makes_two_articles_one(wire: Wire, bladet: Site) -> None:
    bladet.answer(
        "/flode", body=rss(*(item("Nattens händelser", f"/n/{n}", f"g{n}", text=f"Natt {n}") for n in (1, 2)))
    )
    crawl = wire.crawl("bladet")["bladet"]
    assert (crawl.new, crawl.duplicates) == (2, 0)


def test_the_same_headline_and_teaser_on_two_mornings_are_two_articles(wire: Wire, bladet: Site) -> None:
    """Their pages, read a moment later, tell different stories."""
    wire.set_source("bladet", follow=True)
    mornings = [datetime.now(UTC) - timedelta(hours=2), datetime.now(UTC) - timedelta(hours=25, minutes=50)]
    items = []
    for number, morning in enumerate(mornings):
        date = f"{morning:%a, %d %b %Y %H:%M:%S} GMT"
        items.append(item("Nattens händelser", f"/n/{number}", f"g{number}", date=date, text="Ett urval från polisen."))
        text = f"{BODY} {number} bilar stoppades vid en kontroll i Hallsberg under natten, uppger polisen."
        bladet.answer(f"/n/{number}", body=PAGE.format("Nattens händelser", text).encode())
    bladet.answer("/flode", body=rss(*items))
    wire.crawl("bladet")
    articles = list(wire.articles("bladet").values())
    assert len({article.text for article in articles}) == 2
    assert [article.duplicate_of for article in articles] == [None, None]


def test_feeds_whose_guids_and_addresses_change_at_every_fetch_give_no_copies(wire: Wire, bladet: Site) -> None:
    date = f"{datetime.now(UTC) - timedelta(hours=3):%a, %d %b %Y %H:%M:%S} GMT"
    for fetch in (1, 2, 3):
        bladet.answer("/flode", body=rss(item("Badet", f"/n/{fetch}", f"g{fetch}", date=date, text="Öppnar i dag.")))
        wire.crawl("bladet")
    assert len(wire.articles("bladet")) == 1


def test_the_same_article_in_two_sources_belongs_to_the_first(wire: Wire, bladet: Site) -> None:
    bladet.answer("/flode", body=rss(item("Badet", "/n/1")))
    bladet.answer("/annat", body=rss(item("Badet, sett av en annan", "/n/1")))
    wire.add_source("annat", url=f"{bladet.url}annat")
    wire.crawl("bladet")
    wire.crawl("annat")
    assert found(wire) == {"1": "Badet"}
    assert wire.rows("select * from versions") == []


# Changes


def test_an_item_that_is_edited_keeps_its_old_version(wire: Wire) -> None:
    wire.crawl("hockeyklubben")
    newsroom = wire.county.newsrooms["hockeyklubben"]
    first, *rest = newsroom.posts
    at = datetime.now(UTC).astimezone(first.published.tzinfo).replace(microsecond=0)
    newsroom.posts = (replace(first, text="Svartåns HK vann efter straffar.", modified=at), *rest)
    crawl = wire.crawl("hockeyklubben")["hockeyklubben"]
    assert (crawl.new, crawl.changed, crawl.seen) == (0, 1, 7)
    article = wire.articles("hockeyklubben")[first.url]
    assert (article.text, article.changed_at) == ("Svartåns HK vann efter straffar.", at.astimezone(UTC))
    (version,) = wire.rows("select text from versions")
    assert version["text"].split("\n\n") == list(first.paragraphs)


def test_old_items_fall_off_the_feed_and_stay(wire: Wire) -> None:
    wire.crawl("hockeyklubben")
    newsroom = wire.county.newsrooms["hockeyklubben"]
    newsroom.posts = newsroom.posts[:3]
    crawl = wire.crawl("hockeyklubben")["hockeyklubben"]
    assert (crawl.requests, crawl.gone) == (1, 0)
    assert wire.rows("select * from fetches where misses > 0") == []


def test_an_item_missing_between_others_is_looked_at(wire: Wire) -> None:
    wire.crawl("hockeyklubben")
    newsroom = wire.county.newsrooms["hockeyklubben"]
    gone = newsroom.posts[2]
    newsroom.posts = tuple(post for post in newsroom.posts if post.id != gone.id)
    wire.crawl("hockeyklubben")
    assert wire.asked("hockeyklubben") == ["/atom.xml", gone.path]
    assert wire.rows("select url, misses, status from fetches where misses > 0") == [
        {"url": gone.url, "misses": 1, "status": 404}
    ]


def test_an_item_that_left_the_feed_but_not_the_site_is_looked_at_once_a_day(wire: Wire) -> None:
    wire.crawl("hockeyklubben")
    site, newsroom = wire.site("hockeyklubben"), wire.county.newsrooms["hockeyklubben"]
    hidden = newsroom.posts[2]
    newsroom.posts = tuple(post for post in newsroom.posts if post.id != hidden.id)
    site.answer(hidden.path, body=b"<html>Kvar</html>")
    wire.rows_changed("update articles set last_seen = ?", instant_text(datetime.now(UTC) - timedelta(hours=1)))
    wire.crawl("hockeyklubben")
    assert wire.asked("hockeyklubben") == ["/atom.xml", hidden.path]
    touch(wire, newsroom.name)
    wire.crawl("hockeyklubben")
    assert hidden.path not in wire.asked("hockeyklubben")
    assert wire.articles("hockeyklubben")[hidden.url].gone_at is None


def touch(wire: Wire, name: str) -> None:
    newsroom = wire.county.newsrooms[name]
    first, *rest = newsroom.posts
    newsroom.posts = (replace(first, modified=first.modified + timedelta(seconds=1)), *rest)


def test_a_feed_in_no_order_of_time_says_nothing_of_what_it_lacks(wire: Wire, bladet: Site) -> None:
    dates = [f"Fri, 2{day} Nov 2020 10:00:00 GMT" for day in (0, 3, 1, 2)]
    items = [item(f"R{n}", f"/n/{n}", date=date) for n, date in enumerate(dates)]
    bladet.answer("/flode", body=rss(*items))
    wire.crawl("bladet")
    bladet.answer("/flode", body=rss(items[0], items[1], items[3]))
    before = len(bladet.requests)
    wire.crawl("bladet")
    assert [request.path for request in bladet.requests[before:]] == ["/flode"]


# The pages behind


def test_without_follow_no_page_is_asked_for(wire: Wire) -> None:
    wire.crawl("radio")
    assert wire.asked("radio") == ["/robots.txt", "/rss/"]
    stored = wire.articles("radio")
    for post in wire.county.truth("radio"):
        assert (stored[post.url].text, stored[post.url].summary) == ("", post.paragraphs[0])


def test_with_follow_each_page_is_read_once(wire: Wire) -> None:
    wire.set_source("radio", follow=True)
    wire.crawl("radio")
    assert sorted(wire.asked("radio")[2:]) == sorted(post.path for post in wire.county.truth("radio"))
    wire.advance()
    wire.crawl("radio")
    (new,) = wire.county.changes["radio"].new
    assert wire.asked("radio") == ["/rss/", new.path]


def test_what_the_feed_says_outweighs_nothing_that_the_page_said(wire: Wire) -> None:
    wire.set_source("radio", follow=True)
    wire.crawl("radio")
    before = wire.articles("radio")
    touch(wire, "radio")
    wire.crawl("radio")
    after = wire.articles("radio")
    assert {url: article.text for url, article in after.items()} == {url: a.text for url, a in before.items()}
    assert wire.rows("select * from versions") == []


def test_full_text_in_the_feed_needs_no_page(wire: Wire) -> None:
    wire.set_source("hockeyklubben", follow=True)
    wire.crawl("hockeyklubben")
    assert wire.asked("hockeyklubben") == ["/robots.txt", "/atom.xml"]


def test_a_page_that_redirects_is_the_article_that_the_feed_named(wire: Wire, bladet: Site) -> None:
    bladet.answer("/flode", body=rss(item("Badet öppnar", "/n/1")))
    bladet.answer("/n/1", 301, {"Location": "/kumla/badet-oppnar"})
    bladet.answer("/kumla/badet-oppnar", body=PAGE.format("Badet öppnar", BODY).encode())
    wire.set_source("bladet", follow=True)
    wire.crawl("bladet")
    ((url, article),) = wire.articles("bladet").items()
    assert url.endswith("/n/1")
    assert article.text == BODY.strip()
    bladet.answer("/flode", body=rss(item("Badet öppnar", "/n/1"), item("Annat", "/n/2")))
    before = len(bladet.requests)
    wire.crawl("bladet")
    assert [request.path for request in bladet.requests[before:]] == ["/flode", "/n/2"]


def test_two_items_that_redirect_to_one_page_are_both_settled(wire: Wire, bladet: Site) -> None:
    bladet.answer("/flode", body=rss(item("Badet öppnar", "/n/1"), item("Badet öppnar igen", "/n/2")))
    for number in (1, 2):
        bladet.answer(f"/n/{number}", 301, {"Location": "/kumla/badet-oppnar"})
    bladet.answer("/kumla/badet-oppnar", body=PAGE.format("Badet öppnar", BODY).encode())
    wire.set_source("bladet", follow=True)
    for _ in range(3):
        wire.crawl("bladet")
    before = len(bladet.requests)
    wire.crawl("bladet")
    assert [request.path for request in bladet.requests[before:]] == ["/flode"]


def test_a_page_without_text_is_read_again_when_the_feed_changes(wire: Wire, bladet: Site) -> None:
    bladet.answer("/flode", body=rss(item("Badet öppnar", "/n/1")))
    bladet.answer("/n/1", body=b"<html><head><title>Just a moment...</title></head><body></body></html>")
    wire.set_source("bladet", follow=True)
    wire.crawl("bladet")
    bladet.answer("/n/1", body=PAGE.format("Badet öppnar", BODY).encode())
    bladet.answer("/flode", body=rss(item("Bastun öppnar", "/n/2"), item("Badet öppnar", "/n/1")))
    wire.rows_changed("update fetches set not_before = null")
    wire.crawl("bladet")
    texts = {url[-1]: article.text for url, article in wire.articles("bladet").items()}
    assert texts == {"1": BODY.strip(), "2": ""}


def test_a_page_is_given_up_after_eight_tries(wire: Wire, bladet: Site) -> None:
    bladet.answer("/flode", body=rss(item("Badet öppnar", "/n/1")))
    wire.set_source("bladet", follow=True)
    pauses = []
    for _ in range(10):
        wire.crawl("bladet")
        rows = wire.rows("select not_before from fetches where url like '%/n/1'")
        pauses.append(rows[0]["not_before"])
        wire.rows_changed("update fetches set not_before = ? where not_before is not null", "2020-01-01T00:00:00Z")
    assert len([request for request in bladet.requests if request.path == "/n/1"]) == 8
    growing = [pause for pause in pauses if pause > "2021"]
    assert growing == sorted(growing)
    assert growing[0] > instant_text(datetime.now(UTC) + timedelta(minutes=8))


def test_pages_on_another_host_follow_that_hosts_robots(wire: Wire, bladet: Site, serve: Callable[..., Site]) -> None:
    other = serve("annan", lambda _: Reply(PAGE.format("Badet", BODY).encode()))
    other.answer("/robots.txt", headers={"Content-Type": "text/plain"}, body=b"User-agent: *\nDisallow: /hemligt/")
    wire.set_http(allow_private=(bladet.address, other.address))
    wire.set_source("bladet", follow=True)
    bladet.answer("/flode", body=rss(item("A", f"{other.url}hemligt/1"), item("B", f"{other.url}oppet/2")))
    crawl = wire.crawl("bladet")["bladet"]
    assert [request.path for request in other.requests] == ["/robots.txt", "/oppet/2"]
    assert wire.problems("bladet") == [(f"{other.url}hemligt/1", "robots.txt forbids it")]
    assert crawl.verdict == "ok"


# Looking again


def read_pages(wire: Wire, bladet: Site, text: str = "") -> None:
    """Two articles, read on their own pages."""
    wire.set_source("bladet", follow=True)
    bladet.answer("/flode", body=rss(item("Badet", "/n/1", "g1"), item("Bastun", "/n/2", "g2")))
    for number, title in (("1", "Badet"), ("2", "Bastun")):
        bladet.answer(f"/n/{number}", headers=HTML, body=PAGE.format(title, f"{BODY} {number} {text}").encode())


def pages_asked(wire: Wire, bladet: Site) -> list[str]:
    """Which articles' pages the next crawl asks for."""
    before = len(bladet.requests)
    wire.crawl("bladet")
    return [request.path for request in bladet.requests[before:] if request.path != "/flode"]


HTML = {"Content-Type": "text/html; charset=utf-8"}


def let_pass(wire: Wire, span: timedelta) -> None:
    """Make everything as much older."""
    for table, columns in (("articles", ("published", "first_seen", "last_seen")), ("fetches", ("checked_at",))):
        for column in columns:
            back = f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-{span.total_seconds():.0f} seconds')"
            wire.rows_changed(f"update {table} set {column} = {back}")


def test_pages_are_looked_at_again_at_growing_intervals(wire: Wire, bladet: Site) -> None:
    read_pages(wire, bladet)
    wire.crawl("bladet")
    seen = []
    for hours in (0.5, 0.6, 1, 4, 1, 17, 1, 143, 1, 48):
        let_pass(wire, timedelta(hours=hours))
        seen.append(pages_asked(wire, bladet))
    both = ["/n/1", "/n/2"]
    assert seen == [[], both, [], both, [], both, [], both, [], []]


def test_an_edit_is_seen_when_its_page_is_looked_at_again(wire: Wire, bladet: Site) -> None:
    read_pages(wire, bladet)
    wire.crawl("bladet")
    read_pages(wire, bladet, "Rättelse: det öppnar på tisdag.")
    let_pass(wire, timedelta(hours=1))
    assert wire.crawl("bladet")["bladet"].changed == 2
    assert len(wire.rows("select * from versions")) == 2


@pytest.mark.parametrize(("status", "headers"), [(404, {}), (302, {"Location": "/"})])
def test_a_page_that_is_gone_or_leads_home_is_missed(
    wire: Wire, bladet: Site, status: int, headers: dict[str, str]
) -> None:
    read_pages(wire, bladet)
    wire.crawl("bladet")
    bladet.answer("/n/1", status, headers)
    bladet.answer("/", headers=HTML, body=PAGE.format("Framsidan", BODY * 3).encode())
    let_pass(wire, timedelta(hours=1))
    before = wire.articles("bladet")
    assert wire.crawl("bladet")["bladet"].changed == 0
    assert wire.articles("bladet") == before
    assert [row["url"] for row in wire.rows("select url from fetches where misses = 1")] == [f"{bladet.url}n/1"]


def test_a_challenge_is_neither_news_nor_a_withdrawal(wire: Wire, bladet: Site) -> None:
    read_pages(wire, bladet)
    wire.crawl("bladet")
    wall = b"<html><title>Bladet</title><p>Visa att du inte \xc3\xa4r en robot.</p></html>"
    bladet.answer("/n/1", headers=HTML, body=wall)
    let_pass(wire, timedelta(hours=1))
    before = wire.articles("bladet")
    crawl = wire.crawl("bladet")["bladet"]
    assert (crawl.challenges, crawl.changed, crawl.gone) == (1, 0, 0)
    assert ["challenge (captcha)" in problem for _, problem in wire.problems("bladet")] == [True]
    assert wire.articles("bladet") == before
    assert pages_asked(wire, bladet) == []
    bladet.answer("/flode", 403, HTML, wall)
    assert wire.crawl("bladet")["bladet"].verdict == "failing"


# How we come


def test_a_source_has_headers_of_its_own(wire: Wire, bladet: Site) -> None:
    wire.set_source("bladet", user_agent="Bladets granne 1.0", headers={"Accept-Language": "en", "X-Key": "a1"})
    bladet.answer("/flode", body=rss(item("Badet", "/n/1")))
    wire.crawl("bladet")
    sent = [request.headers for request in bladet.requests]
    assert {headers["User-Agent"] for headers in sent} == {"Bladets granne 1.0"}
    assert (sent[-1]["Accept-Language"], sent[-1]["X-Key"]) == ("en", "a1")


def test_a_source_is_read_through_its_proxy(wire: Wire, bladet: Site, serve: Callable[..., Site]) -> None:
    """A proxy is asked for the whole address (RFC 9112, section 3.2.2)."""
    proxy = serve("proxy", lambda call: Reply(status=404))
    proxy.answer("http://bladet.example/flode", body=rss(item("Badet", "/n/1")))
    wire.set_source("bladet", url="http://bladet.example/flode", proxy=f"http://{proxy.address}")
    assert wire.crawl("bladet")["bladet"].new == 1
    assert bladet.requests == []
