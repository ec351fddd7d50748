"""A page to an article: JSON-LD, then meta elements, then `<time>`, then selectors, then generic reading.

Nothing outside the article's own scope is taken for it: the dates of a sidebar belong to other articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import lxml.html
from lxml import etree

from orebro_spiders.items import Article, DateOrigin
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.metadata import Metadata, read_metadata
from orebro_spiders.reading.selecting import drop, one_text, select, texts
from orebro_spiders.reading.text import (
    absolute,
    fragment,
    one_line,
    paragraphs,
    picture_address,
    readable_html,
    text_of_html,
)

Element = lxml.html.HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where a platform keeps things: CSS selectors, tried in order."""

    title: tuple[str, ...] = ("h1",)
    body: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    """Elements whose whole text (or `datetime`) is the article's date."""
    author: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    """What does not belong to the text although it stands inside the body."""


ANY_SITE = Selectors()
_STRIP = (
    "nav, aside, footer, form, figcaption, #comments, .comments-area, .related-posts, .jp-relatedposts, .post-tags, "
    ".sharedaddy, .share-buttons, .social-share, .newsletter-signup, .wp-caption-text"
)


def read_article(html: bytes, url: str, now: datetime, *, selectors: Selectors = ANY_SITE) -> Article:
    """The article that a page holds; what the page does not state is empty.

    `url` is the page's address, `now` (aware) resolves relative dates. Never raises for odd pages.
    """
    document = parse_page(html)
    if document is None:
        return Article(url=url, title="")
    metadata = read_metadata(document, url)
    dated, origin = _published(document, metadata, selectors, now)
    updated = parse_date(metadata.updated, now) if metadata.updated else None
    title = one_text(document, selectors.title) if selectors is not ANY_SITE else ""
    title = title or metadata.title or one_text(document, ("h1", "title"))
    known = frozenset({title, metadata.title, *metadata.authors})
    body = _body(document, url, selectors, known)
    text = text_of_html(body) or paragraphs(metadata.body)
    return Article(
        url=url,
        title=title,
        summary=one_text(document, selectors.summary) or metadata.summary,
        text=text,
        html=body,
        authors=metadata.authors or texts(document, selectors.author),
        published=dated.instant if dated else None,
        published_precision=dated.precision if dated else "minute",
        published_from=origin,
        updated=updated.instant if updated and updated != dated else None,
        image=metadata.image or _first_picture(body, url),
        categories=texts(document, selectors.categories) or metadata.categories,
        language=metadata.language,
    )


def parse_page(html: bytes) -> Element | None:
    """The page as a tree; `None` when there is nothing in it."""
    text = decoded_page(html)
    try:
        return lxml.html.document_fromstring(text, parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9._-]+)""", re.IGNORECASE)


def decoded_page(html: bytes) -> bytes:
    """The page in UTF-8, without NUL.

    Bytes that are valid UTF-8 are UTF-8, whatever header or meta say: Swedish text in another encoding is not.
    """
    if html.startswith((b"\xff\xfe", b"\xfe\xff")):
        return html.decode("utf-16", "replace").encode("utf-8", "replace")
    html = html.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    try:
        html.decode("utf-8")
    except UnicodeDecodeError:
        return _from_declared(html)
    return html


def _from_declared(html: bytes) -> bytes:
    declared = _META_CHARSET.search(html[:4096])
    name = declared[1].decode("ascii").lower() if declared else "windows-1252"
    if name in {"utf-8", "utf8", "iso-8859-1", "latin1", "us-ascii", "ascii"}:
        name = "windows-1252"  # WHATWG Encoding: these labels mean windows-1252 on the web
    try:
        return html.decode(name, "replace").encode()
    except LookupError:
        return html.decode("windows-1252", "replace").encode()


# Dates


def _published(
    document: Element, metadata: Metadata, selectors: Selectors, now: datetime
) -> tuple[ParsedDate | None, DateOrigin]:
    """The article's own date and where it stands, by the first way that gives one."""
    for stated, origin in metadata.published:
        if dated := parse_date(stated, now):
            return dated, origin
    for element in select(document, selectors.date):
        stated = element.get("datetime") or one_line(element.text_content())
        if dated := parse_date(stated, now) or parse_date(one_line(element.text_content()), now):
            return dated, "time" if element.tag == "time" else "text"
    if selectors is ANY_SITE and (dated := _own_time(document, now)):
        return dated, "time"
    return None, "first-seen"


def _own_time(document: Element, now: datetime) -> ParsedDate | None:
    """The `<time>` of the one article on the page, before its text; a page with several articles has none."""
    articles = document.findall(".//article")
    scope = articles[0] if len(articles) == 1 else None
    if scope is None:
        return None
    for element in scope.iter("time"):
        if dated := parse_date(element.get("datetime") or one_line(element.text_content()), now):
            return dated
    return None


# Text


def _body(document: Element, url: str, selectors: Selectors, known: frozenset[str]) -> str:
    """The article's text as sanitised HTML; `known` lines (headline, names) that open it are not its text."""
    if not selectors.body:
        return _generic_body(document, url, known)
    found = select(document, selectors.body)
    if not found:
        return ""
    drop(found[0], (_STRIP, *selectors.strip))
    return readable_html(found[0], url)


def _generic_body(document: Element, url: str, known: frozenset[str]) -> str:
    """The text of a page that nobody knows, by trafilatura, without a headline and byline in front of it."""
    from trafilatura import extract

    found = extract(document, url=url, output_format="html", include_links=True, include_comments=False)
    if not found:
        return ""
    body = lxml.html.document_fromstring(found).find("body")
    if body is None:
        return ""
    for block in list(body):
        line = one_line(block.text_content())
        if line not in known and not _BYLINE.fullmatch(line):
            break
        block.drop_tree()
    return readable_html(body, url)


_BYLINE = re.compile(
    r"(?:(?:av|by|text|foto|text och foto|publicerad|uppdaterad)\b.{0,80}|.{0,30}\b20\d\d\b.{0,60})?",
    re.IGNORECASE,
)
"""A line in front of the text that names a writer or a day, and has no room for a sentence."""


def _first_picture(body: str, url: str) -> str | None:
    if "<img" not in body:
        return None
    picture = fragment(body).find(".//img")
    return absolute(picture_address(picture) or "", url) or None if picture is not None else None
