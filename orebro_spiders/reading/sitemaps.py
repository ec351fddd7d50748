"""Sitemaps: which pages a site has, and when each was changed (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.characters import decoded
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.feed_markup import ENTITY, clean_markup, known_ampersands
from orebro_spiders.reading.text import one_line

MAX_SIZE = 50 * 1024 * 1024
"""Bytes of one sitemap, unpacked: the protocol's own limit."""
MAX_ENTRIES = 50_000
"""Addresses in one sitemap: the protocol's own limit."""


class NotASitemapError(ValueError):
    """The document is no sitemap; says what it is instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """One address of a sitemap."""

    url: str
    changed: ParsedDate | None = None
    published: ParsedDate | None = None
    """Of a news sitemap."""
    title: str = ""
    """Of a news sitemap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What one sitemap file says."""

    pages: tuple[Location, ...] = ()
    sitemaps: tuple[Location, ...] = ()
    """Further files, which a sitemap index names."""
    is_cut: bool = False
    """True when the file ends in the middle: what it lacks says nothing."""

    @property
    def is_news(self) -> bool:
        """Does it name articles only, and the newest only (those of two days)?"""
        return bool(self.pages) and all(page.title for page in self.pages)


def read_sitemap(body: bytes, url: str, now: datetime) -> Sitemap:
    """The addresses of a sitemap, a sitemap index, a news sitemap or a list of addresses, packed by gzip or not.

    News sitemaps: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap. `url` resolves
    relative addresses, `now` is aware. Raises `NotASitemapError`, also for a document that declares entities.
    """
    body = _unpacked(body)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:4].lower() == b"http":
        return _text_sitemap(body)
    markup = clean_markup(body, _ROOT)
    if ENTITY.search(markup):
        raise NotASitemapError("it declares XML entities, which no sitemap needs")
    if not _ROOT.match(markup):
        raise NotASitemapError("the answer is empty" if not markup.strip() else "not a sitemap")
    found: dict[str, list[Location]] = {"url": [], "sitemap": []}
    for element in _entries(known_ampersands(markup)):
        location = _location(element, url, now)
        if location.url:
            found[_name(element)].append(location)
        element.clear()
    return Sitemap(pages=tuple(found["url"]), sitemaps=tuple(found["sitemap"]), is_cut=not _END.search(markup))


_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]+:)?(?:urlset|sitemapindex)\s*>|<(?:[\w.-]+:)?(?:urlset|sitemapindex)[^>]*/>\s*$", re.I)
_DECLARED = re.compile(rb"(?!)")


def _unpacked(body: bytes) -> bytes:
    """The plain file; one that is cut or longer than a sitemap may be, as far as it goes."""
    if not body.startswith(b"\x1f\x8b"):
        return body[:MAX_SIZE]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_SIZE)
    except zlib.error:
        raise NotASitemapError("it begins like gzip and is none") from None


def _text_sitemap(body: bytes) -> Sitemap:
    lines = (line.strip() for line in decoded(body, _DECLARED).splitlines())
    pages = (Location(url=line) for line in lines if re.match(r"https?://\S+$", line, re.IGNORECASE))
    return Sitemap(pages=tuple(pages)[:MAX_ENTRIES])


def _entries(markup: str) -> Iterator[etree._Element]:
    """The file's entries, one after the other, read like broken markup of a page: what is whole is kept."""
    source = io.BytesIO(markup.encode())
    events = etree.iterparse(
        source, tag=("{*}url", "{*}sitemap"), recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )
    try:
        for number, (_, element) in enumerate(events):
            if number >= MAX_ENTRIES:
                return
            yield element
    except etree.XMLSyntaxError:  # broken beyond recovery, in front of its first entry or behind some
        return


def _location(entry: etree._Element, url: str, now: datetime) -> Location:
    """Only what stands right under the entry is the page's: pictures have addresses and titles of their own."""
    said = {_name(child): one_line(child.text or "") for child in entry}
    news = next((child for child in entry if _name(child) == "news"), None)
    story = {_name(child): one_line(child.text or "") for child in news} if news is not None else {}
    return Location(
        url=absolute(said.get("loc", ""), url),
        changed=parse_date(said.get("lastmod", ""), now),
        published=parse_date(story.get("publication_date", ""), now),
        title=story.get("title", ""),
    )


def _name(element: etree._Element) -> str:
    """The element's name without namespace or prefix; nothing for a comment."""
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""
