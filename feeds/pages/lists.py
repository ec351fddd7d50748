"""Pages that list news: one for each channel, one for each day, and one that lists the days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from feeds.channels import Channel, page_path
from feeds.entries import Entry, Feed
from feeds.pages import structured
from feeds.pages.layout import DAYS, SUBSCRIBE, Masthead, Page, by_day, day_path, render
from feeds.pages.swedish import day_name, month_name

LISTED = 100
"""Entries on the page of a channel; older ones are found by their day."""
MOST = 500
"""Entries on the page of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The days before and after one that there are pages for."""

    earlier: date | None = None
    later: date | None = None


def channel_page(masthead: Masthead, channel: Channel, feed: Feed) -> bytes:
    """The latest of a channel."""
    path = page_path(channel)
    page = Page(
        path=path,
        title=feed.title,
        description=feed.description,
        channels=(channel,),
        structured=structured.collection(masthead, path, feed.title, feed.description),
    )
    return render(
        "channel.html",
        masthead,
        page,
        channel=channel,
        feed=feed,
        days=by_day(feed.entries[:LISTED]),
        days_path=DAYS,
        subscribe_path=SUBSCRIBE,
    )


def day_page(masthead: Masthead, day: date, entries: Sequence[Entry], beside: Neighbours) -> bytes:
    """All that was published on a day, newest first."""
    path, title = day_path(day), day_name(day)
    description = f"Allt som {masthead.title} har samlat från {title.lower()}."
    page = Page(
        path=path,
        title=title,
        description=description,
        structured=structured.collection(masthead, path, title, description),
    )
    return render(
        "day.html",
        masthead,
        page,
        day=day,
        entries=entries[:MOST],
        left_out=len(entries[MOST:]),
        beside=beside,
        days_path=DAYS,
    )


def days_page(masthead: Masthead, days: Iterable[date]) -> bytes:
    """Every day that there is a page for, newest first, by month."""
    title, description = "Dag för dag", f"Alla dagar som {masthead.title} har nyheter från."
    page = Page(
        path=DAYS,
        title=title,
        description=description,
        structured=structured.collection(masthead, DAYS, title, description),
    )
    months = [(month, list(group)) for month, group in groupby(days, month_name)]
    return render("days.html", masthead, page, months=months)
