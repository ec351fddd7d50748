"""The front page: the latest news by day, the feeds of every source, and how to subscribe.

It works without scripts, asks no other host for anything, and states no building time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feeds.channels import FORMATS, Channel
from feeds.entries import KIND_NAMES, LANGUAGE, Entry, Feed

FRONT_PAGE = 100
"""Entries on the front page."""

_TEMPLATES = Path(__file__).with_name("templates")
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day, newest first."""

    date: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A channel as the page lists it, with the newsroom's own page if it is the channel of one source."""

    channel: Channel
    page: str = ""


def index(feed: Feed, listings: Iterable[Listing], opml_path: str) -> bytes:
    """The front page for the combined feed; the first of the listings is its own."""
    combined, *sources = listings
    shown = feed.entries[:FRONT_PAGE]
    page = (
        _environment()
        .get_template("index.html")
        .render(
            feed=feed,
            combined=combined,
            sources=sorted(sources, key=lambda listing: swedish_key(listing.channel.title)),
            days=days(shown),
            formats=FORMATS,
            opml_path=opml_path,
            language=LANGUAGE,
        )
    )
    return page.encode()


def days(entries: Iterable[Entry]) -> list[Day]:
    """The entries by the day in Örebro that they were published on."""
    return [Day(day, tuple(group)) for day, group in groupby(entries, lambda entry: local(entry.published).date())]


def local(instant: datetime) -> datetime:
    """The instant as clocks in Örebro show it."""
    return instant.astimezone(_STOCKHOLM)


def day_name(day: date) -> str:
    """A day as a heading.

    >>> day_name(date(2026, 11, 21))
    'Lördag 21 november 2026'
    """
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}".capitalize()


def clock(instant: datetime) -> str:
    """The time of day in Örebro, as Swedish newspapers write it.

    >>> from datetime import UTC
    >>> clock(datetime(2026, 11, 21, 17, 5, tzinfo=UTC))
    '18.05'
    """
    return f"{local(instant):%H.%M}"


def moment(instant: datetime) -> str:
    r"""Day and time within a sentence.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 21, 17, 5, tzinfo=UTC))
    'lördag 21 november 2026 kl.\xa018.05'
    """
    return f"{day_name(local(instant).date()).lower()} kl.\xa0{clock(instant)}"


def changed(entry: Entry) -> str:
    """When the entry was changed after it was published, as short as can be; empty when it was not."""
    if entry.updated - entry.published < timedelta(minutes=1):
        return ""
    then = local(entry.updated)
    if then.date() == local(entry.published).date():
        return clock(entry.updated)
    return f"{then.day} {_MONTHS[then.month - 1]} kl.\xa0{clock(entry.updated)}"


def swedish_key(value: str) -> list[int]:
    """Puts titles in the order of the Swedish alphabet, which ends in å, ä, ö.

    >>> sorted(["Örebro", "Ängen", "Askersund", "Åsbro"], key=swedish_key)
    ['Askersund', 'Åsbro', 'Ängen', 'Örebro']
    """
    return ["abcdefghijklmnopqrstuvwxyzåäö".find(letter) for letter in value.casefold() if letter.isalnum()]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"changed": changed, "clock": clock, "day_name": day_name, "moment": moment}
    environment.globals["kind_names"] = KIND_NAMES
    return environment
