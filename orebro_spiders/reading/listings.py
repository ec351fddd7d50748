"""Lists of articles in HTML: what each entry says, and where the list goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from orebro_spiders.items import Article
from orebro_spiders.reading.addresses import absolute, first_picture
from orebro_spiders.reading.dates import ParsedDate, parse_date
from orebro_spiders.reading.feeds import without_read_more
from orebro_spiders.reading.selecting import first, line_of, one_text, select
from orebro_spiders.reading.trees import Element, is_small


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMarkup:
    """Where a platform's lists keep things: CSS selectors, tried in order."""

    entry: tuple[str, ...]
    link: tuple[str, ...]
    title: tuple[str, ...] = ()
    """Inside the entry; the link's text unless given."""
    summary: tuple[str, ...] = ("p",)
    date: tuple[str, ...] = ("time",)
    onward: tuple[str, ...] = ("link[rel=next]", "a[rel=next]", "a.next")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list."""

    articles: tuple[Article, ...]
    onward: str = ""
    """Address of the list's next page."""


_LARGEST_ENTRY = 3000
"""Elements in an entry of a list; some lists give whole articles."""


def read_listing(document: Element, url: str, now: datetime, markup: ListMarkup) -> Listing:
    """The articles that a list page names, as teasers, in its order and each once."""
    found: dict[str, Article] = {}
    small = (entry for entry in select(document, markup.entry) if is_small(entry, _LARGEST_ENTRY))
    for entry in small:
        article = _teaser(entry, url, now, markup)
        if article and article.url not in found:
            found[article.url] = article
    return Listing(articles=tuple(found.values()), onward=_onward(document, url, markup))


def _teaser(entry: Element, url: str, now: datetime, markup: ListMarkup) -> Article | None:
    link = entry if entry.tag == "a" else first(entry, markup.link)
    address = absolute(link.get("href") or "", url) if link is not None else ""
    if link is None or not address or urlsplit(address).netloc != urlsplit(url).netloc:
        return None
    dated = next(_dates(entry, now, markup), None)
    return Article(
        url=address,
        title=one_text(entry, markup.title) or line_of(link),
        summary=without_read_more(one_text(entry, markup.summary)),
        published=dated.instant if dated else None,
        published_precision=dated.precision if dated else "minute",
        published_from="listing" if dated else "first-seen",
        image=first_picture(entry, url),
        teaser=True,
    ).told_by("listing")


def _dates(entry: Element, now: datetime, markup: ListMarkup) -> Iterator[ParsedDate]:
    for element in select(entry, markup.date):
        for stated in (element.get("datetime"), line_of(element)):
            if stated and (dated := parse_date(stated, now)):
                yield dated


def _onward(document: Element, url: str, markup: ListMarkup) -> str:
    link = first(document, markup.onward)
    if link is not None:
        return absolute(link.get("href") or "", url)
    return _numbered_onward(document, url)


_NUMBER = re.compile(r"\d{1,4}")


def _numbered_onward(document: Element, url: str) -> str:
    """The link behind the number after the current one, in paging without a "next"."""
    current = first(document, (".nav-links .current", ".pagination .current", "[aria-current=page]"))
    if current is None or not _NUMBER.fullmatch(line_of(current)):
        return ""
    wanted = str(int(line_of(current)) + 1)
    for link in select(document, (".nav-links a", ".pagination a")):
        if line_of(link) == wanted:
            return absolute(link.get("href") or "", url)
    return ""
