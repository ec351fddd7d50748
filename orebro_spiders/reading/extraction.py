"""A page to an article: JSON-LD, then meta elements, then `<time>`, then selectors, then generic reading.

Nothing outside the article's own scope is taken for it: the dates of a sidebar belong to other articles.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from html import escape
from itertools import chain

from orebro_spiders.items import Article, Origin
from orebro_spiders.reading.addresses import first_picture, page_tree, settle_pictures
from orebro_spiders.reading.authors import author_names, shown_authors
from orebro_spiders.reading.content import Content, content_of
from orebro_spiders.reading.dates import parse_date
from orebro_spiders.reading.hidden import hidden_inside
from orebro_spiders.reading.locks import shows_lock
from orebro_spiders.reading.page import Page, open_page, traced
from orebro_spiders.reading.page_dates import published_date
from orebro_spiders.reading.pictures import CAPTIONS, shown_captions, with_caption
from orebro_spiders.reading.selecting import classes_asked_by, first, found_inside, line_of, one_text, possible, texts
from orebro_spiders.reading.tags import UNSEEN
from orebro_spiders.reading.text import fragment, plain_paragraphs
from orebro_spiders.reading.trees import Element
from orebro_spiders.reading.urls import believed_canonical, host_of


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
_STRIP_TAGS = frozenset(("nav", "aside", "footer", "form", "figcaption"))
_STRIP = (
    "#comments, .comments-area, .related-posts, .jp-relatedposts, .post-tags",
    ".sharedaddy, .share-buttons, .social-share, .newsletter-signup",
    CAPTIONS,
    ", ".join(f".{name}" for name in sorted(UNSEEN)),
)


def read_article(
    html: bytes, url: str, now: datetime, *, selectors: Selectors = ANY_SITE, charset: str = ""
) -> Article:
    """The article that a page holds; what the page does not state is empty.

    `url` is the page's address, `now` (aware) resolves relative dates, `charset` is what the answer's header states.
    Never raises for odd pages.
    """
    page = open_page(html, url, charset)
    if page is None:
        return Article(url=url, title="")
    selectors = possible_on(page, selectors)
    return with_text(read_statements(page, now, selectors), page, selectors)


def possible_on(page: Page, selectors: Selectors) -> Selectors:
    """Without those selectors that ask for a class that the page does not have; at least one of each kind stays.

    All classes of a page are read in the time that one of them is looked for in.
    """
    if not _asks_for_classes(selectors):
        return selectors
    given = {name: getattr(selectors, name) for name in _PLACES}
    return replace(selectors, **{name: possible(ways, page.classes) or ways[:1] for name, ways in given.items()})


_PLACES = ("title", "body", "date", "author", "summary", "categories")


@cache
def _asks_for_classes(selectors: Selectors) -> bool:
    """Do so many ask for one that it pays to read all?"""
    ways = chain.from_iterable(getattr(selectors, name) for name in _PLACES)
    return sum(any(classes_asked_by(way)) for way in ways) > 1


def read_statements(page: Page, now: datetime, selectors: Selectors = ANY_SITE) -> Article:
    """All of the article but its text and what stands in that; `now` is aware. The page stays as it is."""
    metadata = page.metadata
    scope = None if selectors is ANY_SITE else selectors.date
    dated, origin = published_date(page.tree, metadata, page.url, now, scope)
    updated = parse_date(metadata.updated, now) if metadata.updated else None
    return Article(
        url=believed_canonical(metadata.canonical, page.url) if selectors is ANY_SITE else page.url,
        title=_title(page, selectors),
        summary=one_text(page.tree, selectors.summary) or metadata.summary,
        authors=_authors(page, selectors),
        published=dated.instant if dated else None,
        published_precision=dated.precision if dated else "minute",
        published_from=origin,
        updated=updated.instant if updated and updated != dated else None,
        image=metadata.image,
        image_caption=metadata.image_caption,
        image_credit=metadata.image_credit,
        is_free=metadata.is_free,
        categories=texts(page.tree, selectors.categories) or metadata.categories,
        language=metadata.language,
    )


def with_text(article: Article, page: Page, selectors: Selectors = ANY_SITE) -> Article:
    """What `read_statements` gave, with the text, its picture and all origins; changes the page's tree."""
    known = first(page.tree, selectors.body)
    extras = _extras(known, selectors) if known is not None else None
    captions = shown_captions(page, extras, article.image)
    is_free = False if selectors is ANY_SITE and article.is_free is None and shows_lock(page) else article.is_free
    content = _selected(known, extras or (), page.url) if selectors.body else _found(page, article.title)
    origin = _origin(bool(selectors.body))
    image = article.image or (first_picture(fragment(content.html), page.url) if "<img" in content.html else None)
    if other := _other_text(len(content.text), page, selectors):
        text, origin = other
        content = Content(_as_html(text), text)
    whole = replace(article, text=content.text, html=content.html, image=image, is_free=is_free)
    whole = with_caption(whole, captions)
    return traced(whole, page, _origin(selectors is not ANY_SITE), text=origin)


