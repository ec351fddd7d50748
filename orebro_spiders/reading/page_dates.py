"""When a page's article was published: what it states about itself, then what stands beside its headline.

Nothing outside the article's own scope is taken for it: the dates of a sidebar belong to other articles, and one in
the masthead is the day of the visit. Where nobody says it, there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, islice

from orebro_spiders.items import DateOrigin
from orebro_spiders.reading.dates import ParsedDate, finer, parse_date
from orebro_spiders.reading.metadata import Metadata
from orebro_spiders.reading.selecting import line_of, select
from orebro_spiders.reading.trees import Element, is_small
from orebro_spiders.reading.zones import STOCKHOLM

Dated = tuple[ParsedDate, DateOrigin]

_A_DAY = timedelta(days=1)
_OWN_TEXTS = 2


def published_date(
    document: Element, metadata: Metadata, url: str, now: datetime, known: tuple[str, ...] | None = None
) -> tuple[ParsedDate | None, DateOrigin]:
    """The article's own date and where it stands, by the first way that gives one; `now` is aware.

    `known` are the selectors of a site's date; without them it is looked for. A date after `now` is none. Where the
    first way tells the day alone, another that the page or its source's selectors state to the minute is better.
    """
    certain = chain(_stated(metadata.published, now), _selected(document, known or (), now))
    others = _looked_for(document, metadata, url, now) if known is None else ()
    first = next((way for way in chain(certain, others) if way[0].instant - now < _A_DAY), None)
    if first is None or first[0].precision == "minute":
        return first or (None, "first-seen")
    return next((way for way in certain if finer(first[0], way[:1]) is way[0]), first)


def _looked_for(document: Element, metadata: Metadata, url: str, now: datetime) -> Iterator[Dated]:
    from orebro_spiders.reading.shown_dates import day_in_address, only_stated, shown_date

    in_url = day_in_address(url)
    shown = shown_date(document, (metadata.title, metadata.shared_title), now, in_url)
    if shown and (in_url is None or abs(shown[0].instant.date() - in_url) <= _A_DAY):
        yield shown
    if in_url:
        yield ParsedDate(datetime(in_url.year, in_url.month, in_url.day, tzinfo=STOCKHOLM), "day"), "url"
    yield from only_stated(document, now)
    yield from _stated(metadata.perhaps_published, now)
    yield from _after_title(metadata.shared_title, now)


def _stated(said: tuple[tuple[str, DateOrigin], ...], now: datetime) -> Iterator[Dated]:
    for text, origin in said:
        if dated := parse_date(text, now):
            yield dated, origin


def _after_title(title: str, now: datetime) -> Iterator[Dated]:
    """A date that a page's title ends with, as a part of its own; one inside a headline is what it tells of."""
    _, parting, last = title.rpartition(" | ")
    if parting and (dated := parse_date(last, now)):
        yield dated, "text"


def _selected(document: Element, selectors: tuple[str, ...], now: datetime) -> Iterator[Dated]:
    for element in filter(is_small, select(document, selectors)):
        readings = (parse_date(text, now) for text in _texts(element))
        if dated := next(filter(None, islice(readings, _OWN_TEXTS)), None):
            yield finer(dated, readings), "time" if element.tag == "time" else "text"


def _texts(element: Element) -> Iterator[str]:
    """What may be the date of an element: two texts of its own, then those inside, which only tell its minute."""
    yield element.get("datetime") or ""
    yield line_of(element)
    yield from (inner.get("datetime") or "" for inner in element.iterdescendants("time"))
