"""The page of an article: our summary and the way to the newsroom; the whole text where it is meant to be spread."""

from __future__ import annotations

from datetime import datetime

import lxml.html

from feeds.channels import of_topic, page_path
from feeds.entries import KIND_NAMES, Entry, Origin
from feeds.pages import structured
from feeds.pages.layout import Masthead, Page, render
from feeds.topics import Topic
from orebro_spiders.items import Kind
from orebro_spiders.reading import text
from orebro_spiders.sources import Site

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")


def article_page(masthead: Masthead, entry: Entry, topics: tuple[Topic, ...], *, is_standing: bool) -> bytes:
    """The page of an article that its newsroom has published; a copy of another is not for search engines."""
    page = Page(
        path=entry.path,
        title=entry.title,
        description=entry.summary,
        structured=structured.article(masthead, entry),
        is_article=True,
        is_indexed=is_standing,
    )
    linked = [(topic.title, page_path(of_topic(topic, Site()))) for topic in topics] if is_standing else []
    return render("article.html", masthead, page, entry=entry, topics=linked, body=readable(entry.html))


def withdrawn_page(masthead: Masthead, path: str, kind: Kind, origin: Origin, published: datetime) -> bytes:
    """What stands where an article stood that its newsroom has withdrawn: nothing of what it said."""
    page = Page(
        path=path,
        title="Borttagen av källan",
        description=f"{KIND_NAMES[kind]} som {origin.title} har tagit bort.",
        is_indexed=False,
    )
    return render("withdrawn.html", masthead, page, kind=kind, origin=origin, published=published)


def readable(markup: str) -> str:
    """The whole text as a page of ours may hold it: links instead of pictures, headings that follow on ours.

    A picture would be asked of its newsroom, which would learn who reads what here.

    >>> readable('<h4>Bakgrund</h4><p>Så såg det ut. <img src="https://example.se/1.jpg" alt="Torget"></p>')
    '<h2>Bakgrund</h2><p>Så såg det ut. <a href="https://example.se/1.jpg">Bild: Torget</a></p>'
    >>> readable('<p><a href="https://example.se/"></a>Text</p>')
    '<p>Text</p>'
    """
    if not markup:
        return ""
    element = lxml.html.fragment_fromstring(markup, create_parent="div")
    for picture in list(element.iter("img")):
        _replace_picture(picture)
    for link in list(element.iter("a")):
        if not link.text_content().strip():
            link.drop_tag()
    _order_headings(element)
    inside = lxml.html.tostring(element, encoding="unicode").removeprefix("<div>").removesuffix("</div>")
    return text.sanitised(inside)


def _replace_picture(picture: lxml.html.HtmlElement) -> None:
    address, alt = picture.get("src"), (picture.get("alt") or "").strip()
    if not address:
        picture.drop_tree()
        return
    is_linked = any(True for _ in picture.iterancestors("a"))
    picture.attrib.clear()
    picture.tag = "span" if is_linked else "a"
    if not is_linked:
        picture.set("href", address)
    picture.text = f"Bild: {alt}" if alt else "Bild"


def _order_headings(element: lxml.html.HtmlElement) -> None:
    """None is more than one level below the one before it (WCAG 2.2, technique G141); empty ones go."""
    deepest = 0
    for heading in list(element.iter(*_HEADINGS)):
        if not heading.text_content().strip():
            heading.drop_tree()
            continue
        level = min(_HEADINGS.index(heading.tag), deepest)
        heading.tag, deepest = _HEADINGS[level], level + 1
