"""CSS selectors over a parsed page, compiled once; of several, the first that finds something counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import islice
from typing import Any

from cssselect import parse
from cssselect import parser as css
from lxml import etree
from lxml.cssselect import LxmlHTMLTranslator

from orebro_spiders.reading.text import one_line
from orebro_spiders.reading.trees import Element, is_small, text_content

_PARTING = (
    *"address article blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li ol p".split(),
    *"section table td th tr ul".split(),
)
_SILENT = ("script", "style")


def line_of(element: Element) -> str:
    """The element's words on one line; what a line break or a block parts on the page stays apart.

    >>> from lxml.html import fragment_fromstring
    >>> line_of(fragment_fromstring("<h1>Badet<br>ö<b>pp</b>nar</h1>"))
    'Badet öppnar'
    """
    if len(element) == 0:
        return one_line(element.text or "")
    if next(element.iterdescendants(*_PARTING, *_SILENT), None) is None:
        return one_line(text_content(element))
    return one_line("".join(_pieces(element)))


def _pieces(element: Element) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if node.tag in _PARTING:
            yield " "
        if event == "start":
            yield "" if node.tag in _SILENT else node.text or ""
        elif node is not element:
            yield node.tail or ""


# What stands in a path for the space between two parts of a selector; cssselect said it at more length before 1.6.
_INSIDE = re.compile(r"/descendant::|/descendant-or-self::\*/")
_BY_TAG = re.compile(r"descendant(?:-or-self)?::(\w+)")
_BY_ATTRIBUTE = re.compile(r"\b(descendant(?:-or-self)?::[\w*]+)\[@([\w-]+)(?: (=|and) ((?:[^][']|'[^']*')*))?\]$")
_WORD = re.compile(r"contains\(concat\(' ', normalize-space\((\.|@[\w-]+)\), ' '\), ' ([^' ]+) '\)")
_ALL, _FIRST = "", "[1]"
_Step = Callable[[Element], Iterable[Any]]


@cache
def _ways(selector: str, wanted: str) -> tuple[tuple[_Step, ...], ...]:
    """What a selector stands for (several, where it has commas), each as its steps from the outside inwards."""
    translate = LxmlHTMLTranslator().selector_to_xpath
    return tuple(tuple(_steps(translate(one), wanted)) for one in parse(selector))


def _steps(path: str, wanted: str) -> Iterator[_Step]:
    """One by one: libxml2 would look once for each nested element, and compare all that it finds with all it has.

    An element that is known by an attribute is found by that, with half the work, and so is one that is known by
    nothing but its tag. A word is looked for before it is looked for as a word, which takes twice as long.
    """
    outermost, *inner = _INSIDE.split(path)
    steps = [outermost, *(f"descendant::{step}" for step in inner)]
    for number, step in enumerate(steps, 1):
        here = wanted if number == len(steps) else _ALL
        if tag := _BY_TAG.fullmatch(step):
            yield partial(_of_tag, tag[1], is_inside=number > 1, most=1 if here == _FIRST else None)
        else:
            path = _WORD.sub(r"contains(\1, '\2') and \g<0>", _BY_ATTRIBUTE.sub(_attribute, step))
            yield etree.XPath(f"({path}){here}")


def _of_tag(tag: str, element: Element, *, is_inside: bool, most: int | None) -> Iterator[Element]:
    return islice(element.iterdescendants(tag) if is_inside else element.iter(tag), most)


def _attribute(step: re.Match[str]) -> str:
    elements, name, sign, said = step.groups()
    if sign is None:
        return f"{elements}/@{name}"
    condition = f". = {said}" if sign == "=" else said.replace(f"@{name}", ".")
    return step[0] if "@" in condition else f"{elements}/@{name}[{condition}]"


def _find(element: Element, selector: str, wanted: str = _ALL) -> list[Element]:
    """What a selector finds, in the order of the page."""
    ways = _ways(selector, wanted)
    found = [node for steps in ways for node in _go(element, steps)]
    if len(ways) == 1 or len(found) < 2:
        return found
    distinct = set(found)
    return [node for node in element.iter() if node in distinct]


def _go(element: Element, steps: tuple[_Step, ...]) -> list[Element]:
    found = [element]
    for step in steps:
        reached = (node for around in outermost(found) for node in step(around))
        found = [node if isinstance(node, Element) else node.getparent() for node in reached]
    return found


def outermost(elements: Iterable[Element]) -> Iterator[Element]:
    """Those of some elements, in the order of the page, that lie in no other of them."""
    last = None
    for element in elements:
        if last is None or last not in element.iterancestors():
            last = element
            yield element


def select(element: Element, selectors: tuple[str, ...]) -> list[Element]:
    """All that the first selector that finds anything finds."""
    return next(filter(None, (_find(element, selector) for selector in selectors)), [])


def first(element: Element, selectors: tuple[str, ...]) -> Element | None:
    """The first element that the first finding selector finds."""
    return next((found[0] for selector in selectors if (found := _find(element, selector, _FIRST))), None)


def texts(element: Element, selectors: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of `select`, each on one line, without empty ones, and without what is no line but half a page."""
    found = (line_of(node) for node in select(element, selectors) if is_small(node))
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
    named, others = _parted(selectors)
    marked = (node for attribute, names in named.items() for node in _marked(element, attribute, names))
    found = (node for selector in others for node in _find(element, selector) if node is not element)
    return [*marked, *found]


