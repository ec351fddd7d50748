"""CSS selectors over a parsed page, compiled once; of several, the first that finds something counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import lxml.html
from lxml import etree
from lxml.cssselect import CSSSelector

from orebro_spiders.reading.text import one_line

Element = lxml.html.HtmlElement


_PARTING = (
    *"address article blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li ol p".split(),
    *"section table td th tr ul".split(),
)
_SILENT = ("script", "style")


def line_of(element: Element) -> str:
    """The element's words on one line; what a line break or a block parts on the page stays apart.

    >>> line_of(lxml.html.fragment_fromstring("<h1>Badet<br>ö<b>pp</b>nar</h1>"))
    'Badet öppnar'
    """
    if len(element) == 0:
        return one_line(element.text or "")
    if next(element.iterdescendants(*_PARTING, *_SILENT), None) is None:
        return one_line(element.text_content())
    return one_line("".join(_pieces(element)))


def _pieces(element: Element) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if node.tag in _PARTING:
            yield " "
        if event == "start":
            yield "" if node.tag in _SILENT else node.text or ""
        elif node is not element:
            yield node.tail or ""


@cache
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


_BY_ID = re.compile(r"^descendant-or-self::\*\[@id = '([\w-]+)'\]")


@cache
def _compiled_for_page(selector: str) -> etree.XPath:
    """The same for a whole page, which has a table of its ids: a hundredth of the way through all elements."""
    return etree.XPath(_BY_ID.sub(r"id('\1')", _compiled(selector).path))


def select(element: Element, selectors: tuple[str, ...]) -> list[Element]:
    """All that the first selector that finds anything finds."""
    compiled = _compiled_for_page if element.getparent() is None else _compiled
    for selector in selectors:
        if found := compiled(selector)(element):
            return list(found)
    return []


def first(element: Element, selectors: tuple[str, ...]) -> Element | None:
    """The first element that the first finding selector finds."""
    is_page = element.getparent() is None
    return next((found[0] for selector in selectors if (found := _first_by(selector, is_page)(element))), None)


@cache
def _first_by(selector: str, is_page: bool) -> etree.XPath:
    """The same as `select`, done at the first that it finds."""
    path = (_compiled_for_page(selector) if is_page else _compiled(selector)).path
    return etree.XPath(f"({path})[1]")


def texts(element: Element, selectors: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of `select`, each on one line, without empty ones."""
    found = (line_of(node) for node in select(element, selectors))
    return tuple(text for text in found if text)


def one_text(element: Element, selectors: tuple[str, ...]) -> str:
    """The first text that is not empty, selector by selector."""
    for selector in selectors:
        found = first(element, (selector,))
        if found is not None and (text := line_of(found) or next(iter(texts(element, (selector,))), "")):
            return text
    return ""


def drop(element: Element, selectors: tuple[str, ...]) -> None:
    """Take everything that any of the selectors finds out of the tree."""
    classes, ids, others = _parted(selectors)
    found = [
        node
        for node in element.iterdescendants()
        if not classes.isdisjoint((node.get("class") or "").split()) or node.get("id") in ids
    ]
    for node in (*found, *(others(element) if others else ())):
        if node.getparent() is not None:
            node.drop_tree()


@cache
def _parted(selectors: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str], etree.XPath | None]:
    """The classes and ids among selectors, which one walk can tell, and all other selectors."""
    single = [
        part.strip() for several in selectors for part in (several.split(",") if "(" not in several else [several])
    ]
    classes, ids = (
        frozenset(part[1:] for part in single if part[:1] == sign and _NAME.fullmatch(part)) for sign in ".#"
    )
    paths = [_compiled(part).path for part in single if not _NAME.fullmatch(part)]
    return classes, ids, etree.XPath(" | ".join(paths)) if paths else None


_NAME = re.compile(r"[.#][\w-]+")
