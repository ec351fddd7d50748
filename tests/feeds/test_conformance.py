"""The checker itself: it must see every fault that it is trusted to see."""

from __future__ import annotations

import re

import pytest

from feeds.addresses import Home
from feeds.channels import channels
from feeds.entries import entry_of, feed_of
from feeds.syndication import atom, rss
from tests.feeds.conformance import check_atom, check_rss
from tests.feeds.county import BASE, settings, stored


def documents() -> tuple[bytes, bytes]:
    """A faultless feed with everything in it, as RSS and as Atom."""
    config, home = settings(), Home(BASE)
    told = [
        stored(1, kind="press", html="<p>Hela <a href='/x'>texten</a></p>", authors=("Åsa",), municipalities=("Nora",)),
        stored(2, image="https://bladet.example/b.jpg"),
    ]
    feed = feed_of(channels(config)[0], [entry_of(one, config, home) for one in told], config)
    return rss(feed), atom(feed)


RSS, ATOM = documents()

RSS_FAULTS = [
    ("encoding='UTF-8'", "encoding='utf-16le'", "no XML declaration naming UTF-8"),
    ("</channel>", "", "not well-formed"),
    ('version="2.0"', 'version="0.91"', "not an rss element"),
    ("<title>Örebro just nu</title>", "", "missing title"),
    ("<language>sv</language>", "", "missing language"),
    ("<language>sv</language>", "<language>svenska!</language>", "not a language tag"),
    ("<ttl>30</ttl>", "<ttl>ofta</ttl>", "ttl is not"),
    ("<ttl>30</ttl>", "<ttl>30</ttl><ttl>30</ttl>", "ttl more than once"),
    ("<ttl>30</ttl>", "<ttl>30</ttl><tal>1</tal>", "unknown element tal"),
    ("<ttl>30</ttl>", "<ttl>30</ttl><copyright/>", "empty element"),
    ("</channel>", "<docs>x</docs></channel>", "channel metadata after an item"),
    (r"<atom:link[^>]*/>", "", "missing atom:link rel=self"),
    (r"alla\.rss", "annan.rss", "self link does not match"),
    ("application/rss[+]xml", "text/xml", "self link of another type"),
    (r"Sat, 21 Nov 2026 17:00:00 [+]0000", "2026-11-21T17:00:00Z", "lastBuildDate is not an RFC 822 date"),
    (r"Sat, 21 Nov 2026 16:59:00 [+]0000", "Sun, 21 Nov 2026 16:59:00 +0000", "pubDate is not an RFC 822 date"),
    (r"<guid[^>]*>[^<]*</guid>", "", "missing guid"),
    (' isPermaLink="false"', "", "guid without isPermaLink"),
    ("bladet/2<", "bladet/1<", "guid more than once"),
    (r"<link>https://bladet.example/2</link>", "<link>/2</link>", "not an absolute http address"),
    ("<title>Rubrik 2</title>", "<title>&lt;b>Rubrik&lt;/b></title>", "title contains HTML"),
    ("<title>Rubrik 2</title>", "<title>A &amp;lt; B</title>", "title contains what looks like HTML"),
    ("<title>Rubrik 2</title>", "<title>Rubrik \x85</title>", "white space around title"),
    ("<title>Rubrik 2</title>", "<title>Rub\x93rik</title>", "characters that XML discourages"),
    ("<title>Rubrik 2</title>", "<title> Rubrik</title>", "white space around title"),
    (r"(<description>Bröd.*?</description>)(\s*<content:.*?</content:encoded>)", r"\2\1", "content:encoded before"),
    ("href=\"https://bladet.example/x\"", 'href="/x"', "relative address"),
    ("&lt;p&gt;Hela", "&lt;script&gt;x()&lt;/script&gt;Hela", "security risk: script"),
    ("&lt;p&gt;Hela", "&lt;p onclick='x()'&gt;Hela", "security risk: onclick"),
    ("&lt;p&gt;Hela", "&lt;p&gt;5 &lt; 6", "not HTML"),
    ("<dc:creator>Åsa</dc:creator>", "<author>Åsa</author>", "author is not an e-mail address"),
    ('domain="tag:[^"]*"', 'domain="slag"', "category domain is not a URI"),
    ('url="https://nyheter[^"]*"', 'url="/kalla"', "not an absolute http address"),
    ('medium="image"', "", "media:content without a known medium"),
    ("<guid", '<enclosure url="https://x.se/" type="a/b" length="None"/><guid', "enclosure without length"),
    (r"16:58:00", "18:58:00", "not newest first"),
]  # fmt: skip

