"""What stands inside an article's text without being it: taken out when the text has been found."""

from __future__ import annotations

from collections.abc import Iterator

from orebro_spiders.reading.boilerplate import is_noise, leads_onward
from orebro_spiders.reading.prose import (
    BLOCKS,
    ENDS,
    HEADINGS,
    LABEL,
    LARGEST_BOX,
    PROSE,
    SENTENCE,
    is_link,
    is_linked,
    length,
    line,
    link_length,
    weight,
)
from orebro_spiders.reading.trees import Element, drop, is_small

_LINKED_BOX = 0.5
"""The share of links that makes a box one of links."""
_REPEATED = 40  # characters


def clear(body: Element, known: frozenset[str]) -> None:
    """Take out of a text what is not running text; `known` lines stand elsewhere."""
    drop(heading for heading in body.iter("h1") if line(heading) in known or is_linked(heading))
    articles = (article for article in body.iterdescendants("article") if is_small(article, LARGEST_BOX))
    drop(article for article in articles if any(map(is_linked, article.iter(*HEADINGS))))
    boxes = (box for box in body.iterdescendants("ul", "ol", "div", "section", "table") if is_small(box, LARGEST_BOX))
    drop(filter(_is_linked_box, boxes))
    kept: list[tuple[Element, str]] = []
    seen, gone = set(known), set[Element]()
    for block in _lines(body):
        text = line(block)
        if not text or not gone.isdisjoint(block.iterancestors()):
            continue
        is_listed = block.tag == "li"  # its list was looked at as a whole
        if text in seen or (not is_listed and is_link(block, text)):
            gone.add(block)
        elif leads_onward(text) and not _heads_text(block):
            gone.add(_box_of(block, text, body))
        elif is_noise(text) and not _heads_text(block):
            gone.add(block)
        else:
            kept.append((block, text))
            if len(text) > _REPEATED:
                seen.add(text)
    drop(gone)
    drop([*_before_sentences(kept), *_before_sentences(kept[::-1])])


def _is_linked_box(box: Element) -> bool:
    size = length(box)
    return size > 0 and link_length(box) > _LINKED_BOX * size


def _lines(body: Element) -> Iterator[Element]:
    """The blocks that hold no other block."""
    for element in body.iter(*PROSE, *HEADINGS, "div", "section"):
        is_innermost = element.tag == "p" or next(element.iterdescendants(*BLOCKS), None) is None
        if element is not body and is_innermost:
            yield element


def _heads_text(block: Element) -> bool:
    """Does a sentence follow, as on a heading inside the text?"""
    following = block.getnext() if block.tag in HEADINGS else None
    return following is not None and following.tag == "p" and weight(following) > SENTENCE


def _box_of(block: Element, text: str, body: Element) -> Element:
    """The widest element inside `body` that begins with a line."""
    box = block
    for around in block.iterancestors():
        if around is body or not line(around).startswith(text):
            break
        box = around
    return box


def _before_sentences(blocks: list[tuple[Element, str]]) -> Iterator[Element]:
    """The short lines before the first sentence."""
    for block, text in blocks:
        if len(text) > SENTENCE or (text.endswith(ENDS) and len(text) > LABEL):
            return
        yield block
