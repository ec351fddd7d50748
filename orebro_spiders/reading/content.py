"""An element of a page as HTML that cannot hurt and as plain text, both written in one walk."""

from __future__ import annotations

import string
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from lxml import etree

from orebro_spiders.reading.addresses import absolute, shown_picture
from orebro_spiders.reading.tags import ATTRIBUTES, BLOCKS, CELLS, CONTAINERS, GONE, PARTING, TAGS
from orebro_spiders.reading.text import MAX_MARKUP, sanitised, text_of_html, text_of_parts, xml_text
from orebro_spiders.reading.trees import Element


@dataclass(frozen=True, slots=True)
class Content:
    """What an element holds."""

    html: str = ""
    """Text-bearing tags alone, balanced, with absolute links and pictures."""
    text: str = ""
    """Its paragraphs, parted by a blank line."""


def content_of(
    element: Element, base_url: str, *, without: Collection[Element] = (), without_tags: frozenset[str] = frozenset()
) -> Content:
    """What an element holds, without some elements inside it and without all of some tags; it stays as it is.

    Only listed tags and attributes are written, all text and addresses escaped. Where tags stand in each other as a
    browser would not leave them, nh3 reads and writes them again; a test holds all else to what nh3 makes of it, and
    feeds and pages put everything through nh3 once more before they give it out.
    """
    writer = _Writer(base_url, frozenset(without), _ways(without_tags))
    writer.inside(element, "", _FLOW)
    return writer.content()


# Tags that stay where they are written, https://html.spec.whatwg.org/#parsing-main-inbody
_PHRASING = TAGS - BLOCKS - CELLS - CONTAINERS
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_FLOW = _PHRASING | _HEADINGS | frozenset("blockquote div dl figcaption figure hr ol p pre table ul".split())
_ROWS = frozenset(("tbody", "tfoot", "thead"))
_HOLDS: dict[str, frozenset[str]] = {
    **dict.fromkeys("blockquote caption dd div dt figcaption figure li pre".split(), _FLOW),
    **dict.fromkeys(_HEADINGS, _FLOW - _HEADINGS),
    "p": _PHRASING,
    **dict.fromkeys(("ol", "ul"), frozenset({"li"})),
    "dl": frozenset({"dd", "dt"}),
    "table": _ROWS | {"caption"},
    **dict.fromkeys(_ROWS, frozenset({"tr"})),
    "tr": CELLS,
}
_WORDLESS = _ROWS | {"table", "tr"}
_NOTHING: frozenset[str] = frozenset()

# What an element was found to hold.
_WORDS, _BLOCKS = 1, 2


