"""What a document declares of the ways into its site, and what was found of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal
from urllib.parse import urljoin, urlsplit

from orebro_spiders.reading.addresses import absolute, page_tree
from orebro_spiders.reading.feeds import NotAFeedError, read_feed
from orebro_spiders.reading.json_fields import read_json
from orebro_spiders.reading.metadata import ARTICLE_TYPES, linked_types
from orebro_spiders.reading.selecting import first, line_of, select
from orebro_spiders.reading.text import one_line
from orebro_spiders.reading.trees import Element, headings
from orebro_spiders.reading.urls import address_key, canonical_url, host_of, slug_words

Shape = Literal["page", "xml", "json", "other"]

USUAL_FEEDS = ("feed/", "rss", "rss.xml", "feed.xml", "feeds/feed.xml", "atom.xml", "index.xml", "feed.json")
USUAL_SITEMAPS = ("sitemap.xml", "wp-sitemap.xml")
SLUG = 4
"""Words that make an address a headline's."""
SENTENCE, RUN = 40, 400
"""Characters of a paragraph of text, and of the paragraphs of an article."""
REST = "https://api.w.org/"
"""The relation by which WordPress declares its REST API
(https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A feed that a page declares."""

    url: str
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """An answer of a site, as far as it tells how the site is to be read."""

    url: str
    shape: Shape
    rest: str = ""
    """The root of WordPress's REST API, if it is declared."""
    record: frozenset[str] = frozenset()
    """The keys of the first object of a JSON list."""
    tree: Element | None = None

    @property
    def home(self) -> str:
        """The root of the host."""
        return urljoin(self.url, "/")

    @cached_property
    def feeds(self) -> tuple[Link, ...]:
        """The feeds that it declares (https://html.spec.whatwg.org/multipage/links.html#rel-alternate), in its order.

        Those below the page itself come last: on a category's page the site's own feed is the one that is meant.
        """
        links = [] if self.tree is None else self.tree.xpath("//link[@href and @type]")
        feeds = [
            Link(url=absolute(link.get("href"), self.url), title=one_line(link.get("title") or ""))
            for link in links
            if "alternate" in (link.get("rel") or "").lower().split() and _is_feed_type(link)
        ]
        distinct: dict[str, Link] = {}
        for feed in feeds:
            distinct.setdefault(feed.url, feed)
        distinct.pop("", None)
        return tuple(sorted(distinct.values(), key=self._is_below))

    def _is_below(self, feed: Link) -> bool:
        return self.url.rstrip("/") != self.home.rstrip("/") and feed.url.startswith(self.url)

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The schema.org types of its JSON-LD."""
        return () if self.tree is None else linked_types(self.tree)

    @cached_property
    def headlines(self) -> int:
        """How many headings link to other pages of the site: a list of news has several."""
        if self.tree is None:
            return 0
        found = [(*heading.iter("a"), *heading.iterancestors("a")) for heading in headings(self.tree, "h2", "h3")]
        addresses = {canonical_url(absolute(link.get("href") or "", self.url)) for links in found for link in links}
        return sum(host_of(address) == host_of(self.url) for address in addresses)

    @property
    def is_article(self) -> bool:
        """Is the page one article, by its own word or by an address made of a headline?

        The front page of a site never is, nor what WordPress calls a list.
        """
        if self.tree is None or self.url == self.home or select(self.tree, ("body.archive", "body.blog", "body.home")):
            return False
        said = self.meta("og:type").lower() == "article" or bool(select(self.tree, ("body.single", "body.single-post")))
        return said or sum(name in ARTICLE_TYPES for name in self.types) == 1 or self._is_named_by_headline()

    def _is_named_by_headline(self) -> bool:
        is_named = len(slug_words(self.url).split()) >= SLUG or bool(_NUMBERED.search(urlsplit(self.url).path))
        return is_named and self._longest_run() >= RUN

    def _longest_run(self) -> int:
        """Characters of the paragraphs that stand together: in an article many, in a list those of one entry."""
        runs: Counter[Element] = Counter()
        for paragraph in self.tree.iter("p") if self.tree is not None else ():
            parent = paragraph.getparent()
            if parent is not None and (length := len(line_of(paragraph))) >= SENTENCE:
                runs[parent] += length
        return max(runs.values(), default=0)

    @property
    def address(self) -> str:
        """The address that the page gives itself; empty when it gives none."""
        link = first(self.tree, ("link[rel=canonical][href]",)) if self.tree is not None else None
        stated = (link.get("href") or "") if link is not None else self.meta("og:url")
        return stated if stated.startswith(("http://", "https://")) else ""

    @property
    def title(self) -> str:
        """What the site calls itself, as far as the page says: its name, else a part of the page's title."""
        if name := self.meta("og:site_name"):
            return name
        found = first(self.tree, ("head > title",)) if self.tree is not None else None
        return site_name(line_of(found), is_front=self.url == self.home) if found is not None else ""

    @property
    def language(self) -> str:
        """The page's language, two or three letters; Swedish where it says none."""
        stated = (self.tree.get("lang") or "") if self.tree is not None else ""
        language = re.split("[-_]", stated)[0].strip().lower()
        return language if re.fullmatch("[a-z]{2,3}", language) else "sv"

    def meta(self, name: str) -> str:
        """The content of a meta element, by `property` or `name`."""
        if self.tree is None:
            return ""
        found = first(self.tree, (f'meta[property="{name}"][content]', f'meta[name="{name}"][content]'))
        return one_line(found.get("content") or "") if found is not None else ""


