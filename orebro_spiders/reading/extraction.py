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
from orebro_spiders.reading.characters import page_bytes
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.metadata import Metadata, read_metadata
from orebro_spiders.reading.selecting import drop, line_of, one_text, select, texts
from orebro_spiders.reading.text import (
    absolute,
    fragment,
    picture_address,
    plain_paragraphs,
    readable_html,
    text_of_html,
)
from orebro_spiders.reading.urls import address_key

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
    title = title or headline(document, metadata.title, url)
    summary = one_text(document, selectors.summary) or metadata.summary
    authors = metadata.authors or texts(document, selectors.author)
    categories = texts(document, selectors.categories) or metadata.categories
    body = _body(
        document, url, selectors, frozenset({title, metadata.title, *authors})
    )  # last, because it changes the document
    return Article(
        url=url,
        title=title,
        summary=summary,
        text=text_of_html(body) or plain_paragraphs(metadata.body),
        html=body,
        authors=authors,
        published=dated.instant if dated else None,
        published_precision=dated.precision if dated else "minute",
        published_from=origin,
        updated=updated.instant if updated and updated != dated else None,
        image=metadata.image or _first_picture(body, url),
        categories=categories,
        language=metadata.language,
    )


def parse_page(html: bytes) -> Element | None:
    """The page as a tree; `None` when there is nothing in it, or when it is another kind of file."""
    if html.startswith(_FILES):
        return None
    try:
        return lxml.html.document_fromstring(decoded_page(html), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


# PDF, PNG, JPEG, GIF, RIFF (WebP, sound), zip (Word), gzip, old Word and RTF, as a browser tells them from pages:
# https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
_FILES = (
    *(b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"),
    b"{\\rtf",
)


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9._-]+)""", re.IGNORECASE)


def decoded_page(html: bytes) -> bytes:
    """The page in UTF-8, without characters that XML forbids."""
    return page_bytes(html, _META_CHARSET)


# Headline


def headline(document: Element, stated: str, url: str) -> str:
    """The page's headline: what metadata state (whole, where they cut it), else its heading that `<title>` repeats.

    A heading that leads to another page is that page's, or the name of the site.
    """
    own = [heading for heading in document.iter("h1", "h2") if not leads_away(heading, url)]
    lines = [line for heading in own if (line := line_of(heading))]
    if stated:
        return next((line for line in lines if _is_cut_from(stated, line)), stated)
    window = one_text(document, ("title",))
    repeated = max((line for line in lines if line in window), key=len, default="")
    return repeated or next((line_of(h) for h in own if h.tag == "h1" and line_of(h)), "") or window


def _is_cut_from(stated: str, line: str) -> bool:
    """Is a stated headline the beginning of that line, cut in a word or with an ellipsis?

    >>> _is_cut_from("Tornet bygger i Linde", "Tornet bygger i Lindesberg"), _is_cut_from("Tornet", "Tornet bygger")
    (True, False)
    """
    begun = stated.rstrip(" .…")
    behind = line[len(begun) : len(begun) + 1]
    return (
        bool(begun)
        and line.startswith(begun)
        and (behind.isalpha() or (bool(behind) and stated.endswith(("…", "..."))))
    )


def leads_away(heading: Element, url: str) -> bool:
    """Does a heading link to another page than the one it stands on?"""
    links = (*heading.iter("a"), *heading.iterancestors("a"))
    addresses = [absolute(link.get("href") or "", url) for link in links]
    return any(address and address_key(address) != address_key(url) for address in addresses)


# Dates


def _published(
    document: Element, metadata: Metadata, selectors: Selectors, now: datetime
) -> tuple[ParsedDate | None, DateOrigin]:
    """The article's own date and where it stands, by the first way that gives one."""
    for stated, origin in metadata.published:
        if dated := parse_date(stated, now):
            return dated, origin
    for element in select(document, selectors.date):
        stated = element.get("datetime") or line_of(element)
        if dated := parse_date(stated, now) or parse_date(line_of(element), now):
            return dated, "time" if element.tag == "time" else "text"
    if not selectors.date and (dated := _own_time(document, now)):
        return dated, "time"
    return None, "first-seen"


_FOREIGN = ("nav, aside, blockquote, [id*=comment], [class*=comment], [class*=related]",)
"""What stands inside an article and is another's."""


def _own_time(document: Element, now: datetime) -> ParsedDate | None:
    """The `<time>` of the one article on the page, before its text; a page with several articles has none.

    One paragraph may stand before it: the preamble of Swedish news. Times that a sentence tells of, and those of
    comments and related articles, are not the article's own.
    """
    articles = document.findall(".//article")
    if len(articles) != 1:
        return None
    foreign = set(select(articles[0], _FOREIGN))
    sentences = 0
    for element in articles[0].iter("p", "time"):
        if element.tag == "p":
            sentences += _is_sentence(line_of(element))
            continue
        if sentences > 1:
            break
        is_another = any(above in foreign or _tells(above) for above in element.iterancestors())
        if not is_another and (dated := parse_date(element.get("datetime") or line_of(element), now)):
            return dated
    return None


def _tells(above: Element) -> bool:
    return above.tag in {"p", "li"} and _is_sentence(line_of(above))


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

    known = known.union(texts(document, ("h1",)))
    found = extract(document, url=url, output_format="html", include_links=True, include_comments=False)
    if not found:
        return ""
    body = lxml.html.document_fromstring(found).find("body")
    if body is None:
        return ""
    for block in list(body):
        line = line_of(block)
        if line not in known and not _is_byline(line):
            break
        block.drop_tree()
    return readable_html(body, url)


_BYLINE = re.compile(
    r"(?:(?:av|by|text|foto|text och foto|publicerad|uppdaterad)\b.{0,80}|.{0,30}\b20\d\d\b.{0,60})?",
    re.IGNORECASE,
)


def _is_byline(line: str) -> bool:
    """A line in front of the text that names a writer or a day; one that ends like a sentence is the text.

    >>> _is_byline("Av Bo Ek"), _is_byline("Den 24 juli 2026 blev bassängen klar.")
    (True, False)
    """
    return not _is_sentence(line) and bool(_BYLINE.fullmatch(line))


def _is_sentence(line: str) -> bool:
    return len(line) > 120 or line.endswith((".", "!", "?", ":", "”", '"'))


def _first_picture(body: str, url: str) -> str | None:
    if "<img" not in body:
        return None
    picture = fragment(body).find(".//img")
    return absolute(picture_address(picture) or "", url) or None if picture is not None else None
