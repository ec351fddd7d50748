"""A page to an article: JSON-LD, then meta elements, then `<time>`, then selectors, then generic reading.

Nothing outside the article's own scope is taken for it: the dates of a sidebar belong to other articles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from orebro_spiders.items import Article
from orebro_spiders.reading.authors import author_names, shown_authors
from orebro_spiders.reading.dates import parse_date
from orebro_spiders.reading.metadata import Metadata, read_metadata
from orebro_spiders.reading.page_dates import published_date
from orebro_spiders.reading.selecting import drop, line_of, one_text, select, texts
from orebro_spiders.reading.text import (
    absolute,
    fragment,
    picture_address,
    plain_paragraphs,
    readable_html,
    text_of_html,
)
from orebro_spiders.reading.trees import MAX_BYTES, Element, decoded_page, parse_page
from orebro_spiders.reading.urls import believed_canonical


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
_SHORT = 400  # characters of a text that may not be all
_STRIP = (
    "nav, aside, footer, form, figcaption, #comments, .comments-area, .related-posts, .jp-relatedposts, .post-tags, "
    ".sharedaddy, .share-buttons, .social-share, .newsletter-signup, .wp-caption-text"
)


def read_article(
    html: bytes, url: str, now: datetime, *, selectors: Selectors = ANY_SITE, charset: str = ""
) -> Article:
    """The article that a page holds; what the page does not state is empty.

    `url` is the page's address, `now` (aware) resolves relative dates, `charset` is what the answer's header states.
    Never raises for odd pages.
    """
    document = parse_page(html, charset)
    if document is None:
        return Article(url=url, title="")
    metadata = read_metadata(document, url)
    scope = None if selectors is ANY_SITE else selectors.date
    dated, origin = published_date(document, metadata, url, now, scope)
    updated = parse_date(metadata.updated, now) if metadata.updated else None
    title = _title(document, metadata, selectors, url)
    summary = one_text(document, selectors.summary) or metadata.summary
    authors = _authors(document, metadata, selectors)
    categories = texts(document, selectors.categories) or metadata.categories
    body = _body(document, url, selectors, metadata, title)  # last, because it changes the document
    picture = metadata.image or _first_picture(body, url)
    text = text_of_html(body)
    if other := _other_text(len(text), metadata, html, selectors):
        text, body = other, _as_html(other)
    return Article(
        url=believed_canonical(metadata.canonical, url) if selectors is ANY_SITE else url,
        title=title,
        summary=summary,
        text=text,
        html=body,
        authors=authors,
        published=dated.instant if dated else None,
        published_precision=dated.precision if dated else "minute",
        published_from=origin,
        updated=updated.instant if updated and updated != dated else None,
        image=picture,
        categories=categories,
        language=metadata.language,
    )


def _title(document: Element, metadata: Metadata, selectors: Selectors, url: str) -> str:
    if selectors is not ANY_SITE and (title := one_text(document, selectors.title)):
        return title
    from orebro_spiders.reading.titles import best_title, shown_titles

    return best_title((metadata.title, metadata.shared_title), shown_titles(document, url), metadata.site)


def _authors(document: Element, metadata: Metadata, selectors: Selectors) -> tuple[str, ...]:
    """People before the newsroom itself; what the page states about itself before what it shows."""
    known = {metadata.site, *metadata.house}
    stated = author_names(metadata.authors)
    if people := tuple(name for name in stated if name not in known):
        return people
    shown = texts(document, selectors.author) if selectors is not ANY_SITE else shown_authors(document)
    return author_names(shown) or stated or author_names(metadata.house[-1:])


# Text


def _body(document: Element, url: str, selectors: Selectors, metadata: Metadata, title: str) -> str:
    """The article's text as sanitised HTML."""
    if not selectors.body:
        from orebro_spiders.reading.body import find_body

        known = {title, metadata.title, *metadata.authors, *map(line_of, document.iter("h1"))}
        element = find_body(document, title, metadata.summary, frozenset(known))
        return readable_html(element, url) if element is not None else ""
    found = select(document, selectors.body)
    if not found:
        return ""
    drop(found[0], (_STRIP, *selectors.strip))
    return readable_html(found[0], url)


def _other_text(length: int, metadata: Metadata, html: bytes, selectors: Selectors) -> str:
    """The text from elsewhere, where the page shows less than half of it: from JSON-LD, or else from its scripts."""
    stated = plain_paragraphs(metadata.body) if len(metadata.body) > 2 * length else ""
    if selectors is ANY_SITE and max(length, len(stated)) < _SHORT:
        from orebro_spiders.reading.script_text import text_in_scripts

        stated = max(stated, text_in_scripts(decoded_page(html[:MAX_BYTES]).decode()), key=len)
    return stated if len(stated) > 2 * length else ""


def _as_html(text: str) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text.split("\n\n"))


def _first_picture(body: str, url: str) -> str | None:
    if "<img" not in body:
        return None
    picture = fragment(body).find(".//img")
    return absolute(picture_address(picture) or "", url) or None if picture is not None else None