_NUMBERED = re.compile(r"\d{5,}|/\d{4}/\d{1,2}/")
_TITLE_PARTS = re.compile(r"\s+[|–—·•»-]\s+")
_SECTION = re.compile(
    r"(?:(?:senaste|alla|våra) )?(?:nyheter(?:na)?|nytt|aktuellt|artiklar|pressmeddelanden?|pressrum|arkiv|nyhetsarkiv)"
    r"|start(?:sida)?|hem|home|news|webbflöde|rss",
    re.IGNORECASE,
)


def site_name(title: str, *, is_front: bool = False) -> str:
    """The site's name in a page's title: in front on the front page, else behind; the words for a section are none.

    >>> site_name("Sport | Närkebladet"), site_name("Bostads AB Tornet – Pressmeddelanden")
    ('Närkebladet', 'Bostads AB Tornet')
    """
    parts = _TITLE_PARTS.split(title)
    named = [part for part in parts if not _SECTION.fullmatch(part)] or parts
    return named[0] if is_front else named[-1]


_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_ROOT = re.compile(
    rb"<(?:(?P<xml>rss|(?:\w+:)?feed|rdf:RDF|urlset|sitemapindex)"
    rb"|(?P<page>!doctype\s+html|html|head|body|title|meta|article|h1|p|div))\b",
    re.IGNORECASE,
)


def _is_feed_type(link: Element) -> bool:
    return (link.get("type") or "").partition(";")[0].strip().lower() in _FEED_TYPES


