"""The front page: the latest news by day, the map of the county, topics, sources, and how to subscribe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feeds.channels import Channel
from feeds.entries import Feed
from feeds.pages import structured
from feeds.pages.layout import FRONT, SUBSCRIBE, Masthead, Page, by_day, render
from feeds.pages.swedish import swedish_key
from feeds.pages.tilemap import TileMap

FRONT_PAGE = 100
"""Entries on the front page."""


@dataclass(frozen=True, slots=True)
class Group:
    """Channels that are listed under one heading."""

    title: str
    channels: tuple[Channel, ...]


def front(masthead: Masthead, feed: Feed, shown: Iterable[Channel], tiles: TileMap | None) -> bytes:
    """The front page for the combined feed; `shown` are all the channels that there are."""
    channels = list(shown)
    sources = sorted((one for one in channels if one.source), key=lambda one: swedish_key(one.title))
    page = Page(
        path=FRONT,
        title=masthead.title,
        description=masthead.description,
        channels=(masthead.combined, *sources),
        structured=structured.website(masthead),
    )
    return render(
        "index.html",
        masthead,
        page,
        feed=feed,
        days=by_day(feed.entries[:FRONT_PAGE]),
        tiles=tiles,
        sources=sources,
        groups=groups(channel for channel in channels if not channel.source and channel.group != "Kommuner"),
        subscribe_path=SUBSCRIBE,
    )


def groups(channels: Iterable[Channel]) -> list[Group]:
    """The channels under their headings, in the order in which these first appear."""
    found: dict[str, list[Channel]] = {}
    for channel in channels:
        if channel.group:
            found.setdefault(channel.group, []).append(channel)
    return [Group(title, tuple(listed)) for title, listed in found.items()]
