"""The front page: the latest news by day, the feeds of every source, and how to subscribe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from feeds.channels import Channel
from feeds.entries import Entry, Feed
from feeds.pages.layout import FRONT, Masthead, Page, render
from feeds.pages.swedish import local, swedish_key

FRONT_PAGE = 100
"""Entries on the front page."""


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


def front(masthead: Masthead, feed: Feed, sources: Iterable[Listing]) -> bytes:
    """The front page for the combined feed."""
    listings = sorted(sources, key=lambda listing: swedish_key(listing.channel.title))
    page = Page(
        path=FRONT,
        title=masthead.title,
        description=masthead.description,
        channels=(masthead.combined, *(listing.channel for listing in listings)),
    )
    return render("index.html", masthead, page, feed=feed, sources=listings, days=days(feed.entries[:FRONT_PAGE]))


def days(entries: Iterable[Entry]) -> list[Day]:
    """The entries by the day in Örebro that they were published on."""
    return [Day(day, tuple(group)) for day, group in groupby(entries, lambda entry: local(entry.published).date())]