def read_document(body: bytes, url: str, link_headers: Iterable[str] = (), charset: str = "") -> Document:
    """What an answer is and declares.

    `link_headers` are the values of its Link headers (RFC 8288), `charset` is what its type states. Never raises for
    odd documents.
    """
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["}:
        return _json_document(body, url)
    root = _ROOT.search(start)
    is_page = bool(root["page"]) if root else start[:1] == b"<" and not start.startswith(b"<?xml")
    tree = page_tree(body, url, charset) if is_page else None
    if tree is not None:
        return Document(url=url, shape="page", rest=_declared_rest(tree, url, link_headers), tree=tree)
    return Document(url=url, shape="xml" if root and root["xml"] else "other")


def _json_document(body: bytes, url: str) -> Document:
    said = read_json(body)
    if said is None:
        return Document(url=url, shape="other")
    record = said[0] if isinstance(said, list) and said and isinstance(said[0], dict) else {}
    return Document(url=url, shape="json", record=frozenset(record))


_LINK = re.compile(r"<([^>]*)>\s*((?:;\s*[\w*]+\s*=\s*(?:\"[^\"]*\"|[^\s;,]+)\s*)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.IGNORECASE)


def linked(link_headers: Iterable[str], relation: str, url: str) -> str:
    """The address of the first link of that relation in Link headers (RFC 8288, section 3); empty when there is none.

    >>> linked(['</wp-json/>; rel="https://api.w.org/"'], "https://api.w.org/", "https://bladet.example/")
    'https://bladet.example/wp-json/'
    """
    for header in link_headers:
        for target, parameters in _LINK.findall(header):
            stated = _REL.search(parameters)
            if stated and relation in (stated[1] or stated[2]).split():
                return absolute(target, url)
    return ""


def _declared_rest(tree: Element, url: str, link_headers: Iterable[str]) -> str:
    element = first(tree, (f'link[rel="{REST}"][href]',))
    return linked(link_headers, REST, url) or (absolute(element.get("href") or "", url) if element is not None else "")


# Wrong leads


COMMENTS = "comments"
_COMMENTS = re.compile(r"\b(?:comments?|kommentar(?:er|s?flöde))\b", re.IGNORECASE)
_COMMENTS_PATH = re.compile(r"/(?:comments?|kommentarer)(?:[/.?]|$)|[?&]feed=comments", re.IGNORECASE)


def is_of_comments(link: Link) -> bool:
    """A feed of comments, by its address or its title.

    >>> is_of_comments(Link(url="https://bladet.example/badet/feed/", title="Bladet » Kommentarer till: Badet"))
    True
    """
    name = link.title.rpartition("»")[2] or link.title
    return bool(_COMMENTS_PATH.search(link.url) or _COMMENTS.search(name))


def is_of_site(address: str, other: str) -> bool:
    """Are both addresses of one host, or one of a host below the other's, `www.` aside?

    >>> is_of_site("https://feeds.bladet.example/alla", "https://www.bladet.example/")
    True
    >>> is_of_site("https://blogg.example/feed", "https://www.bladet.example/")
    False
    """
    hosts = [host_of(one).removeprefix("www.") for one in (address, other)]
    return all(hosts) and (hosts[0] == hosts[1] or any(a.endswith(f".{b}") for a, b in (hosts, hosts[::-1])))


def wrong_lead(link: Link, page: str) -> str:
    """Why a feed that a page declares brings none of the site's news; empty when it may."""
    if is_of_comments(link):
        return COMMENTS
    return "" if is_of_site(link.url, page) else "another site's"


_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)\b")


def is_sitemap(body: bytes) -> bool:
    """A sitemap or an index of them (https://www.sitemaps.org/protocol.html)."""
    return bool(_SITEMAP.search(body[:4000]))


# Platforms


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that was looked at, or why it was not."""

    url: str
    title: str = ""
    entries: int = 0
    with_text: int = 0
    """How many entries hold their article's text."""
    problem: str = ""
    """Why it is no way to the news; empty when it is one."""

    @property
    def is_usable(self) -> bool:
        """Does it bring news?"""
        return bool(self.entries) and not self.problem


def found_feed(body: bytes, link: Link, now: datetime) -> FoundFeed:
    """What an answer holds as a feed; `now` (aware) resolves relative dates."""
    try:
        feed = read_feed(body, link.url, now)
    except NotAFeedError as error:
        return FoundFeed(url=link.url, title=link.title, problem=str(error))
    title = feed.title or link.title
    return FoundFeed(
        url=link.url,
        title=title,
        entries=len(feed.articles),
        with_text=sum(bool(article.text) for article in feed.articles),
        problem=COMMENTS if is_of_comments(Link(url=link.url, title=title)) else "" if feed.articles else "empty",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All that was found out about a site."""

    document: Document
    feeds: tuple[FoundFeed, ...] = ()
    rest: str = ""
    """The root of a REST API that answers as WordPress's."""
    rest_home: str = ""
    """The site's front page, as the API states it."""
    name: str = ""
    """The site's name, as the API states it."""
    sitemaps: tuple[str, ...] = ()
    requests: int = 0
    """How many it took."""

    @property
    def feed(self) -> FoundFeed | None:
        """The feed to read: the first that brings news."""
        return next((feed for feed in self.feeds if feed.is_usable), None)

    @property
    def title(self) -> str:
        """What the site calls itself; its host when it does not say."""
        feed = self.feed
        of_feed = site_name(feed.title, is_front=True) if feed else ""
        return self.name or of_feed or self.document.title or host_of(self.document.url)


def found_itself(document: Document, body: bytes, now: datetime) -> Finding:
    """What was found when the document that was asked for is no page: a feed, or an API's answer."""
    feed = found_feed(body, Link(url=document.url), now)
    is_feed = document.shape == "xml" or feed.is_usable
    return Finding(document=document, feeds=(feed,) if is_feed else ())


def same_source(url: str, other: str) -> bool:
    """Do two sources start at the same page?"""
    return address_key(url) == address_key(other)
