"""Pages, feeds and answers that nobody would write: whatever they hold, reading them gives an answer or a clear no.

A hundred of each here; `make fuzz` makes thousands.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orebro_spiders.items import Article
from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.articlepages import read_article_page
from orebro_spiders.reading.characters import xml_characters
from orebro_spiders.reading.discovery import read_document
from orebro_spiders.reading.extraction import read_article
from orebro_spiders.reading.feeds import NotAFeedError, read_feed
from orebro_spiders.reading.links import read_links
from orebro_spiders.reading.listings import read_listing
from orebro_spiders.reading.municipal import read_municipal_page
from orebro_spiders.reading.posts import read_post
from orebro_spiders.reading.radio import read_news, read_radio_page
from orebro_spiders.reading.releases import read_release
from orebro_spiders.reading.sitemaps import NotASitemapError, read_sitemap
from orebro_spiders.reading.text import xml_text
from orebro_spiders.reading.trees import parse_page
from orebro_spiders.reading.viatt import read_via_tt
from orebro_spiders.spiders.polisen import read_event
from orebro_spiders.spiders.wordpress import LIST, PAGE

URL = "https://bladet.example/nyheter/2026/11/badet-4711"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Reader = Callable[[bytes, str, datetime], Article | None]
READERS: dict[str, Reader] = {
    "any site": read_article,
    "article page": read_article_page,
    "WordPress": partial(read_article, selectors=PAGE),
    "Mynewsdesk": read_release,
    "Via TT": read_via_tt,
    "municipality": read_municipal_page,
    "radio": read_radio_page,
}

# What pages and feeds are made of, and what they should not be made of.

_WORDS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    (
        *("Badet öppnar", "22 november 2026 kl. 10.15", "2026-02-30", "Publicerad: 31/13", "Av Eva Ek", "Kontakt"),
        *("Bara för prenumeranter", "&amp;#0;", "&#xD800;", "&nbsp;", "<![CDATA[", "]]>", "-->"),
        *("\0", "\x0b", "\ufffe", "&#11;", "&#x0b;<b>", "</body>", "</html>"),
    )
)
_KEYS = (
    *"@type @graph @id headline description articleBody datePublished dateModified author name image url".split(),
    *"publisher hasPart isAccessibleForFree mainEntity id link title content rendered date date_gmt guid".split(),
    *"datetime summary type location gps".split(),
    *"modified_gmt excerpt _embedded wp:term items content_html date_published tags text publishdateutc".split(),
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _WORDS | st.just("2026-11-22T10:15:00+01:00"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inside, max_size=4),
    max_leaves=12,
)
_TAGS = (
    *"html head title meta link script style body main article section div p h1 h2 time a img figure".split(),
    *"figcaption ul li table tr td span b form iframe svg template noscript rss channel item entry feed".split(),
    *"guid pubDate content:encoded dc:date updated published summary content id urlset url loc lastmod sitemap".split(),
)
_ATTRIBUTES = st.sampled_from(
    (
        *("hidden", "=\"'", 'class="entry-content"', 'class="byline author"', 'class="type__date"'),
        *('id="content-area"', 'type="xhtml"', 'width="1"'),
        *('itemprop="articleBody"', 'datetime="2026-11-22"', 'type="application/ld+json"'),
        *('property="article:published_time" content="2026-99-99"', 'style="width:0;height:0"', 'charset="utf-7"'),
        *('rel="canonical" href="//"', 'href="http://[::1"', 'src="data:x"', 'xmlns="http://www.w3.org/2005/Atom"'),
        'class="main-headline" href="https://bl℀det.example/nyheter/badet-4711"',
    )
)
_PIECES = st.one_of(
    _WORDS,
    st.builds("<{} {}>".format, st.sampled_from(_TAGS), _ATTRIBUTES),
    st.builds("</{}>".format, st.sampled_from(_TAGS)),
    st.builds(lambda value: f'<script type="application/ld+json">{json.dumps(value)}</script>', _VALUES),
)
_MARKUP = st.lists(_PIECES, max_size=25).map("".join)
_SENTENCE = "Badet i Vivalla öppnar igen på lördag, och alla som vill bada är välkomna dit redan från klockan tio. "
_SKELETON = (
    "<!DOCTYPE html><html lang=sv><head><title>Badet öppnar | Bladet</title>",
    '<meta property="og:title" content="Badet öppnar"><meta property="article:published_time" content="2026-11-20">',
    "</head><body><header><nav><ul><li><a href=/>Hem</a><li><a href=/sport>Sport</a></ul></nav></header>",
    "<main><article><h1>Badet öppnar</h1><p class=byline>Av Eva Ek</p>",
    "<time datetime=2026-11-20T10:15>20 november 2026</time>",
    *(f"<p>{_SENTENCE * 3}</p>", f"<h2>Så går det till</h2><p>{_SENTENCE * 2}</p>", f"<div>{_SENTENCE * 4}<br><br>"),
    "</div><ul><li>Lördag <b>10–14</b><li>Söndag 11–15</ul><figure><img src=/b.jpg><figcaption>Foto: Bo Ek",
    "</figcaption></figure></article><aside><h3>Mest läst</h3><ul><li><a href=/1>Branden</a></ul></aside></main>",
    "<footer>Bladet",
)
_ARTICLES = st.lists(st.lists(_PIECES, max_size=4).map("".join), min_size=len(_SKELETON), max_size=len(_SKELETON)).map(
    lambda between: "".join(part for both in zip(_SKELETON, between, strict=True) for part in both)
)

# Answers in good order, in whose fields anything may stand.

_SAID = _WORDS | _MARKUP | _VALUES
_WHEN = st.sampled_from(("2026-11-22T10:15:00", "/Date(1795342500000)/", "2026-11-22 10:15:00 +01:00")) | _WORDS
_LINK = st.just(URL) | _WORDS


def _with(**known: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: said | _SAID for name, said in known.items()})


_POSTS = st.fixed_dictionaries(
    {"id": st.just(4711), "link": _LINK, "date": _WHEN, "date_gmt": _WHEN, "content": _with(rendered=_MARKUP)},
    optional={
        **{name: _with(rendered=_MARKUP) for name in ("title", "excerpt", "guid")},
        "modified_gmt": _WHEN,
        "_embedded": _with(
            **{"author": _SAID, "wp:term": _SAID, "wp:featuredmedia": st.lists(_with(source_url=_LINK))}
        ),
    },
)
_NEWS = st.fixed_dictionaries(
    {"articles": st.lists(_with(url=_LINK, title=_WORDS, text=_MARKUP, publishdateutc=_WHEN, imageurl=_LINK))}
)
_EVENTS = st.fixed_dictionaries(
    {"id": st.just(4711), "name": _SAID, "url": _LINK},
    optional={"datetime": _WHEN, "summary": _SAID, "type": _SAID},
)
_JSON_FEEDS = st.fixed_dictionaries(
    {
        "version": st.just("https://jsonfeed.org/version/1.1"),
        "items": st.lists(
            _with(
                url=_LINK,
                title=_WORDS,
                content_html=_MARKUP,
                date_published=_WHEN,
                authors=st.lists(_with(name=_WORDS)),
                tags=st.lists(_WORDS),
            )
        ),
    }
)


def _rss(fields: list[tuple[str, str]]) -> str:
    inside = "".join(f"<{name}>{escape(xml_characters(said))}</{name}>" for name, said in fields)
    start = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    return f"{start}<channel><title>Bladet</title><item>{inside}</item></channel></rss>"


def _atom(fields: list[tuple[str, str]]) -> str:
    inside = "".join(f'<{name} type="html">{escape(xml_characters(said))}</{name}>' for name, said in fields)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Bladet</title><entry><id>1</id>{inside}</entry></feed>'


_FIELDS = "title link description content:encoded guid pubDate dc:creator category summary content updated published"
_FEEDS = st.builds(
    lambda build, fields: build(fields).encode(errors="replace"),
    st.sampled_from((_rss, _atom)),
    st.lists(st.tuples(st.sampled_from(_FIELDS.split()), _WORDS | _MARKUP | _WHEN), max_size=6),
) | _JSON_FEEDS.map(lambda feed: json.dumps(feed).encode())
DOCUMENTS = st.one_of(
    st.builds(str.encode, _MARKUP | _ARTICLES, st.sampled_from(["utf-8", "latin-1", "utf-16"]), st.just("replace")),
    st.builds(lambda value: json.dumps(value).encode(), _VALUES),
    st.binary(max_size=200),
)


def assert_is_fit(article: Article) -> None:
    """It can be stored and given out: text that XML allows, HTML that cannot hurt, an instant with its offset."""
    for said in (article.title, article.summary, article.text, *article.authors, *article.categories):
        assert xml_text(said) == said
    assert xml_characters(article.html) == article.html
    assert "<script" not in article.html
    assert article.published is None or article.published.tzinfo


@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
@given(body=DOCUMENTS)
def test_any_page_is_read(read: Reader, body: bytes) -> None:
    if article := read(body, URL, NOW):
        assert_is_fit(article)


@given(DOCUMENTS | _FEEDS)
def test_any_document_is_a_feed_or_none(body: bytes) -> None:
    try:
        articles = read_feed(body, URL, NOW).articles
    except NotAFeedError:
        return
    for article in articles:
        assert_is_fit(article)


@given(DOCUMENTS)
def test_any_document_is_a_sitemap_or_none(body: bytes) -> None:
    with suppress(NotASitemapError):
        for location in read_sitemap(body, URL, NOW).pages:
            assert absolute(location.url, URL) == location.url


@given(DOCUMENTS)
def test_any_page_may_be_a_list(body: bytes) -> None:
    read_document(body, URL)
    if (tree := parse_page(body)) is not None:
        for article in (*read_listing(tree, URL, NOW, LIST).articles, *read_links(tree, URL, NOW).articles):
            assert_is_fit(article)


@given(_VALUES | _POSTS | _NEWS | _EVENTS)
def test_any_json_may_be_posts(value: Any) -> None:
    found = [*(read_news(value, URL) or ()), read_event(value, URL, NOW)]
    if isinstance(value, dict):
        found.append(read_post(value, URL))
    for article in filter(None, found):
        assert_is_fit(article)