def _marked(element: Element, attribute: str, names: frozenset[str]) -> list[Element]:
    """Those inside an element that have one of the names in their attribute: mostly none, so that is asked first."""
    if names.isdisjoint(_words_in(element, attribute)):
        return []
    is_list = attribute == "class"
    found = _in_attribute(attribute)[1](element)
    return [said.getparent() for said in found if not names.isdisjoint(said.split() if is_list else (said,))]


@cache
def _in_attribute(name: str) -> tuple[etree.XPath, etree.XPath]:
    """What finds the values of an attribute inside an element: as words alone, and with where they stand."""
    path = f"descendant::*/@{name}"
    return etree.XPath(path, smart_strings=False), etree.XPath(path)


def _words_in(element: Element, attribute: str) -> list[str]:
    """The words of an attribute inside an element; what is said there many times is parted once."""
    return " ".join(set(_in_attribute(attribute)[0](element))).split()


def classes_in(element: Element) -> frozenset[str]:
    """The classes of an element and of all inside it."""
    return frozenset((*(element.get("class") or "").split(), *_words_in(element, "class")))


def possible(selectors: tuple[str, ...], classes: frozenset[str]) -> tuple[str, ...]:
    """Those selectors that may find something where no other classes stand."""
    return tuple(selector for selector in selectors if any(asked <= classes for asked in classes_asked_by(selector)))


@cache
def classes_asked_by(selector: str) -> tuple[frozenset[str], ...]:
    """The classes of what a selector finds and of what it wants around or before that: for each of its ways.

    >>> classes_asked_by("#news p.byline:not(.small)")
    (frozenset({'byline'}),)
    """
    return tuple(frozenset(_classes(one.parsed_tree)) for one in parse(selector))


def _classes(part: Any) -> Iterator[str]:
    while not isinstance(part, css.Element):
        if isinstance(part, css.Class):
            yield part.class_name
        elif isinstance(part, css.CombinedSelector):
            yield from _classes(part.subselector)
        part = part.selector


_BY_NAME = {
    "class": re.compile(r"\.([\w-]+)"),
    "id": re.compile(r"#([\w-]+)"),
    "itemprop": re.compile(r"\[itemprop=([\w-]+)\]"),
}
"""Selectors that are one name alone, by the attribute that it stands in."""


@cache
def _parted(selectors: tuple[str, ...]) -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    """The names that selectors look for, by attribute, and those selectors that are more than a name."""
    single = [
        part.strip() for several in selectors for part in (several.split(",") if "(" not in several else [several])
    ]
    found = {
        attribute: frozenset(name[1] for part in single if (name := form.fullmatch(part)))
        for attribute, form in _BY_NAME.items()
    }
    others = tuple(part for part in single if not any(form.fullmatch(part) for form in _BY_NAME.values()))
    return {attribute: names for attribute, names in found.items() if names}, others
