"""Articles that are for subscribers only, where the page shows it and its metadata do not say."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from orebro_spiders.reading.page import Page
from orebro_spiders.reading.selecting import line_of
from orebro_spiders.reading.trees import Element, is_small

_locks = etree.XPath(
    "//*[contains(@class, 'paywall') or contains(@id, 'paywall') or contains(@class, 'premium') "
    "or contains(@class, 'locked') or contains(@class, 'subscriber') or contains(@class, 'prenumerant')]"
    "[not(@hidden or contains(@style, 'display'))]"
)
_ELSEWHERE = frozenset("template noscript nav aside footer".split())
_INVITES = re.compile(
    r"(?:(?:bli prenumerant|prenumerera|logga in|köp|teckna)\b.{0,80} för att (?:läsa|fortsätta|få tillgång)"
    r"|(?:artikeln|innehållet) är (?:låst|(?:endast |bara )?för (?:\w+ )?(?:prenumeranter|plus))"
    r"|läs (?:hela artikeln|vidare) (?:som prenumerant|med (?:plus|\w+ plus|en prenumeration)))",
    re.IGNORECASE,
)
_MOST = 300
"""Characters of an invitation to subscribe."""
_BOXES = 200
"""How many of them are read."""


def shows_lock(page: Page) -> bool:
    """Does the page show a lock in the article's place: a box that calls itself one and says what unlocks it?

    An advertisement for the newspaper says nothing about the article, nor does a box that is hidden.
    """
    if b"renumer" not in page.markup and b"ogga in" not in page.markup:
        return False
    small = islice(filter(is_small, _locks(page.tree)), _BOXES)
    lines = ((box, line_of(box)) for box in small)
    return any(len(line) <= _MOST and _INVITES.search(line) and _is_shown(box) for box, line in lines)


def _is_shown(box: Element) -> bool:
    return not any(around.tag in _ELSEWHERE or "hidden" in around.attrib for around in box.iterancestors())
