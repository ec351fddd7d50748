from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from orebro_spiders.reading.discovery import (
    Document,
    Finding,
    FoundFeed,
    Link,
    found_feed,
    found_itself,
    is_of_comments,
    is_of_site,
    is_sitemap,
    linked,
    read_document,
    site_name,
    wrong_lead,
)

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
HOME = "https://bladet.example/"


def page(
    head: str = "", body: str = "", url: str = HOME, html: str = 'lang="sv-SE"', links: tuple[str, ...] = ()
) -> Document:
    return read_document(f"<!DOCTYPE html><html {html}><head>{head}</head>{body}</html>".encode(), url, links)


def alternate(href: str, title: str = "", kind: str = "application/rss+xml", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


# What an answer is


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        (b"<!doctype html><title>x</title>", "page"),
        (b"\xef\xbb\xbf\n<html><body><p>x", "page"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html><body>x</body></html>', "page"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel><description>&lt;p>hej</description>', "xml"),
        (b"<rss><channel><item><description><![CDATA[<p>x</p>]]></description></item></channel></rss>", "xml"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>', "xml"),
        (b"<rdf:RDF><channel/></rdf:RDF>", "xml"),
        (b"<br />\n<b>Warning</b>: x in <b>/www/a.php</b><br />", "page"),
        (b"<br />\n<b>Warning</b>: x<br /><rss><channel/></rss>", "xml"),
        (b'<?xml version="1.0"?><opml/>', "other"),
        (b"[]", "json"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "json"),
        (b"{ inte json", "other"),
        (b"%PDF-1.7 <html>", "other"),
        (b"\x89PNG\r\n", "other"),
        (b"Bara text.", "other"),
        (b"", "other"),
    ],
)
def test_what_an_answer_is(body: bytes, shape: str) -> None:
    assert read_document(body, HOME).shape == shape


def test_the_keys_of_an_api_record() -> None:
    assert read_document(b'[{"id": 1, "name": "x"}, {"id": 2}]', HOME).record == {"id", "name"}
    assert read_document(b'["x"]', HOME).record == frozenset()


# Feeds


def test_feeds_in_the_order_of_the_page_and_each_once() -> None:
    document = page(
        alternate("/feed/", "Bladet »  Flöde")
        + alternate("/feed/", "igen")
        + alternate("atom.xml", kind="APPLICATION/ATOM+XML; charset=utf-8", rel="Alternate home")
        + alternate("/wp-json/x", kind="application/json")
        + alternate("/en/", kind="text/html")
        + alternate("/stil.css", kind="application/rss+xml", rel="stylesheet")
        + alternate("javascript:x()")
    )
    assert document.feeds == (
        Link(url=f"{HOME}feed/", title="Bladet » Flöde"),
        Link(url=f"{HOME}atom.xml"),
    )


def test_feeds_of_a_page_that_says_what_its_links_are_relative_to() -> None:
    document = page("<base href='/'>" + alternate("feed/"), url=f"{HOME}nyheter/alla/")
    assert document.feeds == (Link(url=f"{HOME}feed/"),)


def test_a_categorys_own_feed_comes_after_the_sites() -> None:
    own, site = alternate("/kategori/sport/feed/"), alternate("/feed/")
    feeds = page(own + site, url=f"{HOME}kategori/sport/").feeds
    assert [feed.url for feed in feeds] == [f"{HOME}feed/", f"{HOME}kategori/sport/feed/"]
    assert [feed.url for feed in page(own + site).feeds] == [f"{HOME}kategori/sport/feed/", f"{HOME}feed/"]


