"""What a page holds and does not show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from orebro_spiders.reading.tags import UNSEEN
from orebro_spiders.reading.trees import Element

_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_hiding = etree.XPath("descendant::*/@hidden | descendant::*/@style")


def is_hidden(element: Element) -> bool:
    """Does the page say that it does not show it?"""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    is_unseen = not UNSEEN.isdisjoint((element.get("class") or "").split())
    return is_unseen or _NOT_SHOWN.search(element.get("style") or "") is not None


def hidden_inside(element: Element) -> Iterator[Element]:
    """What an element hides, but for paragraphs that its style hides: those a reader may unfold."""
    for said in _hiding(element):
        hidden = said.getparent()
        if said.attrname == "hidden" or (_NOT_SHOWN.search(said) and next(hidden.iter("p"), None) is None):
            yield hidden
