"""Feeds to articles: RSS 0.9 to 2.0, RDF and Atom through feedparser, and JSON Feed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from orebro_spiders.items import Article
from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.content import content_of
from orebro_spiders.reading.dates import parse_date
from orebro_spiders.reading.feed_markup import ENTITY, feed_markup
from orebro_spiders.reading.json_fields import listed, read_json, said
from orebro_spiders.reading.text import fragment, one_line, paragraphs, plain_line

FULL_TEXT = 1000
"""Characters; a description longer than this is the article, not a summary of it."""
MAX_SUMMARY = 600


class NotAFeedError(ValueError):
    """The document is no feed; says what it is instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one feed document says."""

    articles: tuple[Article, ...]
    title: str = ""
    generator: str = ""
    ttl: int = 0
    """Minutes that it may be kept before it is asked for again (RSS 2.0, `ttl`); 0 where it does not say."""
    is_cut: bool = False
    """True when the document ends in the middle: what it lacks says nothing."""


def read_feed(body: bytes, url: str, now: datetime) -> Feed:
    """The articles of a feed document, in its order.

    `url` resolves relative addresses, `now` (aware) relative dates. Raises `NotAFeedError`.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not start:
        raise NotAFeedError("the answer is empty, not a feed")
    if start == b"{":
        return _json_feed(body, url, now)
    return _xml_feed(body, url, now)


# XML


