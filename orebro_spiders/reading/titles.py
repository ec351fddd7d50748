"""The headline of a page that nobody knows: what JSON-LD, OpenGraph and the page itself say, by the most votes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

_PARTED = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|｜]\s*")


def best_title(stated: Iterable[str], shown: Iterable[str], site: str) -> str:
    """The headline that most of them agree on, the first of equals; empty when there is none.

    `stated` is what metadata says, best first, `shown` the page's headings; each may have the site's name after it.

    >>> best_title(["Badet öppnar - Bladet", "Badet öppnar på måndag"], ["Badet öppnar"], "")
    'Badet öppnar'
    >>> best_title(["Badet öppnar | Bladet"], [], "Bladet")
    'Badet öppnar'
    """
    titles = [title for title in (*stated, *shown) if title]
    shorter = [_without_site(title, titles, site) for title in titles]
    keys = [_key(title) for title in shorter]
    return max(shorter, key=lambda title: keys.count(_key(title)), default="")


def _without_site(title: str, others: list[str], site: str) -> str:
    """A title without what follows it, where that is the site's name or where another title ends before it."""
    for parting in _PARTED.finditer(title):
        before, after = title[: parting.start()], title[parting.end() :]
        if _key(before) in map(_key, others) or (site and _key(after) == _key(site)):
            return before
    return title


def _key(title: str) -> str:
    return " ".join(normalize("NFKC", title).casefold().split())
