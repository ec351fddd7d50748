"""The page of an article: our summary and the way to the newsroom; the whole text where it is meant to be spread."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from feeds.channels import of_topic, page_path
from feeds.entries import KIND_NAMES, Entry, Origin
from feeds.pages import structured
from feeds.pages.layout import Masthead, Page, render
from feeds.topics import Topic
from orebro_spiders.items import Kind
from orebro_spiders.reading import text
from orebro_spiders.reading.trees import Element, drop, text_content
from orebro_spiders.sources import Site

_UNWRAPPED = "unwrapped"
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
    element = text.fragment(markup)
    drop([picture for picture in element.iter("img") if not picture.get("src")])
    for picture in list(element.iter("img")):
        _replace_picture(picture)
    for link in element.iter("a"):
        if not text_content(link).strip():
            link.tag = _UNWRAPPED
    etree.strip_tags(element, _UNWRAPPED)
    _order_headings(element)
    inside = etree.tostring(element, encoding="unicode", method="html").removeprefix("<div>").removesuffix("</div>")
    return text.sanitised(inside)


def _replace_picture(picture: Element) -> None:
    address, alt = picture.get("src") or "", (picture.get("alt") or "").strip()
    is_linked = any(True for _ in picture.iterancestors("a"))
    picture.attrib.clear()
    picture.tag = "span" if is_linked else "a"
    if not is_linked:
        picture.set("href", address)
    picture.text = f"Bild: {alt}" if alt else "Bild"


def _order_headings(element: Element) -> None:
    """None is more than one level below the one before it (WCAG 2.2, technique G141); empty ones go."""
    drop([heading for heading in element.iter(*_HEADINGS) if not text_content(heading).strip()])
    deepest = 0
    for heading in list(element.iter(*_HEADINGS)):
        level = min(_HEADINGS.index(heading.tag), deepest)
        heading.tag, deepest = _HEADINGS[level], level + 1
