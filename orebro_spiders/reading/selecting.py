"""CSS selectors over a parsed page, compiled once; of several, the first that finds something counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
def _path(selector: str, is_page: bool) -> str:
    """The selector as XPath; a whole page has a table of its ids: a hundredth of the way through all elements."""
    path = CSSSelector(selector, translator="html").path.replace("/descendant-or-self::*/", "/descendant::")
    return _BY_ID.sub(r"id('\1')", path) if is_page else path


@cache
def _finder(selector: str, is_page: bool, wanted: str) -> etree.XPath:
    """What the selector finds, or the attribute that it knows this by: libxml2 gets there with half the work.

    Several selectors in one would give an element twice.
    """
    path = _path(selector, is_page)
    return etree.XPath(f"({path if ' | ' in path else _BY_ATTRIBUTE.sub(_attribute, path)}){wanted}")


def _attribute(last_step: re.Match[str]) -> str:
    elements, name, sign, said = last_step.groups()
    condition = f". = {said}" if sign == "=" else said.replace(f"@{name}", ".")
    return last_step[0] if "@" in condition else f"{elements}/@{name}[{condition}]"


_BY_ID = re.compile(r"^descendant-or-self::\*\[@id = '([\w-]+)'\]")
_BY_ATTRIBUTE = re.compile(r"\b(descendant(?:-or-self)?::[\w*]+)\[@([\w-]+) (=|and) ((?:[^][']|'[^']*')*)\]$")
_ALL, _FIRST = "", "[1]"


def _found(element: Element, selector: str, wanted: str) -> list[Element]:
    found = _finder(selector, element.getparent() is None, wanted)(element)
    return [node if isinstance(node, Element) else node.getparent() for node in found]


def select(element: Element, selectors: tuple[str, ...]) -> list[Element]:
    """All that the first selector that finds anything finds."""
    return next(filter(None, (_found(element, selector, _ALL) for selector in selectors)), [])


def first(element: Element, selectors: tuple[str, ...]) -> Element | None:
    """The first element that the first finding selector finds."""
    return next((found[0] for selector in selectors if (found := _found(element, selector, _FIRST))), None)


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


def found_inside(element: Element, selectors: tuple[str, ...]) -> list[Element]:
    """All that any of the selectors finds inside an element, some of it perhaps twice."""
    classes, ids, properties, others = _parted(selectors)
    marked = [
        node
        for node in element.iterdescendants()
        if not classes.isdisjoint((node.get("class") or "").split())
        or node.get("id") in ids
        or node.get("itemprop") in properties
    ]
    return marked + [node for node in (others(element) if others else ()) if node is not element]


def drop(elements: Iterable[Element]) -> None:
    """Take elements out of their trees; what stands behind them stays."""
    for node in elements:
        if node.getparent() is not None:
            node.drop_tree()


@cache
def _parted(
    selectors: tuple[str, ...],
) -> tuple[frozenset[str], frozenset[str], frozenset[str], etree.XPath | None]:
    """The classes, ids and names of microdata among selectors, which one walk can tell, and all other selectors."""
    single = [
        part.strip() for several in selectors for part in (several.split(",") if "(" not in several else [several])
    ]
    classes, ids, properties = (
        frozenset(name[1] for part in single if (name := kind.fullmatch(part))) for kind in _BY_NAME
    )
    paths = [_path(part, False) for part in single if not any(kind.fullmatch(part) for kind in _BY_NAME)]
    return classes, ids, properties, etree.XPath(" | ".join(paths)) if paths else None


_BY_NAME = tuple(map(re.compile, (r"\.([\w-]+)", r"#([\w-]+)", r"\[itemprop=([\w-]+)\]")))
