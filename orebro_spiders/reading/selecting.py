"""CSS selectors over a parsed page, compiled once; of several, the first that finds something counts."""

from __future__ import annotations

from functools import cache

import lxml.html
from lxml.cssselect import CSSSelector

from orebro_spiders.reading.text import one_line

Element = lxml.html.HtmlElement


@cache
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def select(element: Element, selectors: tuple[str, ...]) -> list[Element]:
    """All that the first selector that finds anything finds."""
    for selector in selectors:
        if found := _compiled(selector)(element):
            return list(found)
    return []


def first(element: Element, selectors: tuple[str, ...]) -> Element | None:
    """The first element that the first finding selector finds."""
    return next(iter(select(element, selectors)), None)


def texts(element: Element, selectors: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of `select`, each on one line, without empty ones."""
    found = (one_line(node.text_content()) for node in select(element, selectors))
    return tuple(text for text in found if text)


def one_text(element: Element, selectors: tuple[str, ...]) -> str:
    """The first text that is not empty, selector by selector."""
    return next((text for selector in selectors for text in texts(element, (selector,))), "")


def drop(element: Element, selectors: tuple[str, ...]) -> None:
    """Take everything that any of the selectors finds out of the tree."""
    for selector in selectors:
        for node in _compiled(selector)(element):
            if node.getparent() is not None:
                node.drop_tree()
