"""The headline of a page that nobody knows: what JSON-LD, OpenGraph and the page itself say, by the most votes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from unicodedata import normalize

from orebro_spiders.reading.addresses import absolute
from orebro_spiders.reading.selecting import line_of, one_text
from orebro_spiders.reading.trees import Element, headings
from orebro_spiders.reading.urls import address_key

_PARTED = re.compile(r"\s+[|–—·•»›:-]+\s+|\s*[|｜]\s*")


def best_title(stated: Iterable[str], shown: Iterable[str], *sites: str) -> str:
    """The headline that most of them agree on, the first of equals; empty when there is none.

    `stated` is what metadata says, best first, `shown` the page's headings; each may have the site's name after it,
    one of `sites`.

    >>> best_title(["Badet öppnar - Bladet", "Badet öppnar på måndag"], ["Badet öppnar"])
    'Badet öppnar'
    >>> best_title(["Badet öppnar | Bladet"], [], "Bladet")
    'Badet öppnar'
    """
    shown = tuple(shown)
    titles = [title for title in (*stated, *shown) if title]
    called = {_key(site) for site in sites if site}
    shorter = [_without_site(title, titles, called) for title in titles]
    keys = [_key(title) for title in shorter]
    best = max(shorter, key=lambda title: keys.count(_key(title)), default="")
    return next((title for title in shown if _is_cut_from(best, title)), best)


def shown_titles(document: Element, url: str) -> list[str]:
    """The headings that may be the page's headline, best first: what its window title repeats, then the first `h1`.

    A heading that leads to another page is that page's, or the name of the site.
    """
    own = [heading for heading in headings(document, "h1", "h2") if not leads_away(heading, url)]
    window = one_text(document, ("title",))
    lines = [(heading.tag, line) for heading in own if (line := line_of(heading))]
    repeated = max((line for _, line in lines if line in window), key=len, default="")
    if not lines:  # Blogger's headlines are of the third rank
        repeated = next((line for heading in headings(document, "h3") if (line := line_of(heading)) in window), "")
    return [repeated or next((line for tag, line in lines if tag == "h1"), "") or window]


def leads_away(heading: Element, url: str) -> bool:
    """Does a heading link to another page than the one it stands on?"""
    links = (*heading.iter("a"), *heading.iterancestors("a"))
    addresses = [absolute(link.get("href") or "", url) for link in links]
    return any(address and address_key(address) != address_key(url) for address in addresses)


def _is_cut_from(stated: str, line: str) -> bool:
    """Is a stated headline the beginning of that line, cut in a word or with an ellipsis?

    >>> _is_cut_from("Tornet bygger i Linde", "Tornet bygger i Lindesberg"), _is_cut_from("Tornet", "Tornet bygger")
    (True, False)
    """
    begun = stated.rstrip(" .…")
    behind = line[len(begun) : len(begun) + 1]
    is_cut = behind.isalpha() or (bool(behind) and stated.endswith(("…", "...")))
    return bool(begun) and line.startswith(begun) and is_cut


def _without_site(title: str, others: list[str], sites: Container[str]) -> str:
    """A title without what follows it, where that is the site's name or where another title ends before it."""
    for parting in _PARTED.finditer(title):
        before, after = title[: parting.start()], title[parting.end() :]
        if _key(before) in map(_key, others) or _key(after) in sites:
            return before
    return title


def _key(title: str) -> str:
    return " ".join(normalize("NFKC", title).casefold().split())
