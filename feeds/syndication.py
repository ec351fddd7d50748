"""Feeds as RSS 2.0 and Atom, through feedgen.

feedgen 1.0 leaves out, misplaces or guesses a number of things. What its setters get right they do; the rest
is put right in the two extensions below, which it calls with the XML that it has made (`register_extension`).
One generator makes one format, because its setters for one spoil the other.

Rules: RSS 2.0 and its Best Practices Profile (https://www.rssboard.org/rss-profile), RFC 4287, Media RSS.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from copy import copy
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import Any

from feeds.channels import ATOM, CACHE_SECONDS, RSS, Format
from feeds.entries import LANGUAGE, Category, Entry, Feed, Origin
from feeds.errors import RenderError
from orebro_spiders import __version__

GENERATOR = "orebro-news"
TTL_MINUTES = CACHE_SECONDS // 60

_ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_HISTORY = "{http://purl.org/syndication/history/1.0}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_WITH_REFERENCE = re.compile(rb"<(?:category|dc:creator|name|source|summary|title)\b[^>]*>[^<&]*&[^<]*")


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0, UTF-8 with its XML declaration.

    Raises `RenderError` naming the article that cannot be written.
    """
    generator = _generator(feed)
    # feedgen takes the last link for the channel's own (<link>) and the first "self" for <atom:link>.
    generator.link(href=feed.url(RSS), rel="self", type=RSS.media_type)
    generator.link(href=feed.page, rel="alternate")
    generator.description(feed.description)
    generator.generator(f"{GENERATOR} {__version__}")
    generator.ttl(TTL_MINUTES)
    for item, entry in _entries(generator, feed):
        _fill_rss(item, entry)
    return _written(generator, "rss")


def atom(feed: Feed) -> bytes:
    """The feed as Atom (RFC 4287), UTF-8 with its XML declaration.

    Raises `RenderError` naming the article that cannot be written.
    """
    generator = _generator(feed)
    generator.id(feed.id)
    generator.link(href=feed.page, rel="alternate", type="text/html")
    generator.link(href=feed.url(ATOM), rel="self", type=ATOM.media_type)
    generator.subtitle(feed.description)
    generator.author(name=feed.author)
    generator.generator(GENERATOR, version=__version__)
    for element, entry in _entries(generator, feed):
        _fill_atom(element, entry)
    return _written(generator, "atom")


def _generator(feed: Feed) -> Any:
    """A feedgen generator with what both formats state, every date set: its own default is now."""
    from feedgen.feed import FeedGenerator

    generator = FeedGenerator()
    generator.register_extension("wire", FeedExtension, EntryExtension)
    generator.wire.feed = feed
    generator.title(feed.title)
    generator.language(LANGUAGE)
    generator.updated(feed.updated)
    return generator


def _entries(generator: Any, feed: Feed) -> Iterator[tuple[Any, Entry]]:
    sources: dict[str, Any] = {}
    for entry in feed.entries:
        element = generator.add_entry(order="append")
        element.wire.entry, element.wire.sources = entry, sources
        element.wire.is_combined = entry.origin.feed_id != feed.id
        element.title(entry.title)
        yield element, entry


def _fill_rss(item: Any, entry: Entry) -> None:
    item.guid(entry.id, permalink=False)
    item.link(href=entry.link)
    item.description(_as_html(entry.summary))
    if entry.html:
        item.content(entry.html)


def _fill_atom(element: Any, entry: Entry) -> None:
    element.id(entry.id)
    element.link(href=entry.link)
    element.published(entry.published)
    element.updated(entry.updated)
    element.summary(entry.summary, type="text")
    if entry.html:
        element.content(entry.html, type="html")
    for name in entry.authors:
        element.author(name=name)


def _written(generator: Any, form: str) -> bytes:
    feed: Feed = generator.wire.feed
    try:
        document = generator.rss_str(pretty=True) if form == "rss" else generator.atom_str(pretty=True)
    except ValueError as error:
        raise RenderError(f"{_culprit(generator, form)}: {error}") from error
    styles = f'<?xml-stylesheet type="text/css" href="{feed.styles}"?>\n'.encode()
    declaration, _, rest = document.partition(b"\n")
    return b"".join([declaration, b"\n", styles, _with_hex_references(rest)])


def _culprit(generator: Any, form: str) -> str:
    """The first article that cannot be written by itself."""
    for element in generator.entry():
        try:
            element.rss_entry() if form == "rss" else element.atom_entry()
        except ValueError:
            return f"article {element.wire.entry.id}"
    return "the feed itself"