class _Writer:
    """Writes HTML and text side by side.

    Its ways to write an element are told the tags that may stand where the element does, and say what they found.
    """

    def __init__(self, base_url: str, without: frozenset[Element], ways: _Ways) -> None:
        self._base_url, self._without, self._ways = base_url, without, ways
        self._html: list[str] = []
        self._text: list[str] = []
        self._links = self._verbatim = 0
        self._is_plain = True

    def content(self) -> Content:
        """All that was written."""
        html = "".join(self._html).strip()
        if self._is_plain and len(html) <= MAX_MARKUP:
            return Content(html, text_of_parts("".join(self._text)))
        html = sanitised(sanitised(html))  # what was moved once may have to be moved again
        return Content(html, text_of_html(html))

    def inside(self, element: Element, _tag: str, holds: frozenset[str]) -> int:
        """Write what stands in an element, which is 255 elements deep at most: that is libxml2's limit."""
        found = self._said(words) if (words := element.text) else 0
        for child in element[:]:  # all at once: to ask for them one by one takes a third longer
            if child not in self._without:
                tag: Any = child.tag
                found |= self._ways.get(tag, _Writer.inside)(self, child, tag, holds)
            elif child.tail and not child.tail[0].isspace():
                self._said(" ")  # as in "Kultur<span class=sr-only>: </span>Museet öppnar"
            if words := child.tail:
                found |= self._said(words)
        return found

    def _said(self, words: str) -> int:
        if words.isspace() and not self._verbatim:
            blank = "\n" if "\n" in words else " "
            self._text.append(blank)
            self._html.append(blank)
            return 0
        words = xml_text(words)
        self._text.append(words)
        self._html.append(_escaped(words))
        return _WORDS

    def _start(self, tag: str, holds: frozenset[str], said: Element | Mapping[str, str] | None = None) -> None:
        """Write a start tag, with the attributes that stay of those that an element, or what is read from it, has."""
        attributes = self._attributes(tag, said) if said is not None and tag in ATTRIBUTES else ""
        self._html.append(f"<{tag}{attributes}>")
        if tag not in holds:
            self._is_plain = False

    def _attributes(self, tag: str, said: Element | Mapping[str, str]) -> str:
        written = ""
        for name in ATTRIBUTES[tag]:
            value = said.get(name)
            if name == "href":
                value = _in_ascii(absolute(value or "", self._base_url)) or None
            if value is not None:
                written += f' {name}="{_quoted(value)}"'
        return written

    def leave_out(self, _element: Element, _tag: str, _holds: frozenset[str]) -> int:
        return 0

    def phrase(self, element: Element, tag: str, holds: frozenset[str]) -> int:
        self._start(tag, holds, element)
        found = self.inside(element, tag, holds)
        self._html.append(f"</{tag}>")
        return found | _WORDS

    def link(self, element: Element, tag: str, holds: frozenset[str]) -> int:
        if self._links:
            self._is_plain = False
        self._links += 1
        found = self.phrase(element, tag, holds)
        self._links -= 1
        return found

    def picture(self, element: Element, tag: str, holds: frozenset[str]) -> int:
        said = shown_picture(element, self._base_url)
        if not said:
            return 0
        self._start(tag, holds, said | {"src": _in_ascii(said["src"])})
        return _WORDS

    def line_break(self, element: Element, tag: str, holds: frozenset[str]) -> int:
        self._start(tag, holds)
        self._text.append(" ")
        return _WORDS

    def rule(self, element: Element, tag: str, holds: frozenset[str]) -> int:
        self._start(tag, holds)
        self._text.append(PARTING)
        return _BLOCKS

    def cell(self, element: Element, tag: str, holds: frozenset[str]) -> int:
        self._start(tag, holds, element)
        self.inside(element, tag, _FLOW)
        self._html.append(f"</{tag}>")
        self._text.append(" ")
        return _BLOCKS

    def block(self, element: Element, tag: str, holds: frozenset[str]) -> int:
        self._start(tag, holds)
        self._text.append(PARTING)
        found = self.inside(element, tag, _HOLDS.get(tag, _NOTHING))
        if found & _WORDS and tag in _WORDLESS:
            self._is_plain = False
        self._html.append(f"</{tag}>")
        self._text.append(PARTING)
        return _BLOCKS

    def preformatted(self, element: Element, tag: str, holds: frozenset[str]) -> int:
        start = len(self._html)
        self._verbatim += 1
        found = self.block(element, tag, holds)
        self._verbatim -= 1
        self._is_plain &= not "".join(self._html[start:]).startswith("<pre>\n")  # which a browser does not read
        return found

    def headline(self, element: Element, _tag: str, holds: frozenset[str]) -> int:
        """The page's own headline stands above."""
        return self.block(element, "h2", holds)

    def container(self, element: Element, tag: str, holds: frozenset[str]) -> int:
        """A container stays where it holds words of its own, which are to stay apart from what is around it."""
        start = len(self._html)
        self._html.append("")
        self._text.append(PARTING)
        found = self.inside(element, tag, holds)
        self._text.append(PARTING)
        if not found:
            self._html[start] = "\n"
        if not found & _WORDS:
            return found
        tag = "div" if found & _BLOCKS else "p"
        self._html[start] = f"<{tag}>"
        self._html.append(f"</{tag}>")
        self._is_plain &= tag in holds
        return _BLOCKS


_Ways = dict[object, Callable[[_Writer, Element, str, frozenset[str]], int]]
_WAYS: _Ways = {
    **dict.fromkeys(TAGS, _Writer.phrase),
    **dict.fromkeys(BLOCKS, _Writer.block),
    **dict.fromkeys(CELLS, _Writer.cell),
    **dict.fromkeys(CONTAINERS, _Writer.container),
    **dict.fromkeys({*GONE, etree.Comment, etree.PI, etree.Entity}, _Writer.leave_out),
    "a": _Writer.link,
    "br": _Writer.line_break,
    "h1": _Writer.headline,
    "hr": _Writer.rule,
    "img": _Writer.picture,
    "pre": _Writer.preformatted,
}
"""How an element is written, by its tag; what stands in any other is written without it."""


@cache
def _ways(without_tags: frozenset[str]) -> _Ways:
    return {**_WAYS, **dict.fromkeys(without_tags, _Writer.leave_out)}


def _in_ascii(address: str) -> str:
    return address if address.isascii() else quote(address, safe=string.punctuation)


def _quoted(value: str) -> str:
    return _escaped(xml_text(value)).replace('"', "&quot;")


def _escaped(words: str) -> str:
    """As a browser writes text (https://html.spec.whatwg.org/#escapingString)."""
    if "&" in words:  # to ask first costs a third of replacing nothing
        words = words.replace("&", "&amp;")
    if "\xa0" in words:
        words = words.replace("\xa0", "&nbsp;")
    if "<" in words:
        words = words.replace("<", "&lt;")
    if ">" in words:
        words = words.replace(">", "&gt;")
    return words
