"""How much of an element reads like running text, and how much of it is links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, chain, islice

from lxml import etree

from orebro_spiders.reading.trees import Element, is_small

PROSE = frozenset("blockquote dd li p pre td".split())
BOXES = frozenset("article body center div font main section span td".split())
BLOCKS = tuple("article blockquote center div dl figure h1 h2 h3 h4 h5 h6 li main ol p pre section table ul".split())
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
ENDS = tuple(".!?:;…”“\"»«’'）)。」।")
"""With what a sentence ends."""
SENTENCE, LINE = 80, 25
"""Characters of a sentence, and of a line that may be one."""
LABEL = 15
"""Characters of a line that may be a label."""
SOME_TEXT = 200
"""Characters of running text in a box that holds more than a notice."""
LARGEST_BOX = 3000
"""Elements in a box that is looked at more closely."""
_LINKED = 0.6
"""The share of links that makes a line one."""
_NEAR = 3  # elements around a heading

_normal = etree.XPath("normalize-space()")
_TO_A_PART_OF_THE_PAGE = re.compile("#.")


def line(element: Element) -> str:
    """All that it says, with white space folded."""
    return str(_normal(element)).strip()  # of the spaces that XPath takes for letters too


def length(element: Element) -> int:
    """Its characters, with white space folded."""
    return len(line(element))


def link_length(element: Element) -> int:
    """Those of them that are links."""
    return sum(length(link) for link in element.iter("a"))


def unlinked_length(element: Element) -> int:
    """Those of them that are not."""
    return length(element) - link_length(element)


def names(element: Element) -> str:
    """Class and id; a long id is a headline's and no name."""
    called = element.get("id") or ""
    return f"{element.get('class') or ''} {called if len(called) < 30 else ''}".strip()


def is_sentence(text: str) -> bool:
    """Is it long, and does it end as sentences do?"""
    return len(text) > SENTENCE and text.endswith(ENDS)


def weight(element: Element) -> float:
    """How much a block reads like running text: its characters, links against it."""
    if element.tag == "span":
        return 0.0
    if element.tag not in PROSE:
        size = len((element.text or "").strip()) + sum(len((child.tail or "").strip()) for child in element)
        if size < SENTENCE and len(element) and next(element.iterdescendants(*BLOCKS), None) is None:
            size = length(element) - 2 * link_length(element)
        return size if size >= SENTENCE else 0.0
    if element.tag != "p" and next(element.iterchildren("p", "div", "ul", "ol", "table"), None) is not None:
        return 0.0
    size = length(element)
    if size < LINE:
        return 0.0
    weighed = size - 2.0 * link_length(element)
    return weighed * (0.5 if size < SENTENCE or element.tag == "li" else 1.0)


def blocks(element: Element) -> Iterator[tuple[Element, float]]:
    """The blocks in an element that read like running text, each with its weight."""
    for block in element.iter(*PROSE, *BOXES):
        if (weighed := weight(block)) > 0:
            yield block, weighed


def holds_text(element: Element) -> bool:
    """Does some running text stand in it? Where it is large, that is taken for granted."""
    sums = accumulate(weighed for _, weighed in blocks(element))
    return not is_small(element, LARGEST_BOX) or any(weighed > SOME_TEXT for weighed in sums)


def is_link(block: Element, text: str) -> bool:
    """Does a line, which says `text`, lead elsewhere?"""
    is_own = block.tag in HEADINGS and not is_linked(block)
    return not is_own and link_length(block) > _LINKED * len(text)


def is_linked(heading: Element) -> bool:
    """Is it the headline of an article elsewhere? A link to a part of the page itself leads nowhere."""
    around = (above for above in islice(heading.iterancestors(), _NEAR) if above.tag == "a")
    return any(not _TO_A_PART_OF_THE_PAGE.match(link.get("href") or "") for link in chain(heading.iter("a"), around))