class FeedExtension:
    """Called by feedgen for the feed, before its entries: namespaces, and links that feedgen leaves out of RSS."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """Prefixes and the namespaces that they stand for."""
        return {"dc": _DC[1:-1], "media": _MEDIA[1:-1], "fh": _HISTORY[1:-1]}

    def extend_rss(self, root: Any) -> None:
        """What Atom has words for and RSS has not."""
        self._extend(root[0], f"{_ATOM}link", RSS)

    def extend_atom(self, root: Any) -> None:
        """The same; feedgen gives its elements their namespace when it writes them."""
        self._extend(root, "link", ATOM)

    def _extend(self, element: Any, link: str, form: Format) -> None:
        """Archives (RFC 5005, section 4), the hub (WebSub, section 4) and the newsroom that all of it comes from."""
        feed = self.feed
        volume = {"prev-archive": feed.volume.older, "next-archive": feed.volume.newer, "current": feed.volume.current}
        for rel, address in volume.items():
            if address:
                attributes = {"rel": rel, "type": form.media_type, "href": f"{address}.{form.suffix}"}
                _add(element, link, attributes=attributes)
        if feed.hub:
            _add(element, link, attributes={"rel": "hub", "href": feed.hub})
        if feed.via:
            _add(element, link, attributes={"rel": "via", "type": "text/html", "href": feed.via})
        if feed.is_archive:
            _add(element, f"{_HISTORY}archive")


class EntryExtension:
    """Called by feedgen for every entry, with the XML that it has made of it."""

    entry: Entry
    sources: dict[str, Any]
    """`atom:source` elements that were made for other entries, by the id of the source's feed."""
    is_combined: bool
    """Is the entry given out in another feed than that of its own source?"""

    def extend_rss(self, item: Any) -> None:
        """Dates by `email.utils` (feedgen switches the locale), names without e-mail, source, picture."""
        entry = self.entry
        for category in entry.categories:
            _add(item, "category", category.term, {"domain": category.scheme} if category.scheme else {})
        _add(item, "pubDate", format_datetime(entry.published))
        for name in entry.authors:
            _add(item, f"{_DC}creator", name)
        if entry.language != LANGUAGE:
            _add(item, f"{_DC}language", entry.language)
        if self.is_combined and entry.origin.address:
            _add(item, "source", entry.origin.title, {"url": entry.origin.url(RSS)})
        self._add_picture(item)

    def extend_atom(self, element: Any) -> None:
        """Links with the `rel` and `type` that feedgen loses, language, the whole of `source`, picture."""
        for link in element.iterchildren("link"):
            link.attrib.update({"rel": "alternate", "type": "text/html"})
        if self.entry.language != LANGUAGE:
            element.set(f"{_XML}lang", self.entry.language)
        for category in self.entry.categories:
            _add(element, "category", attributes=_category(category))
        if self.is_combined:
            element.append(self._source(element))
        self._add_picture(element)

    def _source(self, element: Any) -> Any:
        """The source's feed as it was when this entry was new in it (RFC 4287, section 4.2.11).

        A copy of the first that was made for the source, dated: seven elements for the price of two.
        """
        origin = self.entry.origin
        if origin.feed_id not in self.sources:
            self.sources[origin.feed_id] = _source_of(origin, element)
        source = copy(self.sources[origin.feed_id])
        source[_UPDATED].text = _rfc3339(self.entry.newest)
        return source

    def _add_picture(self, element: Any) -> None:
        """Media RSS, not an enclosure: that would need a length that nobody has told us."""
        if self.entry.image:
            attributes = {"url": self.entry.image, "medium": "image"}
            if self.entry.image_type:
                attributes["type"] = self.entry.image_type
            picture = _add(element, f"{_MEDIA}content", attributes=attributes)
            if self.entry.image_caption:
                _add(picture, f"{_MEDIA}description", self.entry.image_caption, {"type": "plain"})
            if self.entry.image_credit:
                _add(picture, f"{_MEDIA}credit", self.entry.image_credit)


_UPDATED = 2


def _source_of(origin: Origin, element: Any) -> Any:
    """`atom:source` without its date, third. Its `author` answers for an entry that names none (RFC 4287, 4.2.1)."""
    source = element.makeelement("source")
    _add(source, "id", origin.feed_id)
    _add(source, "title", origin.title)
    _add(source, "updated")
    _add(_add(source, "author"), "name", origin.title)
    if origin.page:
        _add(source, "link", attributes={"rel": "alternate", "type": "text/html", "href": origin.page})
    if origin.address:
        _add(source, "link", attributes={"rel": "self", "type": ATOM.media_type, "href": origin.url(ATOM)})
    return source


def _category(category: Category) -> dict[str, str]:
    attributes = {"term": category.term}
    if category.scheme:
        attributes["scheme"] = category.scheme
    if category.label:
        attributes["label"] = category.label
    return attributes


def _add(parent: Any, name: str, text: str | None = None, attributes: Mapping[str, str] | None = None) -> Any:
    element = _sub_element()(parent, name, attributes)
    if text is not None:
        element.text = text
    return element


@cache
def _sub_element() -> Any:
    from lxml.etree import SubElement

    return SubElement


def _rfc3339(instant: datetime) -> str:
    return instant.isoformat()


def _as_html(plain: str) -> str:
    """Plain text for an element that readers take for HTML: escaped where HTML would read it otherwise.

    >>> _as_html("Bad & bastu"), _as_html("Så skrivs &lt; i HTML")
    ('Bad & bastu', 'Så skrivs &amp;lt; i HTML')
    """
    is_html = "<" not in plain and html.unescape(plain) == plain
    return plain if is_html else html.escape(plain, quote=False)


def _with_hex_references(document: bytes) -> bytes:
    """`&` and `<` in plain elements as most readers understand them (RSS Best Practices Profile, "title").

    The same to any XML parser; readers and validators that look at the source take it for text, not for HTML.

    >>> _with_hex_references(b"<title>Bad &amp; bastu</title>")
    b'<title>Bad &#x26; bastu</title>'
    """
    return _WITH_REFERENCE.sub(
        lambda match: match.group().replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;"), document
    )