def _extras(known: Element, selectors: Selectors) -> list[Element]:
    """What stands in a known place without being text."""
    return [*found_inside(known, (*_STRIP, *selectors.strip)), *hidden_inside(known)]


def _origin(is_selected: bool) -> Origin:
    return "selector" if is_selected else "generic"


def _title(page: Page, selectors: Selectors) -> str:
    if selectors is not ANY_SITE and (title := one_text(page.tree, selectors.title)):
        return title
    from orebro_spiders.reading.titles import best_title, shown_titles

    metadata = page.metadata
    host = host_of(page.url).removeprefix("www.")
    shown = shown_titles(page.tree, page.url)
    return best_title((metadata.title, metadata.shared_title), shown, metadata.site, host, host.rpartition(".")[0])


def _authors(page: Page, selectors: Selectors) -> tuple[str, ...]:
    """People before the newsroom itself; what the page states about itself before what it shows."""
    metadata = page.metadata
    known = {metadata.site, *metadata.house}
    stated = author_names(metadata.authors)
    if people := tuple(name for name in stated if name not in known):
        return people
    shown = texts(page.tree, selectors.author) if selectors is not ANY_SITE else shown_authors(page.tree)
    return author_names(shown) or stated or author_names(metadata.house[-1:])


# Text


def _selected(found: Element | None, extras: Collection[Element], url: str) -> Content:
    """What a known place holds, without what does not belong to it."""
    if found is None:
        return Content()
    return content_of(found, url, without=extras, without_tags=_STRIP_TAGS)


def _found(page: Page, title: str) -> Content:
    """The text of a page that nobody knows."""
    from orebro_spiders.reading.body import find_body

    metadata = page.metadata
    known = frozenset({title, metadata.title, *metadata.authors})

    def body_in(tree: Element | None, *, by_name: bool) -> Element | None:
        if tree is None:
            return None
        settle_pictures(tree, page.url)
        return find_body(tree, title, metadata.summary, known, by_name=by_name)

    element = body_in(page.tree, by_name=True)
    if element is None or not line_of(element):  # all of it may stand in what calls itself a caption or a player
        element = body_in(page_tree(page.markup, page.url), by_name=False)
    return content_of(element, page.url) if element is not None else Content()


def _other_text(length: int, page: Page, selectors: Selectors) -> tuple[str, Origin] | None:
    """The text from elsewhere, where the page shows less than half of it: from JSON-LD, or else from its scripts."""
    stated = page.metadata.body
    found: list[tuple[str, Origin]] = [(plain_paragraphs(stated), "json-ld")] if len(stated) > 2 * length else []
    if selectors is ANY_SITE and max([length, *(len(text) for text, _ in found)]) < _SHORT:
        from orebro_spiders.reading.script_text import text_in_scripts

        found.append((text_in_scripts(page.markup.decode(errors="replace")), "script"))
    longest = max(found, key=lambda one: len(one[0]), default=None)
    return longest if longest and len(longest[0]) > 2 * length else None


def _as_html(text: str) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text.split("\n\n"))
