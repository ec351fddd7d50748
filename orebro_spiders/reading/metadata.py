"""What a page says about itself: JSON-LD (schema.org), OpenGraph and other meta elements."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.html

from orebro_spiders.items import DateOrigin
from orebro_spiders.reading.text import absolute, one_line, plain_line

ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle LiveBlogPosting BlogPosting Report SocialMediaPosting".split()
)
"""https://schema.org/Article and its more specific types."""

# In the order in which they are believed.
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.created",
    "dc:date.created",
    "publish-date",
    "pubdate",
)
_UPDATED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc:date.modified",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """A page's statements about its article, as they stand."""

    title: str = ""
    summary: str = ""
    body: str = ""
    authors: tuple[str, ...] = ()
    published: tuple[tuple[str, DateOrigin], ...] = ()
    updated: str = ""
    image: str | None = None
    categories: tuple[str, ...] = ()
    language: str = ""


def read_metadata(document: lxml.html.HtmlElement, url: str) -> Metadata:
    """The page's statements; JSON-LD before meta elements."""
    elements = list(document.iter("meta", "script"))
    linked = next(_articles(_json_ld(elements)), {})
    meta = _meta(elements)
    published: list[tuple[str, DateOrigin]] = []
    if stated := _text(linked.get("datePublished")):
        published.append((stated, "json-ld"))
    published += [(meta[name], "meta") for name in _PUBLISHED if meta.get(name)]
    picture = _address(linked.get("image")) or meta.get("og:image", "")
    return Metadata(
        title=plain_line(_text(linked.get("headline"))) or one_line(meta.get("og:title", "")),
        summary=plain_line(_text(linked.get("description")))
        or one_line(meta.get("og:description") or meta.get("description", "")),
        body=_text(linked.get("articleBody")),
        authors=_names(linked.get("author")) or _meta_author(meta),
        published=tuple(published),
        updated=_text(linked.get("dateModified")) or next((meta[n] for n in _UPDATED if meta.get(n)), ""),
        image=absolute(picture, url) or None if picture else None,
        categories=_strings(linked.get("articleSection")) or _strings(meta.get("article:section")),
        language=re.split("[-_]", document.get("lang") or "")[0].strip().lower() or "sv",
    )


def _meta(elements: list[lxml.html.HtmlElement]) -> dict[str, str]:
    """The first content of each named meta element, names in lower case; microdata's `itemprop` too."""
    found: dict[str, str] = {}
    for element in elements:
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content.strip())
    return found


def _meta_author(meta: dict[str, str]) -> tuple[str, ...]:
    author = one_line(meta.get("author", ""))
    return (author,) if author and not author.startswith("http") else ()


def _json_ld(elements: list[lxml.html.HtmlElement]) -> Iterator[Any]:
    for script in elements:
        if (script.get("type") or "").strip().lower() == "application/ld+json" and script.text:
            try:
                yield json.loads(script.text, strict=False)
            except (ValueError, RecursionError):
                continue


def linked_types(document: lxml.html.HtmlElement) -> tuple[str, ...]:
    """The schema.org types of the objects in a page's JSON-LD, one for each object and name."""
    return tuple(
        name for node in _objects(_json_ld(list(document.iter("script")))) for name in _strings(node.get("@type"))
    )


def _articles(nodes: Iterator[Any]) -> Iterator[dict[str, Any]]:
    """The article objects."""
    return (node for node in _objects(nodes) if ARTICLE_TYPES & set(_strings(node.get("@type"))))


def _objects(nodes: Iterator[Any]) -> Iterator[dict[str, Any]]:
    """The objects, wherever they stand: alone, in an array, in `@graph` or as `mainEntity`."""
    waiting = deque(nodes)
    while waiting:
        node = waiting.popleft()
        if isinstance(node, list):
            waiting.extendleft(reversed(node))
        elif isinstance(node, dict):
            yield node
            inside = [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node]
            waiting.extendleft(reversed(inside))


def _first(value: Any) -> Any:
    """The value itself, or the first of a list of them, however deep."""
    while isinstance(value, list):
        value = value[0] if value else None
    return value


def _text(value: Any) -> str:
    value = _first(value)
    return value.strip() if isinstance(value, str) else ""


def _strings(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(one_line(item) for item in values if isinstance(item, str) and item.strip())


def _names(value: Any) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    names = (person.get("name") if isinstance(person, dict) else person for person in people)
    return tuple(n for name in names for n in _strings(name) if not n.startswith("http"))


def _address(value: Any) -> str:
    """`image` may be an address, an ImageObject or a list of either."""
    value = _first(value)
    if isinstance(value, dict):
        return _text(value.get("url")) or _text(value.get("contentUrl"))
    return _text(value)