ATOM_FAULTS = [
    ("<feed ", "<fed ", "not well-formed"),
    ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "not an atom:feed"),
    (' xml:lang="sv"', "", "missing xml:lang"),
    ("<id>[^<]*feed/alla</id>", "", "missing id"),
    ("<id>[^<]*feed/alla</id>", "<id>alla</id>", "id is not a URI"),
    (r"<updated>2026-11-21T16:58:00[^<]*</updated>", "", "missing updated"),
    (r"2026-11-21T16:58:00\+00:00", "2026-11-21T16:58:00.123+00:00", "not an RFC 3339 date"),
    (r"2026-11-21T16:58:00\+00:00", "2026-11-21T16:58:00", "not an RFC 3339 date"),
    (r"<updated>2026-11-21T16:58", "<updated>2026-11-20T16:58", "updated before published"),
    (r"<published>2026-11-21T16:58", "<published>2026-11-21T17:58", "not newest first"),
    (r"<link[^>]*rel=\"self\"[^>]*/>", "", "missing atom:link rel=self"),
    (r"alla\.atom", "annan.atom", "self link does not match"),
    (r'<link href="https://bladet.example/2"[^>]*/>', r"\g<0>\g<0>", "several alternate links"),
    (r'<link href="https://bladet.example/2"[^>]*/>', "", "neither content nor alternate"),
    (r'<link href="https://bladet.example/2"', '<link href="2"', "not an absolute http address"),
    (r"<author>\s*<name>Örebro just nu</name>\s*</author>", "", "missing author"),
    ("<name>Åsa</name>", "<name> </name>", "author without a name"),
    ("bladet/2<", "bladet/1<", "id more than once"),
    ('<summary type="text">Brödtext 2.*?</summary>', "", "missing textual content"),
    ('<summary type="text">', '<summary type="html">', "summary is not plain text"),
    ('<content type="html">', '<content type="CDATA">', "content of a type"),
    ("href=\"https://bladet.example/x\"", 'href="x"', "relative address"),
    ('term="Nora"', 'term=""', "category without a term"),
    ('scheme="tag:[^"]*"', 'scheme="kommun"', "category scheme is not a URI"),
    (r"(<source>\s*)<id>[^<]*</id>", r"\1", "missing id"),
    ("<summary", "<subtitle>x</subtitle><summary", "unknown element"),
    ("</feed>", "<rights>x</rights></feed>", "feed metadata after an entry"),
]  # fmt: skip


def test_the_feed_that_the_faults_are_put_into_has_none() -> None:
    assert check_rss(RSS, f"{BASE}alla.rss") == check_atom(ATOM, f"{BASE}alla.atom") == []


@pytest.mark.parametrize(("sound", "faulty", "rule"), RSS_FAULTS)
def test_faults_in_rss(sound: str, faulty: str, rule: str) -> None:
    document, count = re.subn(sound, faulty, RSS.decode(), flags=re.DOTALL)
    assert count
    assert rule in "\n".join(map(str, check_rss(document.encode(), f"{BASE}alla.rss")))


@pytest.mark.parametrize(("sound", "faulty", "rule"), ATOM_FAULTS)
def test_faults_in_atom(sound: str, faulty: str, rule: str) -> None:
    document, count = re.subn(sound, faulty, ATOM.decode(), flags=re.DOTALL)
    assert count
    assert rule in "\n".join(map(str, check_atom(document.encode(), f"{BASE}alla.atom")))
