"""What a page calls something else than an article's text: taken out before the text is looked for."""

from __future__ import annotations

from itertools import chain, islice

from lxml import etree

from orebro_spiders.reading.boilerplate import (
    is_comments_name,
    is_consent_name,
    is_foreign_name,
    is_never_text,
    is_of_others,
)
from orebro_spiders.reading.characters import xml_characters
from orebro_spiders.reading.hidden import is_hidden
from orebro_spiders.reading.prose import (
    HEADINGS,
    LARGEST_BOX,
    LINE,
    PROSE,
    SOME_TEXT,
    blocks,
    names,
    unlinked_length,
)
from orebro_spiders.reading.selecting import outermost
from orebro_spiders.reading.trees import Element, drop, is_small

_SILENT = (
    *"applet area base canvas datalist dialog embed frame frameset iframe input link map math meta meter".split(),
    *"optgroup option output param progress script source style svg template textarea track".split(),
)
"""Elements that hold no running text."""
_SELDOM_CLOSED = ("audio", "menu", "nav", "noscript", "object", "select", "video")
"""Elements that hold none either, unless the page forgets to close them or shows its text to those without scripts."""
_FOREIGN_TAGS = frozenset("aside button fieldset figcaption footer form label time".split())
"""Elements that hold none unless half the page stands in them, as in the forms of ASP.NET."""
_NAMED = (
    *"a aside article blockquote button dd div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5".split(),
    *"h6 header label li ol p section small span strong table td time ul".split(),
)
_INLINE = frozenset("a em small span strong time".split())
_PLACES = ("aside", "div", "dl", "ol", "section", "ul")
_MOST_FOREIGN = 0.3
"""The share of a page's text that may call itself something else."""
_MOST_LARGE = 20
"""Boxes of a great many elements that are looked at: those of a page made to hurt lie inside each other."""

_banners = etree.XPath(
    "descendant::*[starts-with(@id, 'onetrust') or starts-with(@id, 'didomi') or starts-with(@id, 'CybotCookie') "
    "or starts-with(@id, 'usercentrics') or starts-with(@id, 'cookie') or starts-with(@id, 'qc-cmp')]"
)
"""The boxes of the common consent managers, which may be longer than the article."""


def silence(page: Element) -> None:
    """Take out the elements that hold no running text."""
    etree.strip_elements(page, *_SILENT, with_tail=False)
    found = islice(page.iterdescendants(*_SELDOM_CLOSED), _MOST_LARGE)
    sizes = [(element, size) for element in found if (size := unlinked_length(element)) > SOME_TEXT]
    whole = sum(weighed for _, weighed in blocks(page)) if sizes else 0
    for element, size in sizes:
        if 2 * size > whole:
            element.tag = "div"
    etree.strip_elements(page, *_SELDOM_CLOSED, with_tail=False)


def prune(page: Element, kept: frozenset[Element], *, by_name: bool = True) -> None:
    """Take out what calls itself something else than text, unless much of the page's text does.

    `kept` elements stay whatever they are called. Without `by_name` only what is never text goes.
    """
    drop(_banners(page))
    places = [(place, names(place)) for place in page.iterdescendants(*_PLACES) if place not in kept]
    drop(place for place, called in places if is_consent_name(called))
    _drop_comments(page, [place for place, called in places if is_comments_name(called)])
    if by_name:
        _drop_foreign(page, kept)
    else:
        drop(place for place, called in places if place.tag == "aside" or is_never_text(called))
        drop(box for box in page.iterdescendants("footer", "form") if box not in kept)


def _drop_comments(page: Element, comments: list[Element]) -> None:
    """Readers' comments may be longer than the text: they go where something else remains."""
    if comments:
        whole = unlinked_length(page)
        drop([place for place in outermost(comments) if whole - unlinked_length(place) > SOME_TEXT])


def _drop_foreign(page: Element, kept: frozenset[Element]) -> None:
    most = _MOST_FOREIGN * unlinked_length(page)
    called: dict[object, list[Element]] = {}  # alike ones together: a site may name all its paragraphs so
    for element in page.iter(*_NAMED):
        if is_foreign(element) and element not in kept:
            is_listed = element.tag not in PROSE and is_of_others(element.get("class") or "")
            called.setdefault(element if is_listed else (element.tag, element.get("class")), []).append(element)
    large = (element for element in chain(*called.values()) if not is_small(element, LARGEST_BOX))
    unread = set(islice(large, _MOST_LARGE, None))
    for elements in called.values():
        if unread.isdisjoint(elements) and sum(map(unlinked_length, elements)) < most:
            _part_around(elements)
            drop(elements)


def _part_around(elements: list[Element]) -> None:
    """Let words stay apart that only these stand between, as in "Kultur<span class=sr-only>: </span>Museet"."""
    for element in elements:
        if element.tag in _INLINE and (words := element.tail) and not words[0].isspace():
            element.tail = f" {xml_characters(words)}"


def is_foreign(element: Element) -> bool:
    """Does it call itself something else than text?"""
    if is_hidden(element):
        return True
    called = (element.get("class") or "") if element.tag in HEADINGS else names(element)
    is_called = element.tag in _FOREIGN_TAGS or (bool(called) and is_foreign_name(called))
    if element.tag == "header" and not is_called:
        return next(element.iter("h1"), None) is not None
    return is_called and not _is_in_sentence(element)


def _is_in_sentence(element: Element) -> bool:
    """Is it a word or two of a running text, whatever it is called?"""
    around, previous = element.getparent(), element.getprevious()
    if element.tag not in _INLINE or around is None or around.tag not in PROSE:
        return False
    before = around.text if previous is None else previous.tail
    return len((before or "").strip()) + len((element.tail or "").strip()) > LINE