def _xml_feed(body: bytes, url: str, now: datetime) -> Feed:
    """RSS and Atom. Raises `NotAFeedError`, also for a document that declares entities."""
    import feedparser

    markup, is_cut = feed_markup(body)
    if ENTITY.search(markup):
        raise NotAFeedError("it declares XML entities, which no feed needs")
    parsed = feedparser.parse(
        io.BytesIO(markup.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not parsed.get("version"):
        raise NotAFeedError("an HTML page, not a feed" if _HTML.search(markup[:2000]) else "not a feed")
    entries = parsed.entries[:-1] if is_cut else parsed.entries
    return Feed(
        articles=tuple(_entry(entry, url, now, is_atom=parsed.version.startswith("atom")) for entry in entries),
        title=plain_line(parsed.feed.get("title", "")),
        generator=parsed.feed.get("generator", ""),
        ttl=int(ttl) if (ttl := parsed.feed.get("ttl", "").strip()).isascii() and ttl.isdigit() else 0,
        is_cut=is_cut,
    )


_HTML = re.compile(r"<!doctype\s+html|<html\b", re.IGNORECASE)


def _entry(entry: Any, feed_url: str, now: datetime, *, is_atom: bool) -> Article:
    content: Any = next(iter(entry.get("content", [])), {})
    base = content.get("base") or feed_url
    whole = content_of(fragment(_markup(content, is_atom)), base)
    description = _markup(entry.get("summary_detail", {}), is_atom) if not _is_content(entry) else ""
    summary = plain_line(description)
    if not whole.html and len(summary) > FULL_TEXT:
        whole = content_of(fragment(description), base)
    published, updated = _date(entry, "published", now), _date(entry, "updated", now)
    stated = published or updated
    return Article(
        url=absolute(entry.get("link", ""), base) or entry.get("link", ""),
        title=plain_line(_markup(entry.get("title_detail", {}), is_atom)),
        guid=one_line(entry.get("id", "")),
        summary="" if len(summary) > FULL_TEXT else without_read_more(summary),
        html=whole.html,
        text=whole.text,
        authors=tuple(_authors(entry)),
        published=stated.instant if stated else None,
        published_precision=stated.precision if stated else "minute",
        published_from="feed" if stated else "first-seen",
        updated=updated.instant if updated and updated != published else None,
        image=_picture(entry, base),
        categories=tuple(plain_line(tag.get("term") or "") for tag in entry.get("tags", [])),
    ).told_by("feed")


def _markup(said: Any, is_atom: bool) -> str:
    """A title, summary or content as HTML: in Atom what its type says (RFC 4287, 3.1.1), in RSS it always is."""
    value: str = said.get("value") or ""
    if is_atom and said.get("type") == "text/plain":
        return "".join(f"<p>{escape(part)}</p>" for part in paragraphs(value).split("\n\n"))
    return value


def _is_content(entry: Any) -> bool:
    """feedparser lets `summary` stand in for `content` where a feed has no description."""
    return bool(entry.get("content")) and entry.get("summary") == entry.content[0].value


def _date(entry: Any, name: str, now: datetime) -> Any:
    stated = dict.get(entry, name)  # its own `get` lets `published` stand in for `updated`
    return parse_date(stated, now) if stated else None


_MAIL = re.compile(r"\s*\S+@\S+\s*(?:\((.*)\)?\s*)?")


def _authors(entry: Any) -> Iterator[str]:
    """Names only: RSS says `address (name)`, Atom has both apart (RSS 2.0, author; RFC 4287, 3.2)."""
    for author in entry.get("authors", []):
        name, mail = author.get("name") or "", author.get("email") or ""
        if _is_rest_of_address(name, mail):
            name = mail + name
        address = _MAIL.fullmatch(name)
        if shown := plain_line((address[1] or "").removesuffix(")") if address else name):
            yield shown


def _is_rest_of_address(name: str, mail: str) -> bool:
    """feedparser 6 cuts top-level domains after four letters: "asa@bladet.medi" and "a (Åsa Öberg"."""
    return bool(re.search(r"\.[a-z]{4}$", mail) and re.fullmatch(r"[a-z]+(?:\s*\(.*)?", name))


def _picture(entry: Any, base: str) -> str | None:
    places = [*entry.get("media_content", []), *entry.get("enclosures", [])]
    for place in places:
        if place.get("medium") == "image" or str(place.get("type", "")).startswith("image/"):
            return absolute(place.get("url") or place.get("href") or "", base) or None
    thumbnails = entry.get("media_thumbnail", [])
    return absolute(thumbnails[0].get("url", ""), base) or None if thumbnails else None


# What WordPress and its plugins put behind a summary. "Läs mer" may also begin a sentence of the article.
_READ_MORE = re.compile(
    r"(?:^|(?<=[.!?…\]])|(?=\s*\[?(?:…|\.\.\.)))(?P<cut>\s*\[?(?:…|\.\.\.)\]?)?"
    r"\s*(?:(?:Continue reading|Read more)\b.{0,300}"
    r"|(?:Fortsätt läsa|Läs (?:hela|resten))\b[^.!?]{0,200}\W*"
    r"|Läs (?:mer|vidare)\b(?=\W*$|\s+(?:här|om|på|i|hos)\b|\s+[\"”’A-ZÅÄÖ])[^.!?]{0,200}\W*)$"
    r"|\s*(?:The post|Inlägget) .{1,300} (?:appeared first on|dök först upp på) .*$"
)
_ELLIPSIS = re.compile(r"\s*\[?(?:…|\.\.\.)\]?$")


def without_read_more(summary: str) -> str:
    """A summary without the invitation to read on; one that is cut ends in an ellipsis.

    >>> without_read_more("Badet öppnar på måndag. Continue reading Badet öppnar")
    'Badet öppnar på måndag.'
    >>> without_read_more("Badet öppnar på [&hellip;]".replace("&hellip;", "…"))
    'Badet öppnar på …'
    """
    shorter = _READ_MORE.sub(lambda match: " …" if match["cut"] else "", summary).strip()
    return _ELLIPSIS.sub(" …", shorter).strip()


# JSON


def _json_feed(body: bytes, url: str, now: datetime) -> Feed:
    """JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    document = read_json(body)
    if document is None:
        raise NotAFeedError("it begins like JSON and is none")
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise NotAFeedError("JSON, but no JSON Feed: it has no list of items")
    items = [item for item in document["items"] if isinstance(item, dict)]
    return Feed(
        articles=tuple(_json_item(item, url, now) for item in items),
        title=plain_line(said(document, "title")),
    )


def _json_item(item: dict[str, Any], feed_url: str, now: datetime) -> Article:
    link = absolute(said(item, "url") or said(item, "external_url"), feed_url)
    content = content_of(fragment(said(item, "content_html")), link or feed_url)
    published = parse_date(said(item, "date_published"), now)
    updated = parse_date(said(item, "date_modified"), now)
    stated = published or updated
    authors = listed(item.get("authors")) or [item.get("author")]
    return Article(
        url=link or said(item, "url"),
        title=plain_line(said(item, "title")),
        guid=one_line(str(item.get("id") or "")),
        summary=one_line(said(item, "summary")),
        html=content.html,
        text=content.text or paragraphs(said(item, "content_text")),
        authors=_lines(said(author, "name") for author in authors if isinstance(author, dict)),
        published=stated.instant if stated else None,
        published_precision=stated.precision if stated else "minute",
        published_from="feed" if stated else "first-seen",
        updated=updated.instant if updated and updated != published else None,
        image=absolute(said(item, "image") or said(item, "banner_image"), feed_url) or None,
        categories=_lines(tag for tag in listed(item.get("tags")) if isinstance(tag, str)),
    ).told_by("feed")


def _lines(stated: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(one_line, stated)))