@pytest.mark.parametrize(
    ("url", "title", "is_comments"),
    [
        ("feed/", "Bladet » Webbflöde", False),
        ("comments/feed/", "", True),
        ("badet/feed/", "Bladet » Badet öppnar Kommentarsflöde", True),
        ("badet/feed/", "Bladet » Kommentarer till: Badet", True),
        ("badet/feed/", "Bladet » Badet opens Comments Feed", True),
        ("?feed=comments-rss2", "", True),
        ("kommentar/rss", "Bladet – Kommentar", False),
        ("feed/", "Kommentarer » Nyheter", False),
    ],
)
def test_feeds_of_comments(url: str, title: str, is_comments: bool) -> None:
    assert is_of_comments(Link(url=HOME + url, title=title)) is is_comments


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        ("https://www.bladet.example/x", "http://bladet.example/", True),
        ("https://rss.bladet.example/", "https://www.bladet.example/", True),
        ("https://bladet.example/", "https://nyheter.bladet.example/", True),
        ("https://annatbladet.example/", "https://bladet.example/", False),
        ("https://a.blogg.example/", "https://b.blogg.example/", False),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8002/", False),
        ("mailto:a@bladet.example", "https://bladet.example/", False),
    ],
)
def test_what_is_one_site(address: str, other: str, same: bool) -> None:
    assert is_of_site(address, other) is is_of_site(other, address) is same


def test_wrong_leads_say_why() -> None:
    assert wrong_lead(Link(url=f"{HOME}feed/"), HOME) == ""
    assert wrong_lead(Link(url=f"{HOME}comments/feed/"), HOME) == "comments"
    assert wrong_lead(Link(url="https://annat.example/rss"), HOME) == "another site's"


def rss(*items: str, title: str = "Bladet") -> bytes:
    entries = "".join(f"<item><title>{item}</title><link>{HOME}{item}</link></item>" for item in items)
    return f"<rss version='2.0'><channel><title>{title}</title>{entries}</channel></rss>".encode()


def test_a_feed_that_brings_news() -> None:
    feed = found_feed(rss("a", "b"), Link(url=f"{HOME}feed/"), NOW)
    assert (feed.title, feed.entries, feed.with_text, feed.problem) == ("Bladet", 2, 0, "")
    assert feed.is_usable


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (rss(), "empty"),
        (rss("a", title="Kommentarer för Bladet"), "comments"),
        (b"<!doctype html><html><body>Sidan finns inte.</body></html>", "an HTML page, not a feed"),
        (b"", "the answer is empty, not a feed"),
        (b'{"ok": true}', "JSON, but no JSON Feed: it has no list of items"),
    ],
)
def test_a_feed_that_brings_none(body: bytes, problem: str) -> None:
    feed = found_feed(body, Link(url=f"{HOME}feed/"), NOW)
    assert (feed.problem, feed.is_usable) == (problem, False)


def test_the_feed_to_read_is_the_first_that_brings_news() -> None:
    feeds = (FoundFeed(url="a", problem="empty"), FoundFeed(url="b", entries=3), FoundFeed(url="c", entries=9))
    assert Finding(document=page(), feeds=feeds).feed == feeds[1]
    assert Finding(document=page(), feeds=feeds[:1]).feed is None


# WordPress's REST API


def test_rest_is_declared_by_a_header_or_a_link() -> None:
    header = ('<https://bladet.example/x>; rel=shortlink, </blogg/wp-json/>; rel="https://api.w.org/"',)
    assert page(links=header).rest == f"{HOME}blogg/wp-json/"
    assert (
        page('<link rel="https://api.w.org/" href="/index.php?rest_route=/">').rest == f"{HOME}index.php?rest_route=/"
    )
    assert page().rest == ""


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('</a>; title="b, c"; rel="x next"', f"{HOME}a"),
        ("</a>; rel=prev, </b>; rel=next", f"{HOME}b"),
        ("</a>; rel=nextdoor", ""),
        ('</a>; title="rel=next"', ""),
        ("next", ""),
    ],
)
def test_link_headers(header: str, found: str) -> None:
    assert linked([header], "next", HOME) == found


# Articles and lists

STORY = "<body><h1>Badet öppnar</h1><p>På måndag.</p></body>"
SENTENCES = "Badet i Vivalla har varit stängt i två år för en stor ombyggnad som blev dyrare än väntat. "
LONG = f"<body><h1>Badet öppnar</h1><div>{f'<p>{SENTENCES * 2}</p>' * 4}</div></body>"
LIST = f"<body><h1>Nyheter</h1>{f'<li><a href=/a>Badet</a><p>{SENTENCES * 2}</p></li>' * 9}</body>"
ARTICLE = f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"})}</script>'


@pytest.mark.parametrize(
    ("head", "body", "path", "is_article"),
    [
        ('<meta property="og:type" content="article">', STORY, "a", True),
        ('<meta property="og:type" content="article">', STORY, "", False),
        ('<meta property="og:type" content="website">', STORY, "a", False),
        (ARTICLE, STORY, "a", True),
        (ARTICLE * 3, STORY, "nyheter", False),
        ("", '<body class="single single-post"><p>x</p></body>', "a", True),
        (ARTICLE, '<body class="archive category"><p>x</p></body>', "nyheter", False),
        ("", STORY, "nyheter/nya-badet-oppnar-i-augusti", False),
        ("", LONG, "nyheter/nya-badet-oppnar-i-augusti", True),
        ("", LONG, "artikel/1234567", True),
        ("", LONG, "2026/08/badet/", True),
        ("", LONG, "nyheter/2026/nyheter.html", False),
        ("", LIST, "de-senaste-nyheterna-i-lanet", False),
    ],
)  # fmt: skip
def test_what_is_an_article(head: str, body: str, path: str, is_article: bool) -> None:
    assert page(head, body, HOME + path).is_article is is_article


def test_headlines_link_to_the_site_and_count_once() -> None:
    body = """<h2><a href="/a">A</a></h2><h3><a href="/b">B</a></h3><a href="/c"><h2>C</h2></a>
    <h2><a href="/a#x">A igen</a></h2><h2><a href="https://annat.example/">D</a></h2><p><a href="/e">E</a></p>"""
    assert page(body=f"<body>{body}</body>").headlines == 3


def test_types_of_json_ld() -> None:
    node = {"@graph": [{"@type": "WebSite"}, {"@type": ["WebPage", "CollectionPage"]}]}
    assert page(f'<script type="application/ld+json">{json.dumps(node)}</script>').types == (
        "WebSite", "WebPage", "CollectionPage",
    )  # fmt: skip


# What a site calls itself


@pytest.mark.parametrize(
    ("title", "is_front", "name"),
    [
        ("Bladet | Nyheter från Örebro", True, "Bladet"),
        ("Start - Bladet", True, "Bladet"),
        ("Badet öppnar | Bladet", False, "Bladet"),
        ("Tornet – Pressmeddelanden", False, "Tornet"),
        ("Nyheter", False, "Nyheter"),
        ("Svartå-Posten", True, "Svartå-Posten"),
        ("", True, ""),
    ],
)
def test_the_name_in_a_title(title: str, is_front: bool, name: str) -> None:
    assert site_name(title, is_front=is_front) == name


def test_the_title_of_a_finding() -> None:
    feeds = (FoundFeed(url="a", title="Bladets flöde", entries=1),)
    document = page("<title>Bladet | Örebro</title>")
    assert Finding(document=document).title == "Bladet"
    assert Finding(document=document, feeds=feeds).title == "Bladets flöde"
    assert Finding(document=document, feeds=feeds, name="Själva bladet").title == "Själva bladet"
    assert Finding(document=page()).title == "bladet.example"
    assert page('<meta property="og:site_name" content="Bladet själv"><title>x | y</title>').title == "Bladet själv"


def test_address_and_language() -> None:
    assert page('<link rel="canonical" href="https://bladet.example/a">').address == "https://bladet.example/a"
    assert page('<meta property="og:url" content="https://bladet.example/b">').address == "https://bladet.example/b"
    assert page('<link rel="canonical" href="/a">').address == ""
    assert [page(html=html).language for html in ('lang="en-GB"', "", 'lang="sv"')] == ["en", "sv", "sv"]


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (b'<?xml version="1.0"?><urlset xmlns="x">', True),
        (b"<sitemapindex/>", True),
        (b"<!doctype html><html>Sidan finns inte</html>", False),
        (b"<urlsetx>", False),
    ],
)
def test_sitemaps(body: bytes, is_one: bool) -> None:
    assert is_sitemap(body) is is_one


# What is itself a way in


def test_a_document_that_is_itself_a_way_in() -> None:
    jsonfeed = (
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "https://bladet.example/a"}]}'
    )
    for body, entries in ((rss("a", "b"), [2]), (jsonfeed, [1]), (rss(), [0]), (b'[{"id": 1}]', []), (b'{"a": 1}', [])):
        finding = found_itself(read_document(body, HOME), body, NOW)
        assert [feed.entries for feed in finding.feeds] == entries
